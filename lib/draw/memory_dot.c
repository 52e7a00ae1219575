// SPDX-License-Identifier: MIT
/*
 *   bands of a task ─► a table, a row for each
 */
#include "draw/space.h"

#include <inttypes.h>

static void put_row(const struct space *s, const struct space_band *b,
		    struct out *out)
{
	char size[24], name[WORDS_MAX];

	words_size(size, sizeof(size), b->bytes.present + b->bytes.parent +
		   b->bytes.lazy + b->bytes.zero);
	words_fit(name, space_name(s, b->name), strlen(space_name(s, b->name)),
		  60);
	markup(out, "\t\t<TR><TD ALIGN=\"RIGHT\">%" PRIx64 "</TD><TD "
	       "ALIGN=\"LEFT\" BGCOLOR=\"%s\">", b->start, style_pale(b->hue));
	if (b->name)
		markup_string(out, name);
	else
		markup(out, "%" PRIu64 " mappings", b->mappings);
	markup(out, "</TD><TD ALIGN=\"RIGHT\">%s</TD></TR>\n", size);
}

static void put_task(struct space *s, const struct space_task *t,
		     struct out *out)
{
	struct list bands = { 0 };
	char comm[WORDS_MAX];

	if (!space_bands(s, t->pid, &bands))
		bands.n = 0;
	space_comm(s, t->pid, comm);
	markup(out, "\tt%" PRIu32 " [label=<<TABLE BORDER=\"0\" "
	       "CELLBORDER=\"1\" CELLSPACING=\"0\">\n\t\t<TR><TD "
	       "COLSPAN=\"3\"><B>", t->pid);
	markup_string(out, *comm ? comm : "task");
	markup(out, "</B> pid %" PRIu32 "</TD></TR>\n", t->pid);
	for (size_t i = 0; i < bands.n; i++)
		put_row(s, (struct space_band *)bands.p + i, out);
	markup(out, "\t\t</TABLE>>];\n");
	list_free(&bands);
}

bool draw_memory_dot(struct draw *d)
{
	struct space s;
	bool ok = space_open(&s, d);
	const struct space_task *t = s.tasks.p;

	if (ok)
		markup(d->out, "digraph memory {\n\tnode [shape=plain, "
		       "fontname=\"Courier\"];\n");
	for (size_t i = 0; ok && i < s.tasks.n && i < SPACE_TASKS; i++)
		put_task(&s, &t[i], d->out);
	if (ok)
		markup(d->out, "}\n");
	space_close(&s);
	return ok && !error_is(d->err);
}

// SPDX-License-Identifier: MIT
#include "facts.h"
#include "draw/draw.h"
#include "draw/html.h"
#include "draw/look.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct drawing drawings[] = {
	{ "tree", "processes, threads and namespaces",
	  draw_tree, draw_tree_dot, NULL },
	{ "memory", "where the bytes are; address spaces",
	  draw_memory, draw_memory_dot, NULL },
	{ "files", "what each task has open, and what tasks share",
	  draw_files, draw_files_dot, NULL },
	{ "sockets", "who is connected to whom: pipes, sockets",
	  draw_sockets, draw_sockets_dot, NULL },
	{ "report", "all of it on one page of HTML",
	  NULL, NULL, draw_report },
};
const size_t n_drawings = sizeof(drawings) / sizeof(*drawings);

const struct drawing *drawing_find(const char *name)
{
	for (size_t i = 0; i < n_drawings; i++)
		if (!strcmp(name, drawings[i].name))
			return &drawings[i];
	return NULL;
}

/* As a document, or the only thing on a page. */
static bool put_picture(struct draw *d, const struct drawing *what, bool page)
{
	char title[WORDS_MAX], name[WORDS_MAX];
	struct picture p;
	bool ok;

	picture_init(&p, d->err);
	ok = what->picture(d, &p);
	words_fit(name, d->name, strlen(d->name), 300);
	snprintf(title, sizeof(title), "%s of %.400s", what->name, name);
	if (ok && page)
		html_begin(d->out, title);
	if (ok)
		picture_svg(&p, d->out, title, !page);
	if (ok && page)
		html_end(d->out);
	picture_free(&p);
	return ok;
}

static void unreported(void *ctx, const struct crit_error *err)
{
	(void)ctx;
	(void)err;
}

/* The drawing reports what is wrong with pstree.img. */
static void report_unknown_pids(const struct draw *d)
{
	struct crit_error err;
	struct draw quiet = *d;
	struct look l;
	bool known;

	error_clear(&err);
	quiet.report = unreported;
	quiet.err = &err;
	known = look_open(&l, &quiet, MODEL_TREE, NULL, 0);
	for (size_t i = 0; known && i < d->n_pids; i++) {
		const struct model_task *t = model_task(&l.model, d->pids[i]);

		if (t && t->listed)
			continue;
		error_set(&err, CRIT_EDATA, "no task %" PRIu32, d->pids[i]);
		d->report(d->ctx, &err);
		error_clear(&err);
	}
	look_close(&l);
}

/* Without it there is nothing to draw: no page that looks whole. It may be
 * behind damage, which has been reported. */
static bool has_tree(const struct draw *d)
{
	return !store_absent(d->store, IMAGE_PSTREE) ||
	       (!error_is(&d->store->damage) &&
		error_set(d->err, CRIT_EDATA, "there is no pstree.img: is this a "
			  "checkpoint? Of a pre-dump nothing can be drawn"));
}

bool draw(struct draw *d, const struct drawing *what, enum draw_format format)
{
	if (!has_tree(d))
		return false;
	if (d->n_pids)
		report_unknown_pids(d);
	if (format == DRAW_DOT && what->dot)
		return what->dot(d);
	if (format == DRAW_HTML && what->page)
		return what->page(d);
	if (format != DRAW_DOT && what->picture)
		return put_picture(d, what, format == DRAW_HTML);
	return error_set(d->err, CRIT_EUSAGE, "%s cannot be written as %s",
			 what->name, format == DRAW_DOT ? "dot" : "svg");
}

// SPDX-License-Identifier: MIT
/*
 *   what two tasks hold ─► an edge between them; else ─► a node for it
 */
#include "draw/holders.h"

#include <inttypes.h>

static void put_label(const struct holders *h, const struct thing *t,
		      struct out *out)
{
	markup_quoted(out, holders_words(h, t->kind));
	markup(out, " ");
	markup_quoted(out, holders_words(h, t->label));
}

static bool joins_two(const struct holders *h, const struct thing *t)
{
	return h->connections && t->users == 2 && t->count == 1;
}

static void put_nodes(const struct holders *h, struct out *out)
{
	char name[WORDS_MAX];

	for (uint32_t i = 0; i < h->holders.n; i++) {
		if (holders_holder(h, i)->to != i)
			continue;
		holders_name(h, i, name);
		markup(out, "\tt%" PRIu32 " [shape=box, label=\"", i);
		markup_quoted(out, name);
		markup(out, "\"];\n");
	}
	for (uint32_t i = 0; i < h->things.n; i++) {
		const struct thing *t = holders_thing(h, i);

		if (t->to != i || !t->users || joins_two(h, t))
			continue;
		markup(out, "\tx%" PRIu32 " [shape=note, style=filled, "
		       "fillcolor=\"%s\", label=\"", i, style_pale(t->hue));
		put_label(h, t, out);
		markup(out, "\"];\n");
	}
}

/* The other holder of a thing that two have, if it comes later. */
static uint32_t other(const struct holders *h, size_t i)
{
	const struct edge *e = h->edges.p;

	for (size_t k = i + 1; k < h->edges.n; k++)
		if (e[k].thing == e[i].thing && e[k].holder != e[i].holder)
			return e[k].holder;
	return UINT32_MAX;
}

/* From the task to it, or back. */
static const char *direction(const struct thing *t, uint32_t side)
{
	return !t->flows ? "" : side ? ", dir=back" : ", dir=forward";
}

static void put_edge(const struct holders *h, size_t i, const char *fds,
		     struct out *out)
{
	const struct edge *e = (const struct edge *)h->edges.p + i;
	const struct thing *t = holders_thing(h, e->thing);
	uint32_t to = joins_two(h, t) ? other(h, i) : 0;

	if (!joins_two(h, t)) {
		markup(out, "\tt%" PRIu32 " -- x%" PRIu32 " [label=\"%s\"%s];\n",
		       e->holder, e->thing, fds, direction(t, e->side));
	} else if (to != UINT32_MAX) {
		markup(out, "\tt%" PRIu32 " -- t%" PRIu32 " [%slabel=\"",
		       e->holder, to, !t->flows ? "" : e->side ? "dir=back, " :
		       "dir=forward, ");
		put_label(h, t, out);
		markup(out, "\"];\n");
	}
}

static bool put(struct draw *d, bool connections)
{
	struct holders h;
	bool ok = holders_open(&h, d, connections);
	char fds[64];

	if (ok) {
		markup(d->out, "graph %s {\n\trankdir=LR;\n\tnode [fontname="
		       "\"Helvetica\"];\n", connections ? "sockets" : "files");
		put_nodes(&h, d->out);
		for (size_t i = 0, next; i < h.edges.n; i = next) {
			next = holders_fds(&h, i, fds, sizeof(fds));
			put_edge(&h, i, fds, d->out);
		}
		markup(d->out, "}\n");
	}
	holders_close(&h);
	return ok && !error_is(d->err);
}

bool draw_files_dot(struct draw *d)
{
	return put(d, false);
}

bool draw_sockets_dot(struct draw *d)
{
	return put(d, true);
}

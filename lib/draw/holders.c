// SPDX-License-Identifier: MIT
/*
 *   tasks ─► descriptors ─► edges to things
 */
#include "draw/holders.h"

#include <inttypes.h>
#include <stdio.h>

size_t holders_keep(struct holders *h, const char *text)
{
	size_t n = strlen(text) + 1;
	char *to = list_more(&h->words, 1, n, h->draw->err);

	if (!to)
		return 0;
	memcpy(to, text, n);
	return h->words.n - n + 1;
}

static uint64_t mix(uint64_t hash, uint64_t v)
{
	hash = (hash ^ v) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 29;
}

static void add_edges(struct holders *h, const struct model_task *t,
		      struct holder *to)
{
	struct view *v = &h->look.view;
	const struct model_table *table = view_table(v, t);
	const struct model_fd *fds = h->look.model.fds.p;
	uint32_t holder = to->to;

	for (uint32_t i = 0; table && i < table->n_fds; i++) {
		const struct model_fd *fd = &fds[table->fds + i];
		uint32_t side = 0, thing = holders_find(h, t, fd, &side);
		struct edge *e = thing == UINT32_MAX ? NULL :
			list_more(&h->edges, sizeof(*e), 1, h->draw->err);

		if (!e)
			continue;
		*e = (struct edge){ holder, thing, side, fd->fd };
		to->n_edges++;
		to->hash = mix(mix(to->hash, thing), fd->fd);
	}
}

static void add_holder(struct holders *h, const struct model_task *t)
{
	struct holder *to = list_more(&h->holders, sizeof(*to), 1, h->draw->err);

	if (!to)
		return;
	*to = (struct holder){
		.task = t, .count = 1, .to = (uint32_t)h->holders.n - 1,
		.edges = (uint32_t)h->edges.n,
	};
	add_edges(h, t, to);
	if (!to->n_edges && h->connections)
		h->holders.n--;
}

bool holders_open(struct holders *h, struct draw *d, bool connections)
{
	*h = (struct holders){ .draw = d, .connections = connections };
	if (!look_open(&h->look, d, EXPLORE_TASKS | MODEL_IDS | MODEL_FDINFO |
		       MODEL_NAMES | MODEL_SOCKETS | MODEL_SOCKET_DATA |
		       MODEL_FACTS, NULL, 0))
		return false;
	for (size_t i = 0; i < model_count(&h->look.model); i++) {
		const struct model_task *t = model_nth(&h->look.model, i);

		if (view_alive(t) && look_wanted(d, t->pid))
			add_holder(h, t);
	}
	holders_join(h);
	return !error_is(d->err);
}

void holders_close(struct holders *h)
{
	list_free(&h->holders);
	list_free(&h->things);
	list_free(&h->edges);
	list_free(&h->words);
	look_close(&h->look);
}

void holders_name(const struct holders *h, uint32_t i, char to[WORDS_MAX])
{
	const struct holder *k = holders_holder(h, i);
	char name[WORDS_MAX];

	words_fit(name, model_text(&h->look.model, k->task->comm),
		  k->task->comm.len, 20);
	if (k->mixed)
		snprintf(to, WORDS_MAX, "%.200s + %" PRIu32 " tasks", name,
			 k->count - 1);
	else if (k->count > 1)
		snprintf(to, WORDS_MAX, "%.200s \xc3\x97%" PRIu32, name, k->count);
	else
		snprintf(to, WORDS_MAX, "%.200s %" PRIu32, name, k->task->pid);
}

size_t holders_fds(const struct holders *h, size_t i, char *to, size_t size)
{
	const struct edge *e = h->edges.p;
	size_t from = i, at = 0;

	*to = 0;
	for (; i < h->edges.n && e[i].holder == e[from].holder &&
	     e[i].thing == e[from].thing && e[i].side == e[from].side; i++) {
		if (i > from && e[i].fd == e[i - 1].fd)
			continue;
		if (at + 16 < size)
			at += (size_t)snprintf(to + at, size - at, "%s%" PRIu32,
					       at ? ", " : "", e[i].fd);
		else if (at + 4 < size && to[at - 1] != '.')
			at += (size_t)snprintf(to + at, size - at, "..");
	}
	return i;
}

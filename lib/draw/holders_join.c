// SPDX-License-Identifier: MIT
/*
 * What is too much for a picture is joined, step by step:
 *
 *   tasks of one name that hold the same ─► all that hold the same ─►
 *   tasks of one name ─► the rest
 *   things of one kind that one holder has ─► the rest of a kind
 */
#include "base/alloc.h"
#include "codec/fnv.h"
#include "draw/holders.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { KEY_ALIKE = 0x601, KEY_SAME = 0x602, KEY_NAMED = 0x603,
       KEY_PART = 0x604, FEW = 12 };

static uint64_t name_hash(const struct holders *h, const struct holder *k)
{
	struct model_span name = k->task->comm;

	return fnv(name.len, model_text(&h->look.model, name), name.len);
}

static void into(struct holders *h, uint32_t i, uint32_t to)
{
	struct holder *from = holders_holder(h, i), *k = holders_holder(h, to);

	k->count += from->count;
	k->mixed |= from->mixed || name_hash(h, k) != name_hash(h, from);
	from->to = to;
	h->n_holders--;
}

static void join_holders(struct holders *h, uint32_t kind)
{
	for (uint32_t i = 0; i < h->holders.n; i++) {
		struct holder *k = holders_holder(h, i);
		uint64_t key = (kind == KEY_SAME ? 0 : name_hash(h, k)) ^
			(kind == KEY_NAMED ? 0 : k->hash);
		uint32_t at;

		if (k->to != i)
			continue;
		at = model_get(&h->look.model, kind, key);
		if (at)
			into(h, i, at - 1);
		else
			model_put(&h->look.model, kind, key, i + 1);
	}
}

/* Those after so many are part of the last. */
static void limit_holders(struct holders *h)
{
	uint32_t left = 0, last = 0;

	for (uint32_t i = 0; i < h->holders.n; i++) {
		if (holders_holder(h, i)->to != i)
			continue;
		if (left++ < HOLDERS_TASKS)
			last = i;
		else
			into(h, i, last);
	}
}

static int by_edge(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->holder != y->holder)
		return x->holder < y->holder ? -1 : 1;
	if (x->thing != y->thing)
		return x->thing < y->thing ? -1 : 1;
	if (x->side != y->side)
		return x->side < y->side ? -1 : 1;
	return x->fd < y->fd ? -1 : x->fd > y->fd;
}

/* Things that have a task at one end, and another one at the other. */
static void find_between(struct holders *h)
{
	const struct edge *e = h->edges.p;
	uint32_t *first = alloc_zero((h->things.n + 1) * sizeof(*first));

	if (!first) {
		error_set(h->draw->err, CRIT_ENOMEM, "out of memory");
		return;
	}
	/* the first holder at side 0, from 1 */
	for (size_t i = h->edges.n; i--; )
		if (!e[i].side)
			first[e[i].thing] = e[i].holder + 1;
	for (size_t i = 0; i < h->edges.n; i++) {
		struct thing *t = holders_thing(h, e[i].thing);

		if (e[i].side && first[e[i].thing] && t->count == 1 &&
		    first[e[i].thing] != e[i].holder + 1)
			t->between = true;
	}
	alloc_free(first);
}

/* Edges lead to what is left; users of things are counted. */
static void settle(struct holders *h)
{
	struct edge *e = h->edges.p;

	for (size_t i = 0; i < h->edges.n; i++) {
		uint32_t k = e[i].holder, t = e[i].thing;

		while (holders_holder(h, k)->to != k)
			k = holders_holder(h, k)->to;
		while (holders_thing(h, t)->to != t)
			t = holders_thing(h, t)->to;
		e[i].holder = k;
		e[i].thing = t;
	}
	if (h->edges.n)
		qsort(e, h->edges.n, sizeof(*e), by_edge);
	for (size_t i = 0; i < h->things.n; i++) {
		holders_thing(h, i)->users = 0;
		holders_thing(h, i)->between = false;
	}
	find_between(h);
	for (size_t i = 0; i < h->edges.n; i++) {
		struct thing *t = holders_thing(h, e[i].thing);

		if (i && e[i].holder == e[i - 1].holder &&
		    e[i].thing == e[i - 1].thing)
			continue;
		if (!t->users++)
			t->first = e[i].holder;
	}
}

static void thing_into(struct holders *h, uint32_t i, uint32_t to)
{
	struct thing *t = holders_thing(h, to);
	char label[64];

	t->count += holders_thing(h, i)->count;
	holders_thing(h, i)->to = to;
	h->n_things--;
	snprintf(label, sizeof(label), "%" PRIu32 " of these", t->count);
	t->label = holders_keep(h, label);
}

/* single: those of one holder and kind; else of one kind. */
static void join_things(struct holders *h, bool single)
{
	for (uint32_t i = 0; i < h->things.n; i++) {
		struct thing *t = holders_thing(h, i);
		uint64_t key = (uint64_t)t->hue << 32;
		const char *kind = holders_words(h, t->kind);
		uint32_t at;

		if (t->to != i || (single && t->users != 1))
			continue;
		while (*kind)
			key = key * 31 + (uint8_t)*kind++;
		key = key * 2654435761u + (single ? t->first + 1 : 0);
		at = model_get(&h->look.model, KEY_PART + !single, key);
		if (at)
			thing_into(h, i, at - 1);
		else
			model_put(&h->look.model, KEY_PART + !single, key, i + 1);
	}
}

void holders_join(struct holders *h)
{
	h->n_holders = (uint32_t)h->holders.n;
	h->n_things = (uint32_t)h->things.n;
	if (h->n_holders > FEW)
		join_holders(h, KEY_ALIKE);
	if (h->n_holders > FEW)
		join_holders(h, KEY_SAME);
	if (h->n_holders > HOLDERS_TASKS)
		join_holders(h, KEY_NAMED);
	limit_holders(h);
	settle(h);
	if (h->n_things > HOLDERS_THINGS) {
		join_things(h, true);
		settle(h);
	}
	if (h->n_things > HOLDERS_THINGS) {
		join_things(h, false);
		settle(h);
	}
}

// SPDX-License-Identifier: MIT
/*
 *   sights of A, sights of B ─► ids of the same holder ─► tokens
 *   shapes of files ───────────────┘ (which, where there are several)
 */
#include "diff/ids.h"
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

void *list_more(struct list *l, size_t size, struct crit_error *err)
{
	void *more;

	if (l->n == l->cap) {
		size_t cap = l->cap ? l->cap * 2 : 64;

		more = cap > SIZE_MAX / 2 / size ? NULL :
			alloc_more(l->p, cap * size);
		if (!more) {
			error_set(err, CRIT_ENOMEM, "out of memory");
			return NULL;
		}
		l->p = more;
		l->cap = cap;
	}
	more = (char *)l->p + l->n++ * size;
	memset(more, 0, size);
	return more;
}

void list_free(struct list *l)
{
	alloc_free(l->p);
	*l = (struct list){ .p = NULL };
}

void ids_free(struct ids *s)
{
	list_free(&s->known[0]);
	list_free(&s->known[1]);
	ids_shapes_free(s);
}

void sights_free(struct sights *all)
{
	list_free(&all->of[0]);
	list_free(&all->of[1]);
}

bool ids_see(struct ids *s, struct sights *to, int side,
	     const struct sight *at)
{
	struct sight *one;

	if (!at->id)
		return true;
	one = list_more(&to->of[side], sizeof(*one), s->err);
	if (one)
		*one = *at;
	return one;
}

static int order(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int by_label(const struct title *a, const struct title *b)
{
	/* what has no name comes last */
	int d = order(!a->role, !b->role);

	if (!d)
		d = order(a->pid, b->pid);
	if (!d)
		d = order(a->role, b->role);
	return d ? d : order(a->number, b->number);
}

static int by_id(const void *a, const void *b)
{
	const struct id *x = a, *y = b;
	int d = order(x->space, y->space);

	return d ? d : order(x->id, y->id);
}

static struct title label_of(const struct sight *at)
{
	return (struct title){ .role = at->role, .pid = at->pid,
			       .number = at->number };
}

static int by_holder(const void *a, const void *b)
{
	const struct sight *x = a, *y = b;
	int d = order(x->space, y->space);

	if (!d)
		d = order(x->holder, y->holder);
	return d ? d : order(x->id, y->id);
}

static int by_name(const void *a, const void *b)
{
	const struct title x = label_of(a), y = label_of(b);
	int d = by_label(&x, &y);

	return d ? d : by_holder(a, b);
}

/* The first name of each id first. */
static int by_sight(const void *a, const void *b)
{
	const struct sight *x = a, *y = b;
	int d = order(x->space, y->space);

	if (!d)
		d = order(x->id, y->id);
	return d ? d : by_name(a, b);
}

static struct id *find(struct id *all, size_t to, enum space space, uint64_t id)
{
	for (size_t from = 0; from < to; ) {
		size_t mid = from + (to - from) / 2;
		int d = order(all[mid].space, space);

		if (!d)
			d = order(all[mid].id, id);
		if (!d)
			return &all[mid];
		if (d < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return NULL;
}

struct id *ids_find(const struct ids *s, int side, enum space space,
		    uint64_t id)
{
	return find(s->known[side].p, s->known[side].n, space, id);
}

/* Those of the level beside those before it, each once, with its first name. */
static bool merge(struct ids *s, int side, struct list *seen, bool itself)
{
	struct list *k = &s->known[side];
	const struct sight *all = seen->p;
	const size_t before = k->n;
	struct id *one = k->p;

	for (size_t i = 0; i < before; i++)
		one[i].last = false;
	if (seen->n)
		qsort(seen->p, seen->n, sizeof(*all), by_sight);
	for (size_t i = 0; i < seen->n; i++) {
		if ((i && all[i - 1].space == all[i].space &&
		     all[i - 1].id == all[i].id) ||
		    find(k->p, before, all[i].space, all[i].id))
			continue;
		one = list_more(k, sizeof(*one), s->err);
		if (!one)
			return false;
		*one = (struct id){ .id = all[i].id, .space = all[i].space,
				    .label = label_of(&all[i]), .last = true,
				    .itself = itself };
		s->files += one->space == S_FILE;
	}
	if (k->n)
		qsort(k->p, k->n, sizeof(*one), by_id);
	return true;
}

static const struct sight *find_holder(const struct list *l,
				       const struct sight *at)
{
	const struct sight *all = l->p;
	size_t from = 0, to = l->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int d = order(all[mid].space, at->space);

		if (!d)
			d = order(all[mid].holder, at->holder);
		if (d < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from < l->n && all[from].space == at->space &&
	       all[from].holder == at->holder ? &all[from] : NULL;
}

static void pair(struct ids *s, const struct sight *a, const struct sight *b,
		 bool weak, int least)
{
	struct id *x = ids_find(s, 0, a->space, a->id);
	struct id *y = ids_find(s, 1, b->space, b->id);

	if (weak && !x->last && !y->last)
		return;
	x->held = y->held = true;
	if (x->token || y->token || ids_likeness(s, x, y) < least)
		return;
	x->token = y->token = ++s->pairs;
	s->files += x->space == S_FILE;
}

/* Holders that are there several times: each is one of its own. */
static void number(struct list *l)
{
	struct sight *all = l->p;
	uint64_t nth = 0, last = 0;

	if (l->n)
		qsort(all, l->n, sizeof(*all), by_holder);
	for (size_t i = 0; i < l->n; i++) {
		nth = i && all[i].holder == last &&
		      all[i].space == all[i - 1].space ? nth + 1 : 0;
		last = all[i].holder;
		all[i].holder = nth ? mix(last, nth) : last;
	}
}

/* What has its token will never pair again. */
static void drop_paired(struct ids *s, int side, struct list *l)
{
	struct sight *all = l->p;
	size_t to = 0;

	for (size_t i = 0; i < l->n; i++)
		if (!ids_find(s, side, all[i].space, all[i].id)->token)
			all[to++] = all[i];
	l->n = to;
	if (!to)
		list_free(l);
}

bool ids_pair(struct ids *s, struct sights *seen, bool weak, int least)
{
	struct list *a = &seen->of[0], *b = &seen->of[1];
	const struct sight *all, *other;

	if (!merge(s, 0, a, weak) || !merge(s, 1, b, weak))
		return false;
	number(a);
	number(b);
	if (a->n)
		qsort(a->p, a->n, sizeof(struct sight), by_name);
	if (b->n)
		qsort(b->p, b->n, sizeof(struct sight), by_holder);
	all = a->p;
	for (int n = 3; n >= least; n--)
		for (size_t i = 0; i < a->n; i++) {
			other = find_holder(b, &all[i]);
			if (other)
				pair(s, &all[i], other, weak, n);
		}
	drop_paired(s, 0, a);
	drop_paired(s, 1, b);
	return true;
}

uint64_t ids_token(const struct ids *s, int side, enum space space, uint64_t id)
{
	const struct id *x = id ? ids_find(s, side, space, id) : NULL;

	if (!x)
		return mix(1, id);
	if (x->token)
		return mix(2, x->token);
	return mix(mix(3 + (uint64_t)side, space), id);
}

bool ids_alone(const struct id *id)
{
	return id && !id->token && !id->itself;
}

// SPDX-License-Identifier: MIT
/*
 *   image of A ─► units ─┐ sorted     ┌─► in both, not equal ─┐
 *                        ├─ by key ───┤   only in A            ├─► detail.c
 *   image of B ─► units ─┘            └─► only in B           ┘
 */
#include "diff/detail.h"
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

struct sum {
	uint64_t key, content, parent;
	uint32_t ordinal, nth;		/* of those with this key */
	uint8_t section;
	bool keyed;
};

struct comparing {
	struct diff *d;
	struct list sums[2];		/* struct sum */
	struct list differences;	/* struct difference */
	struct list loose[2];		/* uint32_t: ordinals + 1, without a key */
};

static void add(struct walk *w, const struct unit *u)
{
	struct comparing *c = w->ctx;
	struct sum *s = list_more(&c->sums[w->side], sizeof(*s), w->err);

	if (!s)
		return;
	*s = (struct sum){
		.key = u->key, .content = u->content, .parent = u->parent,
		.ordinal = u->ordinal, .section = u->section, .keyed = u->rule,
	};
}

static int by_key(const void *a, const void *b)
{
	const struct sum *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->ordinal < y->ordinal ? -1 : x->ordinal > y->ordinal;
}

static bool read_sums(struct comparing *c, int side, const char *name)
{
	struct walk *w = diff_walk(c->d, side);
	struct sum *all;

	w->unit = add;
	w->ctx = c;
	w->into = &c->sums[side];
	if (!walk_image(w, c->d->store[side], name))
		return false;
	all = c->sums[side].p;
	if (c->sums[side].n)
		qsort(all, c->sums[side].n, sizeof(*all), by_key);
	for (size_t i = 1; i < c->sums[side].n; i++)
		if (all[i].key == all[i - 1].key)
			all[i].nth = all[i - 1].nth + 1;
	return true;
}

static bool has_key(const struct list *l, uint64_t key)
{
	const struct sum *all = l->p;
	size_t from = 0, to = l->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (all[mid].key < key)
			from = mid + 1;
		else
			to = mid;
	}
	return from < l->n && all[from].key == key;
}

static bool differs(struct comparing *c, const struct sum *a,
		    const struct sum *b)
{
	struct difference *x = list_more(&c->differences, sizeof(*x), c->d->err);

	if (x)
		*x = (struct difference){ a ? a->ordinal + 1 : 0,
					  b ? b->ordinal + 1 : 0 };
	return x;
}

/* An entry without a key is put aside; entries of a unit that is gone are not
 * reported. */
static bool lone(struct comparing *c, int side, const struct sum *s)
{
	uint32_t *at;

	if (s->parent && !has_key(&c->sums[!side], s->parent))
		return true;
	if (s->keyed)
		return differs(c, side ? NULL : s, side ? s : NULL);
	at = list_more(&c->loose[side], sizeof(*at), c->d->err);
	if (at)
		*at = s->ordinal + 1;
	return at;
}

static int order(const struct sum *a, const struct sum *b)
{
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->nth < b->nth ? -1 : a->nth > b->nth;
}

/* *differ: bits of the sections in which something does. */
static bool compare(struct comparing *c, enum section section,
		    unsigned *differ)
{
	const struct sum *a = c->sums[0].p, *b = c->sums[1].p;
	const struct sum *end_a = list_end(&c->sums[0], sizeof(*a));
	const struct sum *end_b = list_end(&c->sums[1], sizeof(*b));
	bool ok = true;

	while (ok && (a < end_a || b < end_b)) {
		int way = a == end_a ? 1 : b == end_b ? -1 : order(a, b);

		if (way || a->content != b->content)
			*differ |= 1u << (way > 0 ? b : a)->section;
		if (way < 0)
			ok = a->section != section || lone(c, 0, a);
		else if (way > 0)
			ok = b->section != section || lone(c, 1, b);
		else if (a->content != b->content && a->section == section)
			ok = differs(c, a, b);
		a += way <= 0;
		b += way >= 0;
	}
	return ok;
}

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Entries without keys that only one has: the first of A was changed into the
 * first of B, and so on. */
static bool pair_loose(struct comparing *c)
{
	uint32_t *a = c->loose[0].p, *b = c->loose[1].p;
	size_t n = c->loose[0].n, m = c->loose[1].n;
	struct difference *x;

	if (n)
		qsort(a, n, sizeof(*a), by_number);
	if (m)
		qsort(b, m, sizeof(*b), by_number);
	for (size_t i = 0; i < n || i < m; i++) {
		x = list_more(&c->differences, sizeof(*x), c->d->err);
		if (!x)
			return false;
		*x = (struct difference){ i < n ? a[i] : 0, i < m ? b[i] : 0 };
	}
	return true;
}

static int by_ordinal(const void *a, const void *b)
{
	const struct difference *x = a, *y = b;

	if (!x->a != !y->a)
		return x->a ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b;
}

static bool show(struct comparing *c, const struct diff_image *a,
		 const struct diff_image *b)
{
	struct difference *all = c->differences.p;
	size_t n = c->differences.n;
	struct detail *t;
	bool ok = true;

	if (!n)
		return true;
	qsort(all, n, sizeof(*all), by_ordinal);
	t = alloc_zero(sizeof(*t));
	if (!t)
		return error_set(c->d->err, CRIT_ENOMEM, "out of memory");
	t->d = c->d;
	t->image[0] = a;
	t->image[1] = b;
	for (size_t i = 0; ok && i < n; i += DETAIL_UNITS)
		ok = detail_show(t, all + i, n - i < DETAIL_UNITS ? n - i :
				 DETAIL_UNITS);
	list_free(&t->leaves[0]);
	list_free(&t->leaves[1]);
	list_free(&t->text);
	alloc_free(t);
	return ok;
}

bool diff_units(struct diff *d, struct diff_image *a,
		const struct diff_image *b, enum section section)
{
	struct comparing c = { .d = d };
	unsigned differ = 0;
	bool ok = read_sums(&c, 0, a->name) && read_sums(&c, 1, b->name) &&
		  compare(&c, section, &differ) && pair_loose(&c) &&
		  show(&c, a, b);

	if (ok)
		a->same = ~differ;
	for (int side = 0; side < 2; side++) {
		list_free(&c.sums[side]);
		list_free(&c.loose[side]);
	}
	list_free(&c.differences);
	return ok || diff_trouble(d);
}

// SPDX-License-Identifier: MIT
/*
 *   leaves of A, leaves of B that differ ─► lines, unit by unit
 */
#include "diff/print.h"

#include <stdlib.h>

static bool is_number(const struct kept *k)
{
	return k->list && k->field && kind_is_number(k->field->kind);
}

/* So many numbers of one list, that many are told as one. */
static size_t count_list(const struct kept *k, const struct kept *end)
{
	size_t n = 0;

	for (const struct kept *x = k; x < end && is_number(x) &&
	     x->unit == k->unit && x->list_path == k->list_path; x++)
		n += !x->same;
	return n;
}

/* What B has in its place. */
static const struct kept *of_b(const struct detail *t, const struct kept *a)
{
	const struct kept key = { .unit = a->unit, .seq = a->seq_b };

	return a->seq_b ? bsearch(&key, t->leaves[1].p, t->leaves[1].n,
				  sizeof(key), detail_by_seq) : NULL;
}

static void print_sides(struct detail *t, size_t unit, const struct kept **at,
			const struct kept *end)
{
	enum { MANY = 4 };
	const struct kept *k = *at;
	size_t n;

	for (; k < end && k->unit == unit; k++) {
		const struct kept *b = k->same ? NULL : of_b(t, k);

		if (k->same)
			continue;
		n = t->d->records ? 0 : count_list(k, end);
		if (n > MANY) {
			uint64_t list = k->list_path;

			print_list(t, &t->units[unit], k, b, n);
			while (k + 1 < end && k[1].unit == unit &&
			       k[1].list_path == list)
				k++;
			continue;
		}
		print_leaf(t, &t->units[unit], k, b);
	}
	*at = k;
}

static void print_new(struct detail *t, size_t unit, const struct kept **at,
		      const struct kept *end)
{
	const struct kept *k = *at;

	for (; k < end && k->unit == unit; k++)
		if (!k->other)
			print_leaf(t, &t->units[unit], NULL, k);
	*at = k;
}

void detail_print(struct detail *t)
{
	const struct kept *a = t->leaves[0].p, *b = t->leaves[1].p;
	const struct kept *end_a = list_end(&t->leaves[0], sizeof(*a));
	const struct kept *end_b = list_end(&t->leaves[1], sizeof(*b));

	for (size_t i = 0; i < t->n; i++) {
		const struct shown *s = &t->units[i];

		if (s->change == CHANGED) {
			print_sides(t, i, &a, end_a);
			print_new(t, i, &b, end_b);
			if (s->more)
				print_more(t, s);
			continue;
		}
		if (!s->hidden && s->known)
			print_unit(t, s, s->change == GONE ? a : b,
				   s->change == GONE ? end_a : end_b);
		for (; a < end_a && a->unit == i; a++)
			;
		for (; b < end_b && b->unit == i; b++)
			;
	}
}

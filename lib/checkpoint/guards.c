// SPDX-License-Identifier: MIT
/*
 *   mappings in order ─┐
 *                      ├─► mappings in order, cut at guard ranges
 *   guard ranges ──────┘
 */
#include "checkpoint/guards.h"
#include "base/alloc.h"

#include <stdlib.h>

enum { GUARDS_MAX = 1 << 17 };		/* 2 MiB */

bool guards_add(struct guards *g, const struct vma *a, struct crit_error *err)
{
	struct guard *more;
	size_t cap;

	if (g->n == g->cap) {
		cap = g->cap ? 2 * g->cap : 64;
		if (cap > GUARDS_MAX)
			return error_set(err, CRIT_EDATA, "more than %d guard "
					 "ranges", GUARDS_MAX);
		more = alloc_more(g->ranges, cap * sizeof(*more));
		if (!more)
			return error_set(err, CRIT_ENOMEM, "out of memory");
		g->ranges = more;
		g->cap = cap;
	}
	g->ranges[g->n++] = (struct guard){ a->start, a->end };
	return true;
}

void guards_free(struct guards *g)
{
	alloc_free(g->ranges);
	g->ranges = NULL;
	g->n = g->cap = 0;
}

static int compare(const void *a, const void *b)
{
	const struct guard *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static void put(struct mappings *v, const struct vma *a, uint64_t start,
		uint64_t end)
{
	struct vma piece = *a;

	if (start >= end)
		return;
	piece.start = start;
	piece.end = end;
	if (vma_is_file(a) || vma_is_shared(a))
		piece.pgoff += start - a->start;
	mappings_put(v, &piece);
}

static void put_guard(struct mappings *v, uint64_t start, uint64_t end)
{
	const struct vma guard = { .start = start, .status = VMA_GUARD };

	put(v, &guard, start, end);
}

/* One mapping and the guards that begin below its end; a guard may go on in
 * the next mapping, or lie in none. */
static void cut(struct guards *g, struct mappings *v, const struct vma *a)
{
	uint64_t from = a->start;

	for (; g->at < g->n && g->ranges[g->at].start < a->end; g->at++) {
		struct guard *r = &g->ranges[g->at];
		uint64_t end = r->end < a->end ? r->end : a->end;

		if (r->start < a->start)
			put_guard(v, r->start, end < a->start ? end : a->start);
		if (r->start < from)
			r->start = from;
		if (r->start < end) {
			put(v, a, from, r->start);
			put_guard(v, r->start, end);
			from = end;
		}
		if (r->end > a->end) {
			r->start = a->end;
			break;
		}
	}
	put(v, a, from, a->end);
}

/* Those that overlap others begin where these end. */
static void sort(struct guards *g)
{
	uint64_t end = 0;

	qsort(g->ranges, g->n, sizeof(*g->ranges), compare);
	for (size_t i = 0; i < g->n; i++) {
		if (g->ranges[i].start < end)
			g->ranges[i].start = end;
		if (g->ranges[i].end > end)
			end = g->ranges[i].end;
	}
}

bool guards_cut(struct guards *g, struct mappings *v)
{
	struct mappings whole = *v;

	if (!g->n)
		return true;
	sort(g);
	spool_init(&v->spool, v->err);
	v->n = 0;
	for (uint64_t i = 0; i < whole.n && !error_is(v->err); i++) {
		const struct vma *a = mappings_get(&whole, i);

		if (a)
			cut(g, v, a);
	}
	for (; g->at < g->n; g->at++)
		put_guard(v, g->ranges[g->at].start, g->ranges[g->at].end);
	spool_free(&whole.spool);
	guards_free(g);
	return !error_is(v->err);
}

// SPDX-License-Identifier: MIT
#include "report/same_pages.h"
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

bool same_pages_open(struct same_pages *s, struct crit_error *err)
{
	*s = (struct same_pages){ .err = err };
	spool_init(&s->spool, err);
	s->piece = alloc(SAME_PAGES_PIECE * sizeof(*s->piece));
	return s->piece || error_set(err, CRIT_ENOMEM, "out of memory");
}

void same_pages_close(struct same_pages *s)
{
	if (!s->err)		/* never opened */
		return;
	alloc_free(s->piece);
	spool_free(&s->spool);
	*s = (struct same_pages){ 0 };
}

static int compare(const struct same_page *x, const struct same_page *y)
{
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return (x->row > y->row) - (x->row < y->row);
}

static int by_hash(const void *a, const void *b)
{
	return compare(a, b);
}

static bool put_piece(struct same_pages *s)
{
	size_t n = s->n;

	s->n = 0;
	if (n)
		qsort(s->piece, n, sizeof(*s->piece), by_hash);
	return spool_put(&s->spool, s->piece, n * sizeof(*s->piece));
}

bool same_pages_add(struct same_pages *s, struct same_page page)
{
	s->piece[s->n++] = page;
	return s->n < SAME_PAGES_PIECE || put_piece(s);
}

/* A sorted piece: what is read of it lies in a part of s->piece. */
struct cursor {
	struct same_page *at, *end, *room;
	uint64_t from, to;		/* in the spool */
};

struct merge {
	struct same_pages *s;
	struct cursor *heap;		/* the least page first */
	size_t n, room;			/* pages that one reads at a time */
};

/* False: it is at its end, or *err. */
static bool fill(struct merge *m, struct cursor *c)
{
	uint64_t left = c->to - c->from;
	size_t n = m->room * sizeof(*c->room);

	if (c->at < c->end)
		return true;
	n = left < n ? (size_t)left : n;
	n = spool_read(&m->s->spool, c->from, c->room, n);
	c->from += n;
	c->at = c->room;
	c->end = c->room + n / sizeof(*c->room);
	return c->at < c->end;
}

static void sink(struct merge *m, size_t i)
{
	struct cursor c = m->heap[i];
	size_t k;

	for (; (k = 2 * i + 1) < m->n; i = k) {
		if (k + 1 < m->n && compare(m->heap[k + 1].at, m->heap[k].at) < 0)
			k++;
		if (compare(c.at, m->heap[k].at) <= 0)
			break;
		m->heap[i] = m->heap[k];
	}
	m->heap[i] = c;
}

static bool begin(struct merge *m)
{
	const uint64_t piece = SAME_PAGES_PIECE * sizeof(struct same_page);
	uint64_t size = spool_size(&m->s->spool);
	size_t n = (size_t)((size + piece - 1) / piece);

	m->heap = alloc((n + 1) * sizeof(*m->heap));
	if (!m->heap)
		return error_set(m->s->err, CRIT_ENOMEM, "out of memory");
	m->room = n ? SAME_PAGES_PIECE / n : 0;
	if (n && !m->room)
		return error_set(m->s->err, CRIT_EDATA, "too many pages to compare");
	for (size_t i = 0; i < n; i++) {
		struct cursor *c = &m->heap[m->n];

		c->room = c->at = c->end = m->s->piece + i * m->room;
		c->from = i * piece;
		c->to = size - c->from < piece ? size : c->from + piece;
		m->n += fill(m, c);
	}
	for (size_t i = m->n; i--; )
		sink(m, i);
	return !error_is(m->s->err);
}

static void next(struct merge *m)
{
	m->heap->at++;
	if (!fill(m, m->heap))
		m->heap[0] = m->heap[--m->n];
	if (m->n)
		sink(m, 0);
}

bool same_pages_count(struct same_pages *s,
		      void (*equal)(void *ctx, uint64_t row), void *ctx)
{
	struct merge m = { .s = s };
	struct same_page last = { 0 };
	bool any = false, ok = put_piece(s) && begin(&m);

	for (; ok && m.n; next(&m)) {
		const struct same_page *p = m.heap->at;

		if (any && p->hash == last.hash && p->place != last.place)
			equal(ctx, p->row);
		last = *p;
		any = true;
	}
	alloc_free(m.heap);
	return ok && !error_is(s->err);
}

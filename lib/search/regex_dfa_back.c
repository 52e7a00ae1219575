// SPDX-License-Identifier: MIT
/*
 *   a text, from its end ─► a bit for each place where a match starts
 */
#include "search/regex_dfa_parts.h"

struct back {
	struct dfa *d;
	const struct text *t;
	size_t from, to;
	uint64_t *bits;
	unsigned forgot;		/* how often d had when it began */
};

static void starts_at(const struct back *b, size_t at)
{
	if (at < b->to)
		b->bits[(at - b->from) >> 6] |=
			UINT64_C(1) << ((at - b->from) & 63);
}

/* A cell that is not just a state. */
__attribute__((noinline))
static uint32_t back_cell(const struct back *b, uint32_t row, size_t at)
{
	uint32_t to = dfa_cell(b->d, row, b->d->alphabet->of[b->t->buf[at]]);

	if (to & MATCH)
		starts_at(b, at + 1);
	return to & STATE;
}

static inline uint32_t back_step(const struct back *b, const uint32_t *next,
				 const uint8_t *of, uint32_t row, size_t at)
{
	uint32_t to = next[row + of[b->t->buf[at]]];

	return to < UNKNOWN ? to : back_cell(b, row, at);
}

static uint32_t back_run(const struct back *b, uint32_t row, size_t from,
			 size_t end)
{
	while (end > from)
		row = back_step(b, b->d->next, b->d->alphabet->of, row, --end);
	return row;
}

/*
 * Each table lookup depends on the one before, so a processor waits. Therefore five
 * stretches are read at once, each as if nothing were to its right. The final state
 * of the right one is then run through the left one until both reach the same state,
 * which is usually at once.
 *
 *	|<- lane 4 -|<- lane 3 -|<- lane 2 -|<- lane 1 -|<- lane 0 -|
 *	        ?<--|       ?<--|       ?<--|       ?<--|
 */
enum { LANES = 5, MARK = 64, MARKS = 512 };

struct lanes {
	size_t end, n;			/* bytes of each, a multiple of MARK */
	uint32_t marks[LANES][MARKS];	/* rows, each MARK bytes */
};

static size_t edge(const struct lanes *l, unsigned lane)
{
	return l->end - lane * l->n;
}

static void run_lanes(const struct back *b, struct lanes *l)
{
	const uint32_t *next = b->d->next;
	const uint8_t *of = b->d->alphabet->of;
	uint32_t r[LANES];

	for (unsigned i = 0; i < LANES; i++)
		r[i] = dfa_start(b->d, dfa_side(b->d, symbol_at(b->d, b->t,
							   edge(l, i))));
	for (size_t i = 0; i < l->n / MARK && b->forgot == b->d->forgot; i++) {
		size_t at = l->end - i * MARK, to = at - MARK;

		while (at-- > to) {
			r[0] = back_step(b, next, of, r[0], at);
			r[1] = back_step(b, next, of, r[1], at - l->n);
			r[2] = back_step(b, next, of, r[2], at - 2 * l->n);
			r[3] = back_step(b, next, of, r[3], at - 3 * l->n);
			r[4] = back_step(b, next, of, r[4], at - 4 * l->n);
		}
		for (unsigned k = 0; k < LANES; k++)
			l->marks[k][i] = r[k];
	}
}

/* The row at the left end of a lane that begins with row. */
static uint32_t catch_up(const struct back *b, const struct lanes *l,
			 unsigned lane, uint32_t row)
{
	size_t at = edge(l, lane);

	for (size_t i = 0; i < l->n / MARK; i++, at -= MARK) {
		row = back_run(b, row, at - MARK, at);
		if (row == l->marks[lane][i])
			return l->marks[lane][l->n / MARK - 1];
	}
	return row;
}

/* False: the table began anew meanwhile. */
static bool back_lanes(const struct back *b, struct lanes *l, uint32_t *row)
{
	run_lanes(b, l);
	*row = l->marks[0][l->n / MARK - 1];
	for (unsigned i = 1; i < LANES && b->forgot == b->d->forgot; i++)
		*row = catch_up(b, l, i, *row);
	return b->forgot == b->d->forgot;
}

void dfa_starts(struct dfa *d, const struct text *t, size_t from, size_t to,
		size_t end, uint64_t *bits)
{
	struct back b = { d, t, from, to, bits, 0 };
	struct lanes l = { .end = end, .n = (end - from) / LANES / MARK * MARK };
	uint32_t row;

	/* the first states are made before it is noted that none is forgotten */
	for (unsigned i = 0; i <= d->alphabet->n; i++)
		dfa_start(d, dfa_side(d, i));
	b.forgot = d->forgot;
	if (l.n && l.n <= MARK * MARKS && back_lanes(&b, &l, &row)) {
		end = edge(&l, LANES);
	} else {
		row = dfa_start(d, dfa_side(d, symbol_at(d, t, end)));
	}
	row = back_run(&b, row, from, end);
	if (dfa_cell(d, row, symbol_before(d, t, from)) & MATCH)
		starts_at(&b, from);
}

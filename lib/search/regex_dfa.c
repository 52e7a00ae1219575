// SPDX-License-Identifier: MIT
#include "search/regex_dfa.h"
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

enum {
	CELLS = 1 << 17,		/* of the table */
	POOL = 1 << 17,
	STATES_MAX = 1 << 14,
	HASH = 2 * STATES_MAX,
};

/* What a cell says besides the state. */
#define MATCH (UINT32_C(1) << 31)	/* one ends before the byte */
#define DEAD (UINT32_C(1) << 30)	/* none comes any more */
#define UNKNOWN (UINT32_C(1) << 29)
#define STATE (UNKNOWN - 1)

static unsigned split(struct alphabet *y, const struct byte_set *s)
{
	uint16_t to[256][2];
	unsigned n = 0;

	memset(to, 0xff, sizeof(to));
	for (unsigned c = 0; c < 256; c++) {
		uint16_t *t = &to[y->of[c]][set_has(s, c)];

		if (*t == UINT16_MAX) {
			y->some[n] = (uint8_t)c;
			*t = (uint16_t)n++;
		}
		y->of[c] = (uint8_t)*t;
	}
	return n;
}

void alphabet_init(struct alphabet *y, const struct tree *t)
{
	struct byte_set line = { { 0 } }, word = { { 0 } };

	memset(y, 0, sizeof(*y));
	y->n = 1;
	y->sides = t->asserts;
	for (unsigned i = 0; i < t->n_sets; i++)
		y->n = split(y, &t->sets[i]);
	if (!t->asserts)
		return;
	set_put(&line, '\n');
	for (unsigned c = 0; c < 256; c++)
		if (is_word(c))
			set_put(&word, c);
	split(y, &line);
	y->n = split(y, &word);
}

static unsigned side_of(const struct dfa *d, unsigned symbol)
{
	unsigned c;

	if (!d->alphabet->sides)
		return 0;
	if (symbol == d->alphabet->n)
		return SIDE_LINE | SIDE_TEXT;
	c = d->alphabet->some[symbol];
	return c == '\n' ? SIDE_LINE : is_word(c) ? SIDE_WORD : 0;
}

static void forget(struct dfa *d)
{
	d->forgot++;
	d->n = 0;
	d->n_pool = 0;
	memset(d->hash, 0, HASH * sizeof(*d->hash));
	for (int i = 0; i < SIDES; i++)
		d->start[i] = UNKNOWN;
}

bool dfa_open(struct dfa *d, const struct tree *t, const struct alphabet *y,
	      bool backwards, struct crit_error *err)
{
	memset(d, 0, sizeof(*d));
	d->tree = t;
	d->alphabet = y;
	if (!program_open(&d->program, t, backwards, err))
		return false;
	d->stride = y->n + 1;
	d->cap = CELLS / d->stride < STATES_MAX ? CELLS / d->stride : STATES_MAX;
	d->next = alloc(CELLS * sizeof(*d->next));
	d->states = alloc(d->cap * sizeof(*d->states));
	d->pool = alloc(POOL * sizeof(*d->pool));
	d->hash = alloc(HASH * sizeof(*d->hash));
	d->list = alloc(d->program.n * sizeof(*d->list));
	d->other = alloc(d->program.n * sizeof(*d->other));
	d->stack = alloc((2 * d->program.n + 2) * sizeof(*d->stack));
	d->met = alloc_zero(d->program.n * sizeof(*d->met));
	if (!d->next || !d->states || !d->pool || !d->hash || !d->list ||
	    !d->other || !d->stack || !d->met)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	forget(d);
	return true;
}

void dfa_close(struct dfa *d)
{
	program_close(&d->program);
	alloc_free(d->next);
	alloc_free(d->states);
	alloc_free(d->pool);
	alloc_free(d->hash);
	alloc_free(d->list);
	alloc_free(d->other);
	alloc_free(d->stack);
	alloc_free(d->met);
	memset(d, 0, sizeof(*d));
}

static bool holds(enum assertion what, unsigned left, unsigned right)
{
	bool edge = (left ^ right) & SIDE_WORD;

	switch (what) {
	case LINE_START:
		return left & SIDE_LINE;
	case LINE_END:
		return right & SIDE_LINE;
	case WORD_START:
		return edge && right & SIDE_WORD;
	case WORD_END:
		return edge && left & SIDE_WORD;
	case WORD_EDGE:
		return edge;
	case NO_WORD_EDGE:
		return !edge;
	case TEXT_START:
		return left & SIDE_TEXT;
	case TEXT_END:
		return right & SIDE_TEXT;
	}
	return false;
}

/* What is at a place: nothing yet of the byte after it, or all. */
struct place {
	bool known;
	unsigned left, right;
};

static void begin_list(struct dfa *d)
{
	d->n_list = 0;
	if (!++d->turn) {
		memset(d->met, 0, d->program.n * sizeof(*d->met));
		d->turn = 1;
	}
}

/* Adds an instruction to the list, or those that it leads to without a byte.
 * Assertions wait in it until the place is known. */
static void add(struct dfa *d, uint16_t i, const struct place *at)
{
	unsigned n = 0;

	d->stack[n++] = i;
	while (n) {
		const struct code *c = &d->program.code[i = d->stack[--n]];

		if (d->met[i] == d->turn)
			continue;
		d->met[i] = d->turn;
		if (c->op == CODE_SPLIT) {
			d->stack[n++] = c->b;
			d->stack[n++] = c->a;
		} else if (c->op != CODE_ASSERT || !at->known) {
			d->list[d->n_list++] = i;
		} else if (holds(c->a, at->left, at->right)) {
			d->stack[n++] = c->b;
		}
	}
}

static int compare(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static uint32_t hash_of(const uint16_t *list, unsigned n, unsigned side)
{
	uint32_t h = side;

	for (unsigned i = 0; i < n; i++)
		h = (h ^ list[i]) * 0x01000193u + (h >> 15);
	return h ^ h >> 16;
}

/* The state of this list: its row in the table. */
static uint32_t intern(struct dfa *d, unsigned side)
{
	unsigned n = d->n_list, at;
	struct dfa_state *s;

	qsort(d->list, n, sizeof(*d->list), compare);
	at = hash_of(d->list, n, side) % HASH;
	for (; d->hash[at]; at = (at + 1) % HASH) {
		s = &d->states[d->hash[at] - 1];
		if (s->n == n && s->side == side &&
		    !memcmp(d->pool + s->at, d->list, n * sizeof(*d->list)))
			return (uint32_t)(d->hash[at] - 1) * d->stride;
	}
	if (d->n == d->cap || d->n_pool + n > POOL) {
		forget(d);
		at = hash_of(d->list, n, side) % HASH;
	}
	d->states[d->n] = (struct dfa_state){ d->n_pool, (uint16_t)n,
					      (uint16_t)side };
	memcpy(d->pool + d->n_pool, d->list, n * sizeof(*d->list));
	d->n_pool += n;
	for (unsigned i = 0; i < d->stride; i++)
		d->next[d->n * d->stride + i] = UNKNOWN;
	d->hash[at] = (uint16_t)++d->n;
	return (d->n - 1) * d->stride;
}

static uint32_t start(struct dfa *d, unsigned side)
{
	const struct place at = { false, 0, 0 };
	uint32_t row;

	if (d->start[side] != UNKNOWN)
		return d->start[side];
	begin_list(d);
	add(d, (uint16_t)d->program.start, &at);
	row = intern(d, side);
	return d->start[side] = row;
}

static void swap_lists(struct dfa *d)
{
	uint16_t *list = d->list;

	d->list = d->other;
	d->other = list;
}

/* The state's instructions, once the byte on the other side is known: in
 * d->other; how many. */
static unsigned settle(struct dfa *d, const struct dfa_state *s, unsigned side)
{
	bool back = d->program.backwards;
	const struct place at = {
		true, back ? side : s->side, back ? s->side : side,
	};

	begin_list(d);
	for (unsigned i = 0; i < s->n; i++)
		add(d, d->pool[s->at + i], &at);
	swap_lists(d);
	return d->n_list;
}

/* Makes the cell of a row and a symbol; the table may begin anew. */
static uint32_t step(struct dfa *d, uint32_t row, unsigned symbol)
{
	const struct place at = { false, 0, 0 };
	unsigned side = side_of(d, symbol), made = d->n, n;
	uint32_t to, flags = 0;

	n = settle(d, &d->states[row / d->stride], side);
	begin_list(d);
	for (unsigned i = 0; i < n; i++) {
		const struct code *c = &d->program.code[d->other[i]];

		if (c->op == CODE_MATCH)
			flags |= MATCH;
		else if (symbol < d->alphabet->n &&
			 set_has(&d->tree->sets[c->a], d->alphabet->some[symbol]))
			add(d, c->b, &at);
	}
	if (d->program.backwards)
		add(d, (uint16_t)d->program.start, &at);
	if (!d->n_list)
		flags |= DEAD;
	to = intern(d, side) | flags;
	if (d->n >= made)
		d->next[row + symbol] = to;
	return to;
}

static uint32_t cell(struct dfa *d, uint32_t row, unsigned symbol)
{
	uint32_t to = d->next[row + symbol];

	return to == UNKNOWN ? step(d, row, symbol) : to;
}

static unsigned symbol_at(const struct dfa *d, const struct text *t, size_t i)
{
	return i < t->end ? d->alphabet->of[t->buf[i]] : d->alphabet->n;
}

static unsigned symbol_before(const struct dfa *d, const struct text *t,
			      size_t i)
{
	return i ? d->alphabet->of[t->buf[i - 1]] : d->alphabet->n;
}

size_t dfa_longest(struct dfa *d, const struct text *t, size_t from,
		   size_t max, size_t *steps)
{
	size_t end = t->end - from < max ? t->end : from + max, i, last = from;
	uint32_t row = start(d, side_of(d, symbol_before(d, t, from))), to = 0;

	for (i = from; i < end; i++) {
		to = d->next[row + d->alphabet->of[t->buf[i]]];
		if (to >= UNKNOWN) {
			to = cell(d, row, d->alphabet->of[t->buf[i]]);
			if (to & MATCH)
				last = i;
			if (to & DEAD)
				break;
		}
		row = to & STATE;
	}
	*steps += i - from;
	if (i == end && cell(d, row, symbol_at(d, t, end)) & MATCH)
		last = end;
	return last - from;
}

/* Reading backwards. */
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
	uint32_t to = cell(b->d, row, b->d->alphabet->of[b->t->buf[at]]);

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
		r[i] = start(b->d, side_of(b->d, symbol_at(b->d, b->t,
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
		start(d, side_of(d, i));
	b.forgot = d->forgot;
	if (l.n && l.n <= MARK * MARKS && back_lanes(&b, &l, &row)) {
		end = edge(&l, LANES);
	} else {
		row = start(d, side_of(d, symbol_at(d, t, end)));
	}
	row = back_run(&b, row, from, end);
	if (cell(d, row, symbol_before(d, t, from)) & MATCH)
		starts_at(&b, from);
}

/* For what is said of any text, an assertion may hold. */

static void add_any(struct dfa *d, uint16_t i)
{
	const struct place at = { false, 0, 0 };

	add(d, i, &at);
	for (unsigned k = 0; k < d->n_list; k++)
		if (d->program.code[d->list[k]].op == CODE_ASSERT)
			add(d, d->program.code[d->list[k]].b, &at);
}

size_t dfa_places(struct dfa *d, struct byte_set *at, size_t size)
{
	size_t place = 0;

	begin_list(d);
	add_any(d, (uint16_t)d->program.start);
	for (bool match = false; place < size && !match; place++) {
		unsigned n = d->n_list;

		memset(&at[place], 0, sizeof(*at));
		swap_lists(d);
		begin_list(d);
		for (unsigned i = 0; i < n; i++) {
			const struct code *c = &d->program.code[d->other[i]];

			if (c->op != CODE_SET)
				continue;
			for (int w = 0; w < 4; w++)
				at[place].w[w] |= d->tree->sets[c->a].w[w];
			add_any(d, c->b);
		}
		for (unsigned i = 0; i < d->n_list; i++)
			match |= d->program.code[d->list[i]].op == CODE_MATCH;
	}
	return place;
}

/* Whether what comes after a byte holds all that is at the start. */
static bool starts_again(struct dfa *d, unsigned symbol)
{
	const struct place at = { false, 0, 0 };
	unsigned n;

	begin_list(d);
	add(d, (uint16_t)d->program.start, &at);
	n = d->n_list;
	swap_lists(d);
	begin_list(d);
	for (unsigned i = 0; i < n; i++) {
		const struct code *c = &d->program.code[d->other[i]];

		if (c->op == CODE_SET &&
		    set_has(&d->tree->sets[c->a], d->alphabet->some[symbol]))
			add(d, c->b, &at);
	}
	for (unsigned i = 0; i < n; i++)
		if (d->met[d->other[i]] != d->turn)
			return false;
	return true;
}

void dfa_skipped(struct dfa *d, struct byte_set *s)
{
	memset(s, 0, sizeof(*s));
	for (unsigned c = 0; c < 256; c++)
		if (starts_again(d, d->alphabet->of[c]))
			set_put(s, c);
}

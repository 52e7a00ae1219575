// SPDX-License-Identifier: MIT
/*
 * States are made as a text asks for them: lists of instructions of the
 * program, a row of the table each. A table that is full begins anew.
 */
#include "search/regex_dfa_parts.h"
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

enum {
	CELLS = 1 << 17,		/* of the table */
	POOL = 1 << 17,
	STATES_MAX = 1 << 14,
	HASH = 2 * STATES_MAX,
};

unsigned dfa_side(const struct dfa *d, unsigned symbol)
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

void dfa_begin_list(struct dfa *d)
{
	d->n_list = 0;
	if (!++d->turn) {
		memset(d->met, 0, d->program.n * sizeof(*d->met));
		d->turn = 1;
	}
}

void dfa_add(struct dfa *d, uint16_t i, const struct place *at)
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

uint32_t dfa_start(struct dfa *d, unsigned side)
{
	const struct place at = { false, 0, 0 };
	uint32_t row;

	if (d->start[side] != UNKNOWN)
		return d->start[side];
	dfa_begin_list(d);
	dfa_add(d, (uint16_t)d->program.start, &at);
	row = intern(d, side);
	return d->start[side] = row;
}

void dfa_swap_lists(struct dfa *d)
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

	dfa_begin_list(d);
	for (unsigned i = 0; i < s->n; i++)
		dfa_add(d, d->pool[s->at + i], &at);
	dfa_swap_lists(d);
	return d->n_list;
}

uint32_t dfa_step(struct dfa *d, uint32_t row, unsigned symbol)
{
	const struct place at = { false, 0, 0 };
	unsigned side = dfa_side(d, symbol), made = d->n, n;
	uint32_t to, flags = 0;

	n = settle(d, &d->states[row / d->stride], side);
	dfa_begin_list(d);
	for (unsigned i = 0; i < n; i++) {
		const struct code *c = &d->program.code[d->other[i]];

		if (c->op == CODE_MATCH)
			flags |= MATCH;
		else if (symbol < d->alphabet->n &&
			 set_has(&d->tree->sets[c->a], d->alphabet->some[symbol]))
			dfa_add(d, c->b, &at);
	}
	if (d->program.backwards)
		dfa_add(d, (uint16_t)d->program.start, &at);
	if (!d->n_list)
		flags |= DEAD;
	to = intern(d, side) | flags;
	if (d->n >= made)
		d->next[row + symbol] = to;
	return to;
}

size_t dfa_longest(struct dfa *d, const struct text *t, size_t from,
		   size_t max, size_t *steps)
{
	size_t end = t->end - from < max ? t->end : from + max, i, last = from;
	uint32_t row = dfa_start(d, dfa_side(d, symbol_before(d, t, from))), to = 0;

	for (i = from; i < end; i++) {
		to = d->next[row + d->alphabet->of[t->buf[i]]];
		if (to >= UNKNOWN) {
			to = dfa_cell(d, row, d->alphabet->of[t->buf[i]]);
			if (to & MATCH)
				last = i;
			if (to & DEAD)
				break;
		}
		row = to & STATE;
	}
	*steps += i - from;
	if (i == end && dfa_cell(d, row, symbol_at(d, t, end)) & MATCH)
		last = end;
	return last - from;
}

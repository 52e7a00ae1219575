/* SPDX-License-Identifier: MIT
 *
 * Between the parts of the automaton: regex_dfa.c makes states and reads
 * forwards, regex_dfa_back.c reads backwards, regex_dfa_said.c says what holds
 * for any text.
 */
#ifndef CRIT_SEARCH_REGEX_DFA_PARTS_H
#define CRIT_SEARCH_REGEX_DFA_PARTS_H

#include "search/regex_dfa.h"

/* What a cell says besides the state. */
#define MATCH (UINT32_C(1) << 31)	/* one ends before the byte */
#define DEAD (UINT32_C(1) << 30)	/* none comes any more */
#define UNKNOWN (UINT32_C(1) << 29)
#define STATE (UNKNOWN - 1)

/* What is at a place: nothing yet of the byte after it, or all. */
struct place {
	bool known;
	unsigned left, right;
};

/* A list of instructions begins; the two change places. */
void dfa_begin_list(struct dfa *d);
void dfa_swap_lists(struct dfa *d);

/* Adds an instruction to the list, or those that it leads to without a byte.
 * Assertions wait in it until the place is known. */
void dfa_add(struct dfa *d, uint16_t i, const struct place *at);

/* The row of the state at the start, with this side before it. */
uint32_t dfa_start(struct dfa *d, unsigned side);

/* What is beside a symbol: SIDE_LINE.. */
unsigned dfa_side(const struct dfa *d, unsigned symbol);

/* Makes the cell of a row and a symbol; the table may begin anew. */
uint32_t dfa_step(struct dfa *d, uint32_t row, unsigned symbol);

static inline uint32_t dfa_cell(struct dfa *d, uint32_t row, unsigned symbol)
{
	uint32_t to = d->next[row + symbol];

	return to == UNKNOWN ? dfa_step(d, row, symbol) : to;
}

static inline unsigned symbol_at(const struct dfa *d, const struct text *t, size_t i)
{
	return i < t->end ? d->alphabet->of[t->buf[i]] : d->alphabet->n;
}

static inline unsigned symbol_before(const struct dfa *d, const struct text *t,
				     size_t i)
{
	return i ? d->alphabet->of[t->buf[i - 1]] : d->alphabet->n;
}

#endif

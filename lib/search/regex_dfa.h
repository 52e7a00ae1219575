/* SPDX-License-Identifier: MIT
 *
 * A program run over bytes: a state is a set of its instructions, and the
 * table of states is made while it is needed. The table is bounded; when it
 * is full it begins anew. Time is linear in the bytes, whatever they are.
 *
 *   forwards   from a place: the longest match there
 *   backwards  over a stretch: at which places of it matches start
 *
 * Assertions look at both sides of a place: whether a match ends somewhere is
 * known one byte later.
 */
#ifndef CRIT_SEARCH_REGEX_DFA_H
#define CRIT_SEARCH_REGEX_DFA_H

#include "search/regex_tree.h"

/* Bytes that no set of the expression tells apart are one symbol; the last
 * symbol is the end of the text. */
struct alphabet {
	uint8_t of[256];
	unsigned n;			/* and the end: n + 1 */
	uint8_t some[256];		/* a byte of each */
	bool sides;			/* assertions: sides matter */
};

void alphabet_init(struct alphabet *y, const struct tree *t);

struct dfa_state {
	uint32_t at;			/* instructions: pool[at]... */
	uint16_t n;
	uint16_t side;			/* SIDE_... of the byte before */
};

struct dfa {
	const struct tree *tree;
	const struct alphabet *alphabet;
	struct program program;
	struct crit_error *err;

	uint32_t *next;			/* state * stride + symbol */
	unsigned stride;
	struct dfa_state *states;
	unsigned n, cap;
	uint16_t *pool;
	uint32_t n_pool;
	uint16_t *hash;			/* number + 1 of a state, or 0 */
	unsigned forgot;		/* how often all states were */
	uint32_t start[SIDES];

	/* while a state is made: instructions, and which were met when */
	uint16_t *list, *other, *stack;
	unsigned n_list;
	uint32_t *met, turn;
};

bool dfa_open(struct dfa *d, const struct tree *t, const struct alphabet *y,
	      bool backwards, struct crit_error *err);
void dfa_close(struct dfa *d);

/* The text that is read: buf[0] is its start, or any byte before. */
struct text {
	const uint8_t *buf;
	size_t end;
};

/* The length of the longest match at from, of at most max bytes; 0 none.
 * *steps: bytes that were read. */
size_t dfa_longest(struct dfa *d, const struct text *t, size_t from,
		   size_t max, size_t *steps);

/* Sets bit i where a match starts at from + i, before to, and ends at most
 * at end. */
void dfa_starts(struct dfa *d, const struct text *t, size_t from, size_t to,
		size_t end, uint64_t *bits);

/* The bytes that a match can have at its place n, and of at most size places;
 * returns how many places each match has at least, as far as size. */
size_t dfa_places(struct dfa *d, struct byte_set *at, size_t size);

/* Bytes after which a match can start only where one can start before. */
void dfa_skipped(struct dfa *d, struct byte_set *s);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Where a match may start: some of its places, the rarest, are looked at, in
 * many positions at once. What it lets through is to be checked.
 *
 *   [Pp]ass[0-9]   place 0: P p   place 1: a   place 4: 0-9
 */
#ifndef CRIT_PATTERN_FILTER_H
#define CRIT_PATTERN_FILTER_H

#include "pattern_dfa.h"

enum { FILTER_PLACES = 16, FILTER_TESTS = 4 };

/* The byte at this distance from the start is of a set. */
struct filter_test {
	int place;			/* -1: the byte before */
	uint8_t low[16], high[16];	/* the set: bits by its nibbles */
	bool range, outside;		/* or: from..from + span, or the rest */
	uint8_t from, span;
};

struct filter {
	struct filter_test tests[FILTER_TESTS];
	unsigned n;
	int reach;			/* the largest place */
	uint8_t in[256];		/* bit i: test i lets the byte through */
	double rate;			/* of places that it lets through */
	bool before;			/* there is a test of the byte before */
};

void filter_init(struct filter *f, struct dfa *d);

/* Sets bit i where a match may start at from + i, before to; others are
 * cleared, up to a multiple of 64. Returns how many there are, or about. */
size_t filter_starts(const struct filter *f, const struct text *t, size_t from,
		     size_t to, uint64_t *bits);

#endif

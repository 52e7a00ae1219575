/* SPDX-License-Identifier: MIT
 *
 * Where a match may start: some of its places, the rarest, are looked at, in
 * many positions at once. What it lets through is to be checked.
 *
 *   [Pp]ass[0-9]   place 0: P p   place 1: a   place 4: 0-9
 *
 *   bytes ─► a bit each: is it of the class ─► shifted by the place ─► and
 */
#ifndef CRIT_SEARCH_REGEX_FILTER_H
#define CRIT_SEARCH_REGEX_FILTER_H

#include "search/regex_dfa.h"

enum { FILTER_PLACES = 63, FILTER_CLASSES = 3, FILTER_TESTS = 8 };

/* The byte at this distance from the one before the start is of a class; not:
 * all bits, it is not. */
struct filter_test {
	int shift;
	uint64_t not;
};

struct filter_class {
	struct byte_set set;
	uint8_t low[16], high[16];	/* its bits by the nibbles */
	bool range, outside;		/* or: from..from + span, or the rest */
	uint8_t from, span;
	struct filter_test tests[FILTER_TESTS];
	unsigned n;
};

struct filter {
	struct filter_class classes[FILTER_CLASSES];
	unsigned n_classes, n;		/* n: tests */
	double rate;			/* of places that it lets through */
	bool before;			/* the byte before the start is tested */
};

void filter_init(struct filter *f, struct dfa *d);

/* Sets bit i where a match may start at from + i, before to; others are
 * cleared, up to a multiple of 64. Returns how many there are, or about. */
size_t filter_starts(const struct filter *f, const struct text *t, size_t from,
		     size_t to, uint64_t *bits);

#endif

/* SPDX-License-Identifier: MIT
 *
 * POSIX extended regular expressions over gigabytes of untrusted bytes: time is
 * linear, memory is bounded. Matches are leftmost-longest, as those of regcomp(3)
 * with REG_NEWLINE in the C locale. Also \w \W \d \D \s \S and \n \t \r \f \v
 * \xHH, between [ and ] as well, \b \B \< \> \A \z and (?:...). There is no \1,
 * no lazy *? and no (?i).
 *
 *   bytes ─► filter ─► places ─► forwards ─► matches
 *              └─ too many ─► backwards ─┘
 */
#ifndef CRIT_SEARCH_REGEX_H
#define CRIT_SEARCH_REGEX_H

#include "search/regex_filter.h"

enum {
	REGEX_REACH = 16 << 10,	/* bytes of a match */
	REGEX_BLOCK = 64 << 10,	/* bytes that are looked at in one go */
	REGEX_LITERAL = 64,
};

struct regex {
	struct tree tree;
	struct alphabet alphabet;
	struct dfa forwards, backwards;
	struct filter filter;
	uint8_t literal[REGEX_LITERAL];	/* each match holds it */
	size_t n_literal;
	uint64_t bits[REGEX_BLOCK / 64 + 1];
};

/* False: *err. It is to be closed in any case. */
bool regex_open(struct regex *p, const char *regex, struct crit_error *err);
void regex_close(struct regex *p);

/* Tells of the matches that start from..to, one after another; empty ones are
 * none. Returns the end of the last one, or to. A match of more than
 * REGEX_REACH bytes may not be found. */
size_t regex_scan(struct regex *p, const struct text *t, size_t from,
		    size_t to, void (*found)(void *ctx, size_t at, size_t n),
		    void *ctx);

#endif

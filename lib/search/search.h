/* SPDX-License-Identifier: MIT
 *
 * Finds a string or a POSIX extended regular expression in bytes that come in
 * pieces. A window rolls over them: memory is constant, and matches across
 * pieces are found.
 *
 *   |context|  searched now        | a match's length + context |
 *           ^from            limit ^                        end ^
 */
#ifndef CRIT_SEARCH_SEARCH_H
#define CRIT_SEARCH_SEARCH_H

#include "search/regex.h"

enum {
	SEARCH_WINDOW = 1 << 19,
	SEARCH_WINDOW_LESS = 1 << 18,	/* where there is much context */
	SEARCH_CONTEXT_MAX = 1 << 20,
	SEARCH_STRING_MAX = 64 << 10,
};

struct search_match {
	uint64_t addr;
	const uint8_t *p;		/* the match */
	size_t n;
	size_t before, after;		/* bytes of context around it */
};

/* A string, and which of its bytes is to be looked for first. */
struct search_needle {
	const uint8_t *p;
	size_t n, rare;
};

struct search {
	struct search_needle string;
	struct regex pattern;
	bool has_pattern;
	size_t reach;			/* bytes of a match and after it */
	size_t context;
	void (*found)(void *ctx, const struct search_match *);
	void *ctx;
	struct crit_error *err;

	uint8_t *buf;
	size_t cap, n, from;
	uint64_t addr;			/* of buf[0] */
};

bool search_string(struct search *s, const char *string, size_t n,
		   size_t context, struct crit_error *err);
bool search_regex(struct search *s, const char *regex, size_t context,
		  struct crit_error *err);
void search_close(struct search *s);

/* Bytes at addr come next: where to put up to *n of them. Where addr is not
 * where the last ones ended, those are searched to their end first. */
uint8_t *search_room(struct search *s, uint64_t addr, size_t *n);
void search_got(struct search *s, size_t n);

/* No more come. */
void search_flush(struct search *s);

#endif

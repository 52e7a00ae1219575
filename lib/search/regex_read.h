/* SPDX-License-Identifier: MIT
 *
 * Between regex_tree.c, which reads an expression, and regex_set.c, which reads
 * the sets of bytes in it.
 */
#ifndef CRIT_SEARCH_REGEX_READ_H
#define CRIT_SEARCH_REGEX_READ_H

#include "search/regex_tree.h"

struct reader {
	struct tree *t;
	const char *p;
	unsigned depth;
	struct crit_error *err;
};

/* Sets *err; returns 0. */
uint16_t regex_bad(struct reader *r, const char *what);

/* The same of n characters at p, which other kinds of expressions have. */
uint16_t regex_unsupported(struct reader *r, const char *p, size_t n,
			   const char *why);

/* \w and its like: word bytes, digits, space, and what they are not. */
bool regex_shorthand(struct byte_set *to, char c);

/* The byte that an escape stands for, at r->p after the backslash: a name, a
 * number, or itself where it is no letter. -1 and *err. */
int regex_escape(struct reader *r, const char *where);

/* After [, up to the ] that ends it. False: *err. */
bool regex_bracket(struct reader *r, struct byte_set *s);

#endif

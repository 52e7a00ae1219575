/* SPDX-License-Identifier: MIT
 *
 * Any JSON text, value by value, each with its place as a JSON pointer
 * (RFC 6901):
 *
 *	{"a": [1, {"b/c": "x"}]}  ─►  "/a/0" 1, "/a/1/b~1c" "x"
 *
 * Strings come whole; longer ones are cut. Depth and pointers are bounded.
 */
#ifndef CRIT_JSON_WALK_H
#define CRIT_JSON_WALK_H

#include "base/blob.h"

enum {
	WALK_POINTER_MAX = 1024, WALK_DEPTH_MAX = 64,
	WALK_TEXT_MAX = 64 << 10,	/* bytes of a string */
};

enum walk_kind { WALK_STRING, WALK_NUMBER, WALK_WORD, WALK_OPEN };

struct walk_value {
	const char *pointer;
	enum walk_kind kind;		/* OPEN: an object or a list begins */
	const char *text;		/* with a NUL; words: true, false, null */
	size_t n;
	uint64_t number;		/* WALK_NUMBER, where it is one of 64 bits */
	bool negative;
};

/* Gives each value to f, until f says false. False: *err, with line and
 * column; values before were given. */
bool json_walk(const struct blob *b,
	       bool (*f)(void *ctx, const struct walk_value *), void *ctx,
	       struct crit_error *err);

/* The part of pointer behind prefix; NULL: it has another beginning. In
 * prefix, * stands for one key or number. */
const char *json_under(const char *pointer, const char *prefix);

/* The key that a pointer ends in, its escapes undone. */
void json_last_key(const char *pointer, char *to, size_t size);

#endif

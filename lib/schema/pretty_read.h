/* SPDX-License-Identifier: MIT
 *
 * Text -> numbers: what symbolic.h prints, and what CRIT takes. Each function
 * reads n bytes at s and returns NULL, or what is wrong with them.
 */
#ifndef CRIT_SCHEMA_PRETTY_READ_H
#define CRIT_SCHEMA_PRETTY_READ_H

#include "schema/schema.h"

/* An integer before it has a kind: its size and its sign. */
struct integer {
	uint64_t size;
	bool negative;
};

/* A literal as Python has it: spaces around, sign, 0x, 0o, 0b, single _
 * between digits, no other leading zeros. */
const char *integer_read(const char *s, size_t n, struct integer *i);

/* A JSON number that has a fraction or an exponent, where it is an integer
 * and shows no sign of having been rounded. */
const char *integer_read_float(const char *s, size_t n, struct integer *i);

/* As the value of a number event, where the kind can hold it. */
const char *integer_fit(uint8_t kind, const struct integer *i, uint64_t *value);

/* A string that stands for the value of a number field: a literal, an enum's
 * or dictionary's name, flags, a device. */
const char *pretty_read(const struct field *f, const char *s, size_t n,
			  uint64_t *value);

/* An IPv4 or IPv6 address; *n_words comes out as 1 or 4. */
const char *address_read(const char *s, size_t n, uint32_t words[4],
			 size_t *n_words);

#endif

/* SPDX-License-Identifier: MIT
 *
 * How --pretty shows numbers; pretty_read.h is the way back.
 */
#ifndef CRIT_SCHEMA_PRETTY_H
#define CRIT_SCHEMA_PRETTY_H

#include "schema/schema.h"

enum { SYMBOLIC_MAX = 1024 };	/* bytes of the longest value */

/* Writes value as field f shows it, as JSON (quotes included); hex: an
 * enclosing message field has the hex hint. SHOW_ADDRESS is shown as plain
 * here: it takes a whole list. Returns the byte after it; room for
 * SYMBOLIC_MAX. */
char *pretty_put(char *out, const struct field *f, uint64_t value, bool hex);

/* The name of an enum's or dictionary's value, or NULL. */
const char *pretty_name(const struct symbols *s, uint64_t value);

/* The words of a list that may be an address (SHOW_ADDRESS): one word is IPv4,
 * four are IPv6, and any other number of them is none. Zeros: none yet. */
enum { ADDRESS_WORDS = 4 };

struct address_words {
	uint32_t word[ADDRESS_WORDS];
	unsigned n;		/* of those that are kept */
	bool none;		/* there were more */
};

/* Keeps v. False: there are too many words; those that were kept are written
 * before it, as numbers, and the caller sets n to 0. */
static inline bool address_keep(struct address_words *a, uint64_t v)
{
	a->none |= a->n == ADDRESS_WORDS;
	if (!a->none)
		a->word[a->n++] = (uint32_t)v;
	return !a->none;
}

static inline bool address_fits(size_t n_words)
{
	return n_words == 1 || n_words == ADDRESS_WORDS;
}

static inline bool address_is(const struct address_words *a)
{
	return address_fits(a->n);
}

/* An IPv4 (n == 1) or IPv6 (n == 4) address of little-endian words, in
 * quotes. */
char *pretty_address(char *out, const uint32_t *words, size_t n);

/* A number as its kind has it, without quotes. */
char *pretty_number(char *out, uint8_t kind, uint64_t value);

#endif

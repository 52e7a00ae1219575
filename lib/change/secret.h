/* SPDX-License-Identifier: MIT
 *
 * What a key makes of private values. The same key gives the same for the
 * same value; without the key there is no way back.
 *
 *   word      another word of the same letters' kinds: ab-12 -> qx-70, and no
 *             two words become the same
 *   path      its words, but not those of well-known directories
 *   number    another one of about the same size; zero stays zero
 *   address   another one; those with a common prefix keep one as long
 *   time      all moved by the same amount
 *   bytes     as many others, that do not depend on what was there
 */
#ifndef CRIT_CHANGE_SECRET_H
#define CRIT_CHANGE_SECRET_H

#include "codec/siphash.h"

#include <stdbool.h>

enum {
	SECRET_FILL = 4096,	/* bytes that come again and again */
	SECRET_WORD_MAX = 255,	/* longer ones are changed in parts */
};

struct secret {
	struct siphash drawn;	/* its key is of the HMAC of the key */
	uint8_t fill[SECRET_FILL];

	/* NULL, or told what became what: a word, number, or address (in
	 * hexadecimal), as text */
	void (*tell)(void *ctx, const char *kind, const char *from,
		     size_t n_from, const char *to, size_t n_to);
	void *ctx;
};

void secret_init(struct secret *s, const void *key, size_t n);

/* n bytes at p are changed in place. */
void secret_words(const struct secret *s, char *p, size_t n, bool paths);
void secret_bytes(const struct secret *s, uint64_t offset, void *p, size_t n);
void secret_letters(const struct secret *s, uint64_t offset, char *p, size_t n);

uint64_t secret_number(const struct secret *s, uint64_t v);

/* unit: 0 for seconds, else how many of them a second has. */
uint64_t secret_time(const struct secret *s, uint64_t v, uint32_t unit);

/* An address of n bytes (4, 16, or a hardware address) in network order. */
void secret_address(const struct secret *s, uint8_t *p, size_t n);

/* For the parts of this module: a number that follows from the key, a tag that
 * says what it is for, a counter, and n bytes. */
uint64_t secret_draw(const struct secret *s, char tag, uint32_t counter,
		     const void *p, size_t n);

/* Changes a word of at most SECRET_WORD_MAX bytes. */
void secret_word(const struct secret *s, char *p, size_t n);

#endif

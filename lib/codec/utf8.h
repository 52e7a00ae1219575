/* SPDX-License-Identifier: MIT
 *
 * UTF-8 as RFC 3629 has it: no surrogates, nothing overlong.
 */
#ifndef CRIT_CODEC_UTF8_H
#define CRIT_CODEC_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of p that are whole valid characters, counted from the start: n when
 * all is well. *partial (may be NULL) says that what follows is the beginning
 * of a character which more bytes could complete. */
size_t utf8_span(const uint8_t *p, size_t n, bool *partial);

static inline bool utf8_valid(const uint8_t *p, size_t n)
{
	return utf8_span(p, n, NULL) == n;
}

/* The character at p, which is valid; *size is its length. */
uint32_t utf8_char(const uint8_t *p, size_t *size);

/* Writes c (not a surrogate) at p; returns the number of bytes. */
size_t utf8_put(uint8_t *p, uint32_t c);

/* How many of the n bytes, from the first on, may go to a terminal: UTF-8, and
 * no control characters, of one byte or of two. */
size_t utf8_plain(const uint8_t *p, size_t n);

#endif

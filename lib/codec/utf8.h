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

/* UTF-16 has large characters as a pair of surrogates: c is the first of one,
 * the second; the character that two of them are. */
static inline bool utf8_is_first(uint32_t c)
{
	return c >= 0xd800 && c < 0xdc00;
}

static inline bool utf8_is_second(uint32_t c)
{
	return c >= 0xdc00 && c < 0xe000;
}

static inline uint32_t utf8_pair(uint32_t first, uint32_t second)
{
	return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
}

/* Writes c (not a surrogate) at p; returns the number of bytes. */
size_t utf8_put(uint8_t *p, uint32_t c);

/* How many of the n bytes, from the first on, may go to a terminal: UTF-8, and
 * no control characters, of one byte or of two. */
size_t utf8_plain(const uint8_t *p, size_t n);

#endif

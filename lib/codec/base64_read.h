/* SPDX-License-Identifier: MIT
 *
 * Base64 -> bytes, in pieces cut anywhere. Strict: standard alphabet, padding,
 * zero bits under it; line breaks may stand between any two letters.
 */
#ifndef CRIT_CODEC_BASE64_READ_H
#define CRIT_CODEC_BASE64_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct base64 {
	uint32_t bits;		/* of letters that make no whole byte yet */
	uint8_t letters;	/* how many, 0 to 3 */
	uint8_t padding;	/* = seen, 0 to 2 */
};

enum { BASE64_SLOP = 32 };	/* room at out beyond the bytes that come */

/* Reads letters, padding and line breaks at p up to the first byte that is
 * none of them, or misplaced; returns how many. Writes bytes at *out (room for
 * 3 bytes for each 4 letters, 3 more, and BASE64_SLOP) and moves it. */
size_t base64_read(struct base64 *b, const uint8_t *p, size_t n, uint8_t **out);

/* The end of the text: NULL, or what is missing. */
const char *base64_end(const struct base64 *b);

#endif

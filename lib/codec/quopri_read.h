/* SPDX-License-Identifier: MIT
 *
 * Quoted-printable -> bytes, in pieces cut anywhere.
 */
#ifndef CRIT_CODEC_QUOPRI_READ_H
#define CRIT_CODEC_QUOPRI_READ_H

#include <stddef.h>
#include <stdint.h>

struct quopri_read {
	uint8_t held[2];	/* what follows an = so far */
	uint8_t state;		/* bytes held after an =, plus one; 0: none */
};

/* Writes at *out (room for n bytes) and moves it. Returns NULL, or what is
 * wrong. */
const char *quopri_read(struct quopri_read *q, const uint8_t *p, size_t n,
			uint8_t **out);

/* The end of the text: NULL, or what is missing. */
const char *quopri_read_end(const struct quopri_read *q);

#endif

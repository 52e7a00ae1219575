/* SPDX-License-Identifier: MIT
 *
 * Quoted-printable as CRIT writes the names of unix sockets (facts: Python's
 * quopri), with one change: where LF and CRLF are mixed, those line breaks
 * that CRIT would change are escaped (=0A, =0D=0A), which CRIT reads, too.
 */
#ifndef CRIT_CODEC_QUOPRI_H
#define CRIT_CODEC_QUOPRI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct quopri {
	unsigned column;
	bool crlf;		/* the style of line breaks */
};

enum { QUOPRI_GROWTH = 8 };	/* most bytes out for one in, with breaks */

/* crlf: the first LF of the whole text follows a CR. */
void quopri_begin(struct quopri *q, bool crlf);

/* Writes the n bytes at p as text at out (room for QUOPRI_GROWTH * n). A byte
 * is judged by the two after it: unless last, *used comes out as less than n,
 * and the caller gives the rest again with what follows. Returns the byte
 * after the text. */
char *quopri_put(struct quopri *q, char *out, const uint8_t *p, size_t n,
		 bool last, size_t *used);

#endif

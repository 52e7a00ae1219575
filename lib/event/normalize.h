/* SPDX-License-Identifier: MIT
 *
 * Rewrites valid but unusual encodings in canonical form.
 */
#ifndef CRIT_EVENT_NORMALIZE_H
#define CRIT_EVENT_NORMALIZE_H

#include "schema/schema.h"

enum { CANON_GROWTH = 6 };	/* the result is at most so many times longer */

/* Rewrites the n bytes at p (below 256 MiB, WIRE_SLOP readable after them), the
 * content of a message m, at out: fields by ascending number, a singular field
 * once (the last value; sub-messages merged), lists as the schema packs them,
 * varints minimal, sub-messages likewise. What the schema does not know, or
 * does not fit its field, keeps its value; it comes before a value of that
 * field, or behind those of a list. False where the bytes are no message, nest
 * deeper than WIRE_DEPTH_MAX, do not fit cap, or memory is short (8 n bytes are
 * taken for the time of the call). */
bool normalize(const struct message *m, const uint8_t *p, size_t n,
	   uint8_t *out, size_t cap, size_t *size);

#endif

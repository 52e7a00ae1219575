/* SPDX-License-Identifier: MIT
 *
 * The parts of image_source: entries and their order (read.c), a
 * message in one piece (read_whole.c) or field by field (read_large.c), what
 * follows entries (read_extra.c).
 */
#ifndef CRIT_IMAGE_READ_PARTS_H
#define CRIT_IMAGE_READ_PARTS_H

#include "image/read.h"

/* Messages up to this are taken whole. Where it is tiny (CFLAGS), all images go
 * field by field, and the same comes out of those that writers put in order. */
#ifndef CRIT_FLAT_MAX
#define CRIT_FLAT_MAX IN_PEEK_MAX
#endif

/* An error at the current offset, in the field being read; false. */
bool image_bad(struct image_source *s, const char *what);

/* A warning, once an image: no writer would have put these bytes; required
 * fields are not there (of the message of n bytes at p, or p is NULL: seen). */
void image_odd(struct image_source *s, uint64_t at);
void image_warn_missing(struct image_source *s, const struct message *m,
			const uint8_t *p, size_t n, uint64_t seen);

/* The content of m to the sink: n bytes in memory that are at offset at of the
 * image; the next n bytes of the image. */
bool image_flat(struct image_source *s, const struct message *m,
		const uint8_t *p, size_t n, uint64_t at);
bool image_stream(struct image_source *s, const struct message *m, uint64_t n);

/* Notes what a whole entry says of its extra. */
void image_note_flat(struct image_source *s, const struct message *m,
		     const uint8_t *p, size_t n);

#endif

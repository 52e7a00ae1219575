/* SPDX-License-Identifier: MIT
 *
 * The parts of image_source: entries and their order (read.c), a
 * message in one piece (read_whole.c) or field by field (read_large.c), what
 * follows entries (read_extra.c).
 */
#ifndef CRIT_IMAGE_READ_PARTS_H
#define CRIT_IMAGE_READ_PARTS_H

#include "event/bulk.h"
#include "image/read.h"

/* Messages up to this are taken whole. Where it is tiny (CFLAGS), all images go
 * field by field, and the same comes out of those that writers put in order. */
#ifndef CRIT_FLAT_MAX
#define CRIT_FLAT_MAX IN_PEEK_MAX
#endif

/* An error at the current offset, in the field being read; false. */
bool image_bad(struct image_source *s, const char *what);

/* A warning, once an image: no writer would have put these bytes; a value does
 * not fit its field (of the message of n bytes at p, which are at offset at, or
 * p is NULL: the field being read); required fields are not there (likewise,
 * or p is NULL: seen). */
void image_odd(struct image_source *s, uint64_t at);
void image_misfit(struct image_source *s, const struct message *m,
		  const uint8_t *p, size_t n, uint64_t at);
void image_warn_missing(struct image_source *s, const struct message *m,
			const uint8_t *p, size_t n, uint64_t seen);

/* The content of m to the sink: n bytes in memory that are at offset at of the
 * image; the next n bytes of the image. */
bool image_flat(struct image_source *s, const struct message *m,
		const uint8_t *p, size_t n, uint64_t at);
bool image_stream(struct image_source *s, const struct message *m, uint64_t n);

/* read_scalar.c: a varint before offset end; *odd where it is not minimal. A
 * number of any wire type. */
bool image_read_varint(struct image_source *s, uint64_t end, uint64_t *v,
		       bool *odd);
bool image_read_scalar(struct image_source *s, uint64_t end, uint8_t wire,
		       uint64_t *raw, bool *odd);

/* Puts a field aside after its tag has been read, a group with all its content;
 * gives the sink what was put aside from that byte on. */
bool image_keep(struct image_source *s, uint64_t end, uint64_t tag, bool *odd);
bool image_give_unknown(struct image_source *s, uint64_t from);

/* read_raw.c: image_source_run of an image with an unknown magic. */
bool image_run_raw(struct image_source *s, struct sink *sink);

/* read_ahead.c: the value at the cursor, as far as it is in the window; whether
 * f holds it. What is cut says so itself. */
bool image_peek_value(struct image_source *s, uint64_t end, uint8_t wire,
		      struct wire_field *w);
bool image_holds(struct image_source *s, uint64_t end, const struct field *f,
		 uint8_t wire);

/* The rest of image_flat, where the sink has been asked and said r. */
bool image_settle(struct image_source *s, const struct message *m,
		  const uint8_t *p, size_t n, uint64_t at, enum flat r);

/* Notes what a whole entry says of its extra. */
void image_note_flat(struct image_source *s, const struct message *m,
		     const uint8_t *p, size_t n);

#endif

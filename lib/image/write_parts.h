/* SPDX-License-Identifier: MIT
 *
 * The parts of image_sink: bytes and files (write_parts.c), order of fields
 * (write_order.c), what follows entries (write_extra.c).
 */
#ifndef CRIT_IMAGE_WRITE_PARTS_H
#define CRIT_IMAGE_WRITE_PARTS_H

#include "image/write.h"

extern const uint32_t image_heads[];

/* write_head.c: another number before the magic than was written. */
void image_new_head(struct sink *sink, enum head head);

/* Sends what is complete. */
void image_flush(struct image_sink *s);

/* Makes room for n bytes, at most IMAGE_PUT_MAX (or IMAGE_BUFFER / 4 within a
 * message that is not longer than that). */
void image_make_room(struct image_sink *s, size_t n);

/* The whole part to the file, so that buf is free. */
bool image_spill_all(struct image_sink *s);

/* Copies n bytes within the file; they do not overlap. */
bool image_file_copy(struct image_sink *s, uint64_t from, uint64_t to,
		     uint64_t n);

/* Writes the length of the level that ends here before it. */
void image_put_length(struct image_sink *s, const struct image_level *l);

void image_part_open(struct image_sink *s, const struct message *m);
void image_part_close(struct image_sink *s);

/* Bytes of the part, or behind it; any number. */
void image_put(struct image_sink *s, const void *p, size_t n);

/* Checks and ends a message: its fields in order, its required ones there. */
void image_message_end(struct image_sink *s, struct image_level *l);

/* Puts the fields of a level in ascending order. */
void image_sort(struct image_sink *s, struct image_level *l);

/* Events under the made-up fields of extra.h. */
void image_extra_begin(struct image_sink *s);
void image_extra_number(struct image_sink *s, uint64_t value);
void image_extra_bytes(struct image_sink *s, const struct field *f,
		       const void *p, size_t n, bool last);
void image_extra_check(struct image_sink *s);

static inline uint8_t *image_room(struct image_sink *s, size_t n)
{
	if (IMAGE_BUFFER - s->pos < n)
		image_make_room(s, n);
	return s->buf + s->pos;
}

/* Offset in the part of what is written next. */
static inline uint64_t image_offset(const struct image_sink *s)
{
	return s->spilled + (s->pos - s->from);
}

/* Where a byte of the part that was not spilled is. */
static inline uint8_t *image_at(struct image_sink *s, uint64_t offset)
{
	return s->buf + s->from + (offset - s->spilled);
}

#endif

/* SPDX-License-Identifier: MIT
 *
 * Image bytes -> events. Reads forward only, in a bounded window: a message
 * that fits into IN_PEEK_MAX goes to the sink in one piece (walk.h, or the
 * sink's own way), a larger one field by field.
 */
#ifndef CRIT_IMAGE_READ_H
#define CRIT_IMAGE_READ_H

#include "base/buffer.h"
#include "event/event.h"
#include "schema/extra.h"

/* A message that is being read field by field. */
struct image_frame {
	const struct field *field;	/* the one being read */
	int64_t index;			/* its element, or -1 */
};

struct image_source {
	struct in in;
	const struct schema *schema;
	struct crit_error *err;

	/* may be set after open */
	bool skip_extra;		/* --nopl: sizes in place of payloads */
	bool skip_messages;		/* only count: the sink gets no fields */
	void (*warn)(void *ctx, const struct crit_error *);
	void *ctx;

	/* good after open */
	struct image image;

	struct unknown_type raw;	/* image.type, after image_source_raw */

	/* how far it is; payload: bytes of entries, extra: after them */
	uint64_t entries, payload_bytes, extra_bytes;

	struct sink *sink;
	struct extra_says says;
	uint64_t entry_at;		/* offset of the entry's size */
	struct image_frame frame[WIRE_DEPTH_MAX];
	int depth;
	struct spool unknown;		/* of messages read field by field */
	uint8_t *rewritten;		/* canonical bytes of an irregular message */
	bool warned_bytes, warned_missing, warned_misfit;
	bool entry_begun;
};

/* Reads the magic from fd. name is for messages and for image.name; it may be
 * NULL and must outlive the source. False: *err says what this is if not an
 * image. */
bool image_source_open(struct image_source *s, int fd, const char *name,
		       const struct schema *schema, struct crit_error *err);

/* The same from a blob, which must stay until close. */
bool image_source_open_blob(struct image_source *s, const struct blob *b,
			    const char *name, const struct schema *schema,
			    struct crit_error *err);

/* The same from n bytes at p, which stay until close. */
bool image_source_open_bytes(struct image_source *s, const void *p, size_t n,
			     const char *name, const struct schema *schema,
			     struct crit_error *err);

/* After a failed open: whether the image merely has an unknown magic. If so, the
 * error is cleared, and image_source_run gives its bytes to sink.raw. */
bool image_source_raw(struct image_source *s);

/* Whether a file of this base name is a raw image; then *err says what it holds
 * and what reads it. */
bool image_raw_file(const struct schema *schema, const char *name,
		    struct crit_error *err);

/* All of it into the sink: image, entries, image_end; or fail. */
bool image_source_run(struct image_source *s, struct sink *sink);

/* One entry at a time, between image and image_end, which are the caller's:
 * 1, 0 at the end, -1 and *err. */
int image_source_next(struct image_source *s, struct sink *sink);

void image_source_close(struct image_source *s);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Events -> image bytes.
 *
 *   buf          from           pos            cap
 *   |   unsent   | u32 |  part  |     room     |
 *                      ^ byte "spilled" of the part
 *
 * A part is a message with its length before it: an entry, or a message of
 * IPCNS_MSG. A part larger than buf continues in a temporary file.
 */
#ifndef CRIT_IMAGE_WRITE_H
#define CRIT_IMAGE_WRITE_H

#include "event/event.h"
#include "schema/extra.h"
#include "codec/wire.h"

enum {
	IMAGE_BUFFER = (512 << 10) / CRIT_SCALE,
	IMAGE_PUT_MAX = IMAGE_BUFFER / 8,	/* most that image_room makes room for */
	IMAGE_LEVELS = WIRE_DEPTH_MAX + 4,
};

/* An open message, or a string or packed list of still unknown length. Offsets
 * are relative to the part. */
struct image_level {
	const struct message *message;	/* NULL: a string or list */
	uint64_t start;			/* of the content; the byte before it
					   is kept for the length */
	uint64_t required;		/* those that came */
	uint64_t unknown[2];		/* from, to: raw fields */
	uint32_t last;			/* number of the field before */
	bool unsorted;
};

struct image_sink {
	struct sink sink;

	/* set by the caller, after image_sink_init */
	bool allow_partial;		/* required fields may be missing */
	void *arg;
	/* Where this image goes: a descriptor, or -1 and *err. name: for
	 * messages, where the image has none. */
	int (*open)(void *arg, const struct image *im, const char **name);
	/* All of it is written. */
	void (*close)(void *arg, int fd);
	/* NULL, or in place of writing to that descriptor; false and errno. */
	bool (*write)(void *arg, const void *p, size_t n);

	const struct schema *schema;
	const struct image_type *type;
	const struct message *extra_message;	/* ipc_msg */
	bool counts;			/* its entries say how much extra */
	const char *name;
	int fd;
	uint64_t index;			/* of the entry */

	uint8_t *buf;
	size_t from, pos;
	enum head head;
	uint64_t sent;			/* bytes of this image */
	bool part;			/* one is open */
	uint64_t spilled;		/* bytes of it in the file */
	int spill;			/* the file, or -1 */
	struct image_level level[IMAGE_LEVELS];
	int depth;			/* levels in use */
	const struct field *packed;	/* list that has no element yet */

	struct extra_says says;
	uint64_t extra[2];		/* bytes that came */
	uint64_t count, msize;		/* of IPCNS_MSG */
	bool has_extra;
	bool chunks;			/* the ghost file is in chunks */
};

/* err stays the caller's. False: no memory. */
bool image_sink_init(struct image_sink *s, const struct schema *schema,
		     struct crit_error *err);
void image_sink_free(struct image_sink *s);

/* Sends the entries that are complete; for in.drain. */
void image_sink_drain(void *sink);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The raw bytes after an entry: how many, how padded, and the made-up fields
 * under which they pass as events. Facts: share/images.yaml (kinds and length
 * fields); layouts:
 *
 *   EXTRA_BYTES       sum of the length fields                bytes "extra"
 *   EXTRA_QUEUES      inq_len bytes, outq_len bytes           message "extra"
 *                                                             {inq, outq}
 *   EXTRA_SEMAPHORES  nsems u16, zeros to a multiple of 8     list "extra"
 *   EXTRA_MESSAGES    qnum times u32 size, ipc_msg, msize     list "extra" of
 *                     bytes, zeros to a multiple of 8         ipc_msg, bytes
 *   EXTRA_SEGMENT     size bytes, zeros to a multiple of 4,   bytes "extra"
 *                     or nothing where in_pagemaps is true    (then empty)
 *   EXTRA_GHOST       entry 0 without chunks: the rest of     bytes "extra"
 *                     the file; with chunks: no extra, each
 *                     further entry is ghost_chunk_entry
 *                     and len bytes
 */
#ifndef CRIT_SCHEMA_EXTRA_H
#define CRIT_SCHEMA_EXTRA_H

#include "schema/schema.h"

extern const struct field extra_bytes;		/* bytes "extra" */
extern const struct field extra_queues;		/* message "extra" */
extern const struct field extra_queue[2];	/* bytes "inq", "outq" in it */
extern const struct field extra_semaphores;	/* repeated uint32 "extra" */
extern const struct field extra_messages;	/* repeated message "extra" */
extern const struct field extra_text;		/* bytes: an element of it */
extern const struct field extra_skipped;	/* string "extra": --nopl */

/* A row a kind: its name in images.yaml, the field that its events have (what it
 * is in JSON follows from that), and the number whose multiples zeros fill it up
 * to. How it is read and checked: image/extra_kinds.c. */
#define EXTRA_KINDS(X) \
	X(NONE, "none", NULL, 1) \
	X(BYTES, "bytes", &extra_bytes, 1) \
	X(QUEUES, "queues", &extra_queues, 1) \
	X(SEMAPHORES, "semaphores", &extra_semaphores, 8) \
	X(MESSAGES, "messages", &extra_messages, 8) \
	X(SEGMENT, "segment", &extra_bytes, 4) \
	X(GHOST, "ghost", &extra_bytes, 1)

#define EXTRA_CONSTANT(kind, name, field, align) EXTRA_##kind,
enum extra_kind { EXTRA_KINDS(EXTRA_CONSTANT) EXTRA_N };

struct extra_form {
	const char *name;
	const struct field *field;	/* NULL: nothing follows */
	unsigned align;
};

extern const struct extra_form extra_forms[EXTRA_N];

/* What an entry says of its extra: filled from its number events. */
struct extra_says {
	uint64_t length[2];	/* of the type's length fields; 0 where absent */
	bool unless;		/* the type's "unless" field is true */
	uint32_t mode;		/* ghost: what kind of file (st_mode) */
};

/* Notes a top-level number of an entry if its kind of extra depends on it. Cheap
 * enough to be called for every number of such an image. */
void extra_note(struct extra_says *says, const struct image_type *type,
		const struct field *f, uint64_t value);

/* Zero bytes after n bytes of extra. */
static inline unsigned extra_padding(enum extra_kind kind, uint64_t n)
{
	return (unsigned)(-n & (extra_forms[kind].align - 1));
}

#endif

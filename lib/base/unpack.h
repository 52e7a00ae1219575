/* SPDX-License-Identifier: MIT
 *
 * Compressed bytes -> what they were before: gzip, zstd, xz, bzip2, lz4.
 *
 *   blob (file, pipe, member) ─► window ─► decoder ─► bytes
 *
 * Reads forward, in the memory of one window; going back starts again. Frames
 * that follow one another are one stream, checksums are checked at their end.
 */
#ifndef CRIT_BASE_UNPACK_H
#define CRIT_BASE_UNPACK_H

#include "base/buffer.h"

enum {
	UNPACK_HEAD = 6,		/* bytes that tell how it is compressed */
	UNPACK_LOOK = 1024,		/* bytes that tell what it is: of two members */
	UNPACK_WINDOW_LOG = 27,		/* larger windows are refused */
};

struct unpack_kind;

/* What n bytes at the start of a file say, or NULL: not compressed. */
const struct unpack_kind *unpack_kind(const uint8_t *head, size_t n);
const char *unpack_name(const struct unpack_kind *kind);	/* "gzip" */

struct unpack {
	const struct unpack_kind *kind;
	const struct blob *from;
	struct in in;
	struct crit_error own;		/* of in; sticks */
	uint64_t pos;			/* bytes that have come out */
	bool begun, done;
	bool trailing;			/* bytes of another kind follow */
	size_t n_head;			/* the first bytes, to be looked at */
	uint8_t head[UNPACK_LOOK];	/* without starting again */

	/* what a decoder works on */
	const uint8_t *src;
	size_t n_src;
	uint8_t *dst;
	size_t n_dst;
	void *state;
	const char *why;		/* of an error */
};

/* from must stay until unpack_close. False: *err. */
bool unpack_open(struct unpack *u, const struct blob *from,
		 const struct unpack_kind *kind, struct crit_error *err);
void unpack_close(struct unpack *u);

/* Up to n bytes from offset at, fewer where an error or the end is near; 0 at
 * the end and on an error. */
size_t unpack_read(struct unpack *u, uint64_t at, void *p, size_t n,
		   struct crit_error *err);

#endif

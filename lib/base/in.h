/* SPDX-License-Identifier: MIT
 *
 * A bounded window over a descriptor, memory or a blob, to read from.
 *
 *   buf       pos        end     cap
 *   |  taken  |  window  |  free |
 *             ^ base + (pos - buf) is the offset in the stream
 */
#ifndef CRIT_BASE_IN_H
#define CRIT_BASE_IN_H

#include "base/blob.h"
#include "codec/wire.h"

#include <sys/types.h>

enum {
	IN_SIZE = (256 << 10) / CRIT_SCALE,	/* window of an input */
	IN_PEEK_MAX = IN_SIZE / 4,	/* most that in_peek gives in one piece */
	IN_BYTES = -2, IN_BLOB = -3,
};

struct in {
	int fd;			/* -1: memory only; IN_BYTES: of more; IN_BLOB */
	bool eof, regular;
	uint8_t *buf;		/* IN_SIZE + WIRE_SLOP bytes, zeros after end */
	size_t pos, end, cap;
	uint64_t base;		/* stream offset of buf[0] */
	uint64_t size;		/* of a regular file, else UINT64_MAX */
	const uint8_t *more;	/* IN_BYTES: what is not yet in buf */
	size_t n_more;
	const struct blob *blob;	/* IN_BLOB */
	/* NULL, or called before a read that may wait: sends what is complete */
	void (*drain)(void *arg);
	void *drain_arg;
	struct crit_error *err;	/* read errors stick here */
};

/* Opens over fd, which stays the caller's. Regular files start at their
 * current offset. False: no memory. */
bool in_open(struct in *in, int fd, struct crit_error *err);

/* Over n bytes of memory, which must have WIRE_SLOP readable bytes after
 * them and stay until in_close. */
void in_memory(struct in *in, const void *p, size_t n, struct crit_error *err);
void in_close(struct in *in);

/* The same through a window of its own: nothing need follow the n bytes. */
bool in_open_bytes(struct in *in, const void *p, size_t n,
		   struct crit_error *err);

/* Over a blob, from its start, through a window. The blob must stay. */
bool in_open_blob(struct in *in, const struct blob *b, struct crit_error *err);

/* Makes at least n bytes (at most IN_PEEK_MAX) contiguous; false where the
 * stream ends earlier (the window then holds all that is left) or a read
 * failed. */
bool in_fill(struct in *in, size_t n);

static inline size_t in_avail(const struct in *in)
{
	return in->end - in->pos;
}

static inline uint64_t in_offset(const struct in *in)
{
	return in->base + in->pos;
}

/* n contiguous bytes, or NULL. The pointer is good until the next call that
 * takes more; WIRE_SLOP bytes after the n are readable. */
static inline const uint8_t *in_peek(struct in *in, size_t n)
{
	if (in_avail(in) < n && !in_fill(in, n))
		return NULL;
	return in->buf + in->pos;
}

static inline void in_take(struct in *in, size_t n)
{
	in->pos += n;
}

/* Up to n bytes as they come (at least one); 0 at the end. The bytes are
 * taken: the pointer is good until the next call. */
size_t in_some(struct in *in, uint64_t n, const uint8_t **p);

/* Copies up to n bytes from offset at on, which may be behind the window, and
 * takes nothing. Fewer where the input is a pipe, or cannot be read. */
size_t in_ahead(struct in *in, uint64_t at, void *p, size_t n);

/* Passes over n bytes (seeks where it can); false where there are fewer. */
bool in_skip(struct in *in, uint64_t n);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Bounded windows over descriptors; the only module that reads and writes.
 *
 *   struct in                            struct out
 *   buf       pos        end     cap     buf          pos          cap
 *   |  taken  |  window  |  free |       |   unsent   |    room    |
 *             ^ base + (pos - buf) is the offset in the stream
 */
#ifndef CRIT_BASE_BUFFER_H
#define CRIT_BASE_BUFFER_H

#include "base/blob.h"
#include "codec/wire.h"

#include <sys/types.h>

enum {
	IN_SIZE = (256 << 10) / CRIT_SCALE,	/* window of an input */
	IN_PEEK_MAX = IN_SIZE / 4,	/* most that in_peek gives in one piece */
	OUT_SIZE = (256 << 10) / CRIT_SCALE,
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

/* Passes over n bytes (seeks where it can); false where there are fewer. */
bool in_skip(struct in *in, uint64_t n);

struct out {
	int fd;
	uint8_t *buf;
	size_t pos, cap;
	uint64_t base;		/* bytes sent before buf[0] */
	bool widened;		/* a pipe was asked for more room */
	bool failed;		/* a write failed: nothing is sent any more */
	const char *name;	/* for messages: "standard output" */
	/* if not NULL, in place of fd; false and errno */
	bool (*write)(void *arg, const void *p, size_t n);
	void *arg;
	struct crit_error *err;	/* write errors stick here */
};

bool out_open(struct out *out, int fd, const char *name, struct crit_error *err);
void out_close(struct out *out);	/* frees; does not flush */
bool out_flush(struct out *out);
void out_drain(void *out);		/* the same, for in.drain */
bool out_put(struct out *out, const void *p, size_t n);

static inline uint64_t out_offset(const struct out *out)
{
	return out->base + out->pos;
}

/* Room for n bytes (at most cap), flushing if need be: where to write. The
 * room is there after an error too, and goes nowhere. */
static inline uint8_t *out_room(struct out *out, size_t n)
{
	if (out->cap - out->pos < n)
		out_flush(out);
	return out->buf + out->pos;
}

/* Bytes put aside: in memory up to a bound, then in an unlinked file in
 * $TMPDIR (or /var/tmp, or /tmp). */
struct spool {
	uint8_t *buf;		/* made at the first put; SPOOL_MEMORY bytes */
	size_t pos;		/* bytes in buf, the last ones put */
	int fd;			/* -1: all is in buf */
	uint64_t sent;		/* bytes in the file */
	struct crit_error *err;
};

enum { SPOOL_MEMORY = (64 << 10) / CRIT_SCALE };

void spool_init(struct spool *s, struct crit_error *err);
void spool_reset(struct spool *s);	/* empty again, keeps what it has */
void spool_cut(struct spool *s, uint64_t size);	/* forgets what is after */
void spool_free(struct spool *s);
bool spool_put(struct spool *s, const void *p, size_t n);
static inline uint64_t spool_size(const struct spool *s)
{
	return s->sent + s->pos;
}

/* Reads n bytes back from offset at, fewer only at the end; 0 at the end, and
 * on an error, which is in *err then. */
size_t spool_read(struct spool *s, uint64_t at, void *p, size_t n);

/* An unlinked temporary file, or -1 and the error. */
int temp_file(struct crit_error *err);

/* The file again, to be read and written anywhere; -1 where that is not to be
 * had (or it is no regular file). */
int file_again(int fd);

/* write and pwrite until all is done. */
bool write_all(int fd, const void *p, size_t n);
bool pwrite_all(int fd, const void *p, size_t n, uint64_t at);

/* read that goes on after a signal: bytes, 0 at the end, -1 and errno. */
ssize_t read_some(int fd, void *p, size_t n);

/* pread of n bytes, which must be there. */
bool pread_all(int fd, void *p, size_t n, uint64_t at);

#endif

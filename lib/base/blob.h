/* SPDX-License-Identifier: MIT
 *
 * Bytes of a known size that lie somewhere: part of a file, memory, or
 * whatever a function gives (a member of an archive, a decompressor).
 *
 *   fd >= 0      [start, start + size) of that file, by pread
 *   bytes        size bytes of memory
 *   read         a function; size BLOB_UNKNOWN where only the end tells
 */
#ifndef CRIT_BASE_BLOB_H
#define CRIT_BASE_BLOB_H

#include "base/error.h"

#include <stddef.h>

#define BLOB_UNKNOWN UINT64_MAX

/* Counts what is read of blobs, for somebody who waits; tell is called every
 * BLOB_METER_STEP bytes. */
enum { BLOB_METER_STEP = 256 << 10 };
struct blob_meter {
	uint64_t done, told;		/* bytes; when tell was called */
	uint64_t all;			/* at least so many come; 0: not known */
	void (*tell)(struct blob_meter *);
};

struct blob {
	int fd;				/* -1: none */
	uint64_t start, size;
	bool grows;			/* a file may get longer: size is of now */
	const uint8_t *bytes;
	/* Up to n bytes from offset at; fewer only at the end. 0 and *err
	 * where they cannot be read. Offsets that go forward are cheap. */
	size_t (*read)(const struct blob *, uint64_t at, void *p, size_t n,
		       struct crit_error *err);
	void (*close)(struct blob *);	/* NULL: nothing to be closed */
	/* NULL, or of read: as blob_next_data */
	void (*next)(const struct blob *, uint64_t at, uint64_t n,
		     uint64_t *hole, uint64_t *data);
	void *ctx;			/* of read and close */
	struct blob_meter *meter;	/* NULL, or counts what is read */
};

/* A blob of nothing, which blob_close takes. */
#define BLOB_NONE (struct blob){ .fd = -1 }

static inline bool blob_is(const struct blob *b)
{
	return b->fd >= 0 || b->bytes || b->read;
}

/* A file as a whole; the blob closes it. False and *err: what and why. */
bool blob_open_fd(struct blob *b, int fd, struct crit_error *err);

/* What comes from fd, which may be a pipe: forward only, but for the first
 * BLOB_HEAD bytes, which can be looked at again. A regular file is read from
 * where it stands. The blob closes fd where own says so. */
enum { BLOB_HEAD = 4096 };
bool blob_open_pipe(struct blob *b, int fd, bool own, struct crit_error *err);

/* All of b as an unlinked temporary file, in place of b. */
bool blob_spool(struct blob *b, struct crit_error *err);

/* Up to n bytes from offset at into p: fewer only at the end; 0 at the end,
 * and on an error, which is in *err then. */
size_t blob_read(const struct blob *b, uint64_t at, void *p, size_t n,
		 struct crit_error *err);

/* Where the next data of n bytes at offset at lie: *hole bytes that read as
 * zeros come first, then *data bytes. Only files and sparse members of
 * archives know of holes. */
void blob_next_data(const struct blob *b, uint64_t at, uint64_t n,
		    uint64_t *hole, uint64_t *data);

/* The same, with what was known before: a system may walk all pages of a file
 * for the answer. */
struct blob_known {
	const struct blob *of;
	uint64_t from, to;		/* data */
};
void blob_next_known(struct blob_known *k, const struct blob *b, uint64_t at,
		     uint64_t n, uint64_t *hole, uint64_t *data);

void blob_close(struct blob *b);

#endif

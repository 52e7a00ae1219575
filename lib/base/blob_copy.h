/* SPDX-License-Identifier: MIT
 *
 * Bytes of blobs -> a descriptor: the kernel copies where it can, and holes
 * become holes where the output is a regular file.
 */
#ifndef CRIT_BASE_BLOB_COPY_H
#define CRIT_BASE_BLOB_COPY_H

#include "base/blob.h"

enum { BLOB_COPY_BUFFER = 256 << 10 };

struct blob_copy {
	int fd;
	const char *name;		/* of fd, for messages */
	bool sparse;			/* a file: written at pos, with holes */
	uint64_t pos;			/* in the output */
	uint8_t *buf;			/* BLOB_COPY_BUFFER bytes, the caller's
					   between calls */
	bool no_range, no_send;		/* the kernel cannot do that here */
	/* if not NULL, in place of fd; false and errno */
	bool (*write)(void *arg, const void *p, size_t n);
	void *arg;

	/* a range that was given last: what follows it is copied with it */
	const struct blob *from;
	const char *from_name;
	uint64_t from_at, from_n;
	struct blob_known known;
	/* may be NULL; called every few MiB with the bytes written */
	void (*moved)(void *moved_arg, uint64_t n);
	void *moved_arg;
	struct crit_error *err;
};

/* fd stays the caller's. A regular file whose end is at its offset becomes
 * sparse. False and *err: no memory. */
bool blob_copy_open(struct blob_copy *c, int fd, const char *name,
		    struct crit_error *err);
void blob_copy_close(struct blob_copy *c);

/* Each false after an error, which is in *err. */
bool blob_copy_put(struct blob_copy *c, const void *p, size_t n);
bool blob_copy_zeros(struct blob_copy *c, uint64_t n);

/* n bytes of the blob from offset at, which must be there; name: of the blob,
 * for messages. Both must stay until blob_copy_flush: ranges that follow one
 * another are copied in one piece. */
bool blob_copy_range(struct blob_copy *c, const struct blob *b,
		     const char *name, uint64_t at, uint64_t n);
bool blob_copy_flush(struct blob_copy *c);

/* What is pending, and the size of a file that ends in a hole. */
bool blob_copy_finish(struct blob_copy *c);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Ranges of a task's memory -> a descriptor (base/blob_copy.h).
 */
#ifndef CRIT_MEMORY_COPY_H
#define CRIT_MEMORY_COPY_H

#include "base/blob_copy.h"
#include "memory/address_space.h"

/* What to do with addresses that have no bytes in any image. */
enum holes { HOLES_ZERO, HOLES_ERROR, HOLES_SKIP };

enum { COPY_BUFFER = BLOB_COPY_BUFFER };

struct memory_copy {
	struct blob_copy to;
	enum holes holes;
	uint8_t *buf;			/* to.buf */
	uint64_t lazy;			/* bytes a page server has */
};

bool memory_copy_open(struct memory_copy *c, int fd, const char *name,
		      enum holes holes, struct crit_error *err);
bool memory_copy_range(struct memory_copy *c, struct memory *m, uint64_t start,
		       uint64_t end);

/* One run of it; its last bytes may be written with those that follow. */
bool memory_copy_run(struct memory_copy *c, struct memory *m,
		     const struct run *run);

/* The last bytes, and the file's size. */
bool memory_copy_finish(struct memory_copy *c);
void memory_copy_close(struct memory_copy *c);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Bytes put aside, to be read again.
 */
#ifndef CRIT_BASE_SPOOL_H
#define CRIT_BASE_SPOOL_H

#include "base/error.h"
#include "codec/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

#endif

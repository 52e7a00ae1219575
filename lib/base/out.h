/* SPDX-License-Identifier: MIT
 *
 * A buffer before a descriptor or a function, to write to.
 *
 *   buf          pos          cap
 *   |   unsent   |    room    |
 */
#ifndef CRIT_BASE_OUT_H
#define CRIT_BASE_OUT_H

#include "base/error.h"
#include "codec/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OUT_SIZE = (256 << 10) / CRIT_SCALE };

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
bool out_put_long(struct out *out, const void *p, size_t n);	/* any n */

static inline bool out_put(struct out *out, const void *p, size_t n)
{
	if (!n || n >= out->cap - out->pos)
		return out_put_long(out, p, n);
	memcpy(out->buf + out->pos, p, n);
	out->pos += n;
	return true;
}

/* Up to 1023 bytes; what is longer is cut. */
void out_printf(struct out *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

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

#endif

/* SPDX-License-Identifier: MIT
 *
 * The decoders: a row each. For unpack.c.
 */
#ifndef CRIT_BASE_UNPACK_KINDS_H
#define CRIT_BASE_UNPACK_KINDS_H

#include "base/unpack.h"

enum unpack_step {
	UNPACK_MORE,		/* took from src, or gave to dst */
	UNPACK_END,		/* a frame has ended */
	UNPACK_BAD,		/* u->why */
};

struct unpack_kind {
	const char *name;
	const char *tool;		/* what unpacks it elsewhere */
	uint8_t magic[UNPACK_HEAD];
	size_t n_magic;
	bool skippable;			/* frames of zstd's and lz4's kind */
	bool padded;			/* zeros may follow */

	/* u->state for a new frame, or for the first one; false: no memory,
	 * or not built in */
	bool (*begin)(struct unpack *u);
	enum unpack_step (*step)(struct unpack *u);
	void (*end)(struct unpack *u);
};

/* Values of u->why: another program can help; nothing is wrong with the data. */
extern const char unpack_too_wide[], unpack_not_here[], unpack_no_memory[];

extern const struct unpack_kind unpack_kinds[];
extern const size_t unpack_n_kinds;

/* Whether the bytes begin a frame of this kind. */
bool unpack_is(const struct unpack_kind *kind, const uint8_t *p, size_t n);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The mappings of a task, and what else mm-PID.img says of its memory. They
 * are read one at a time: memory does not grow with their number. They ascend
 * and do not overlap; guard ranges are mappings of their own (guards.h).
 */
#ifndef CRIT_CHECKPOINT_MAPPINGS_H
#define CRIT_CHECKPOINT_MAPPINGS_H

#include "base/buffer.h"
#include "checkpoint/vma.h"
#include "store/store.h"

struct mappings {
	struct spool spool;		/* struct vma each */
	uint64_t n;
	uint64_t whole;			/* without guards, and not cut by them */
	uint64_t arg_start, arg_end, env_start, env_end, stack, exe;
	uint64_t auxv[128];
	unsigned n_auxv;

	struct vma window[64];		/* from number first */
	uint64_t first;
	unsigned n_window;
	uint64_t found, after;		/* by vmas_find: it ends after that */
	struct crit_error *err;
};

/* Reads mm-PID.img (and vmas-PID.img, where CRIU was that old). *absent:
 * there is no mm. */
bool mappings_open(struct mappings *v, const struct store *dir, uint32_t pid,
	       bool *absent, struct crit_error *err);
void mappings_close(struct mappings *v);

/* One more, at the end: while they are read. */
bool mappings_put(struct mappings *v, const struct vma *a);

/* Number i, good until the next call; NULL: *err. */
const struct vma *mappings_get(struct mappings *v, uint64_t i);

/* A copy of it, which stays. False: *err. */
bool mappings_take(struct mappings *v, uint64_t i, struct vma *a);

/* The number of the first mapping that ends after addr; n where there is
 * none, UINT64_MAX and *err. */
uint64_t mappings_find(struct mappings *v, uint64_t addr);

/* What the auxiliary vector says, or otherwise. */
uint64_t mappings_auxv(const struct mappings *v, uint64_t type, uint64_t otherwise);

/* The size of the task's pages. */
uint64_t mappings_page_size(const struct mappings *v);

/* AT_... or NULL. */
const char *mappings_auxv_name(uint64_t type);

#endif

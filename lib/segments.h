/* SPDX-License-Identifier: MIT
 *
 * SysV segments whose bytes lie in the image of their IPC namespace, as before
 * CRIU 3.0:
 *
 *   ipcns-shm-9.img   head | entry | bytes.. 0 | entry | entry | bytes.. | ...
 *                                                  in_pagemaps: no bytes here
 */
#ifndef CRIT_SEGMENTS_H
#define CRIT_SEGMENTS_H

#include "checkpoint.h"

struct segment {
	uint64_t id, at, size;		/* at: in the image */
};

struct segments {
	bool loaded;
	int fd;				/* of the image; -1: it has none */
	char name[64];
	struct segment *list;		/* by id */
	size_t n, cap;
	struct crit_error *err;
};

/* Nothing is read yet, nothing to be closed. */
void segments_init(struct segments *s, struct crit_error *err);

/* Those of the task's IPC namespace, which its ids tell; once. */
bool segments_load(struct segments *s, const struct checkpoint *dir,
		   uint32_t pid);
void segments_close(struct segments *s);

/* NULL: not in the image. */
const struct segment *segments_find(const struct segments *s, uint64_t id);

#endif

/* SPDX-License-Identifier: MIT
 *
 * SysV segments whose bytes lie in the image of their IPC namespace, as before
 * CRIU 3.0:
 *
 *   ipcns-shm-9.img   head | entry | bytes.. 0 | entry | entry | bytes.. | ...
 *                                                  in_pagemaps: no bytes here
 */
#ifndef CRIT_CHECKPOINT_SYSV_SHM_H
#define CRIT_CHECKPOINT_SYSV_SHM_H

#include "store/store.h"

struct segment {
	uint64_t id, at, size;		/* at: in the image */
};

struct sysv_shm {
	bool loaded;
	struct blob blob;		/* the image, if it has any */
	char name[64];
	struct segment *list;		/* by id */
	size_t n, cap;
	struct crit_error *err;
};

/* Nothing is read yet, nothing to be closed. */
void sysv_shm_init(struct sysv_shm *s, struct crit_error *err);

/* Those of the task's IPC namespace, which its ids tell; once. */
bool sysv_shm_load(struct sysv_shm *s, const struct store *dir,
		   uint32_t pid);
void sysv_shm_close(struct sysv_shm *s);

/* NULL: not in the image. */
const struct segment *sysv_shm_find(const struct sysv_shm *s, uint64_t id);

#endif

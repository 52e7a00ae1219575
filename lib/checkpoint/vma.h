/* SPDX-License-Identifier: MIT
 *
 * A mapping of a task, as images have it.
 */
#ifndef CRIT_CHECKPOINT_VMA_H
#define CRIT_CHECKPOINT_VMA_H

#include "facts.h"

#include <stdbool.h>
#include <stdint.h>

/* A bit of vma.status that is ours: pages without a known mapping. Those of
 * images are in facts.h. VMA_GUARD is a range that was made a mapping of its
 * own. */
enum { VMA_UNKNOWN = 1 << 30 };

/* What /proc/PID/maps has before the name of a memfd. */
#define MEMFD_PATH "/memfd:"

struct vma {
	uint64_t start, end, pgoff, shmid;
	uint32_t prot, flags, status;
};

static inline bool vma_is_file(const struct vma *a)
{
	return a->status & (VMA_FILE_PRIVATE | VMA_FILE_SHARED);
}

static inline bool vma_is_shared(const struct vma *a)
{
	return a->flags & VMA_MAP_SHARED ||
	       a->status & (VMA_FILE_SHARED | VMA_ANON_SHARED | VMA_SYSVIPC);
}

#endif

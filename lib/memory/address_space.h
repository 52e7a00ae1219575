/* SPDX-License-Identifier: MIT
 *
 * The memory of a task: its mappings over its own pages, and over those of
 * shared segments.
 *
 *   private mapping   pagemap-PID, and below it a memfd's pagemap-shmem
 *   shared mapping    pagemap-shmem-ID at the mapping's offset
 *   of SysV segments  the same, or an ipcns-shm image (segments.h)
 *
 * What no image has (unmapped, never touched, or unchanged bytes of a file)
 * is RUN_NONE.
 */
#ifndef CRIT_MEMORY_ADDRESS_SPACE_H
#define CRIT_MEMORY_ADDRESS_SPACE_H

#include "checkpoint/mapped_files.h"
#include "memory/pages.h"
#include "checkpoint/sysv_shm.h"
#include "checkpoint/mappings.h"

struct memory {
	const struct store *dir;
	uint32_t pid;
	uint64_t page_size;
	bool bare;			/* by memory_bare */
	struct mappings vmas;
	const struct mapped_files *mapped;	/* may be NULL */
	struct crit_error *err;

	struct pages_pool pool;
	struct pages pages;		/* the task's own */
	struct pages shared;		/* of the segment that was read last */
	uint64_t shared_id;
	bool own_open, shared_open;

	struct sysv_shm segments;	/* that have no pagemap */
	bool lost;			/* a SysV segment was met that is in */
	uint64_t lost_id;		/* no image */

	/* may be set: called for pagemaps that were read to their ends */
	bool (*finished)(void *ctx, const struct pages_end *);
	void *ctx;
};

/* Reads the mappings of a task. page_size 0: as its auxiliary vector says,
 * or 4096. *absent: it has no mm image. Files of mappings are wanted from
 * mapped, if that is not NULL, and it is to be loaded before memory_run. */
bool memory_open(struct memory *m, const struct store *dir, uint32_t pid,
		 uint64_t page_size, struct mapped_files *mapped, bool *absent,
		 struct crit_error *err);
void memory_close(struct memory *m);

/* For a task that has pages but no known mappings: each range of addresses with
 * pages becomes a mapping, VMA_UNKNOWN. */
bool memory_bare(struct memory *m);

/* What is at addr: as far as it is of one kind. In addresses of no mapping
 * RUN_NONE up to the next one. */
bool memory_run(struct memory *m, uint64_t addr, struct run *run);

/* The same, where the mapping at addr is known. */
bool memory_vma_run(struct memory *m, const struct vma *a, uint64_t addr,
		    struct run *run);

/* No more runs: reads the pagemaps that are open to their ends, since entries
 * that are not sorted hide pages. */
bool memory_finish(struct memory *m);

/* Bytes of a run, as pages_read. */
size_t memory_read(struct memory *m, const struct run *run, uint64_t addr,
		   void *buf, size_t n);

/* The id of the shared segment that holds its bytes. */
bool memory_segment(const struct memory *m, const struct vma *a, uint64_t *id);

/* What the mapping is, as in /proc/PID/maps: "[heap]", a file name, ...
 * The result is in buf or elsewhere; never NULL. */
const char *memory_what(const struct memory *m, const struct vma *a, char *buf,
			size_t size);

#endif

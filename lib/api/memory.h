/* SPDX-License-Identifier: MIT
 *
 * The memory of a task through the API: read (memory.c), changed (change.c).
 */
#ifndef CRIT_API_MEMORY_H
#define CRIT_API_MEMORY_H

#include "api/dir.h"
#include "memory/address_space.h"

struct crit_memory {
	struct crit *c;
	const struct crit_dir *dir;
	struct crit_error err;
	struct memory memory;
	struct mapped_files mapped;
};

/* Opens what m->dir has of the task. False: m->err. */
bool api_memory_open(struct crit_memory *m, uint32_t pid, uint64_t page_size);

/* n bytes at addr; those that no image has are zeros, and counted. */
bool api_memory_bytes(struct crit_memory *m, uint64_t addr, uint8_t *p,
		      size_t n, uint64_t *absent);

/* An error is reported once: the next call may succeed. */
bool api_memory_result(struct crit_memory *m, bool ok, struct crit_error *err);

#endif

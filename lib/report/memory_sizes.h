/* SPDX-License-Identifier: MIT
 *
 * Why is it big? Mappings by what images hold of them, the largest first; then
 * totals of tasks and of kinds.
 */
#ifndef CRIT_REPORT_MEMORY_SIZES_H
#define CRIT_REPORT_MEMORY_SIZES_H

#include "memory/kind.h"
#include "memory/ranges.h"

struct memory_size {
	uint32_t pid;
	enum memory_kind kind;
	size_t what;			/* in names */
	uint64_t hash, mappings, mapped;
	uint64_t present, parent, lazy, zero;	/* bytes of memory */
	uint64_t bytes;			/* in images here */
};

struct memory_sizes {
	struct memory_size *rows;	/* by pid, kind and name */
	size_t n, cap, task;		/* task: where the last one begins */
	char *names;
	size_t n_names, cap_names;
	struct crit_error *err;
};

/* A task more; those of its mappings that are chosen. */
bool memory_sizes_add(struct memory_sizes *s, struct memory *m,
		      const struct memory_choice *choice);

enum {
	SIZES_MAPPINGS = 1, SIZES_TASKS = 2, SIZES_KINDS = 4,
	SIZES_PARTS = 3, SIZES_ALL = 7,
};

void memory_sizes_print(struct memory_sizes *s, struct out *out, bool records,
			unsigned parts);
void memory_sizes_free(struct memory_sizes *s);

#endif

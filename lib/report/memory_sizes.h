/* SPDX-License-Identifier: MIT
 *
 * Why is it big? Mappings by what images hold of them, the largest first; then
 * totals of tasks and of kinds.
 */
#ifndef CRIT_REPORT_MEMORY_SIZES_H
#define CRIT_REPORT_MEMORY_SIZES_H

#include "memory/kind.h"
#include "memory/ranges.h"
#include "report/memory_map.h"
#include "report/same_pages.h"

struct memory_size {
	uint32_t pid;
	enum memory_kind kind;
	size_t what;			/* in names */
	uint64_t hash, mappings;
	struct memory_bytes bytes;
	uint64_t zero_pages, equal_pages;	/* of these, if they are counted */
};

struct memory_sizes {
	struct memory_size *rows;	/* by pid, kind and name */
	size_t n, cap, task;		/* task: where the last one begins */
	char *names;
	size_t n_names, cap_names;
	/* may be set: read pages, and count those that are all zeros, and those
	 * that have the same bytes as another */
	bool count_zero, count_equal;
	uint8_t *page;			/* memory_scan.c */
	struct same_pages same;
	struct crit_error *err;
};

/* A task more; those of its mappings that are chosen. */
bool memory_sizes_add(struct memory_sizes *s, struct memory *m,
		      const struct memory_choice *choice);

/* memory_scan.c: counts pages of a mapping for a row; the equal ones, when all
 * tasks were added. */
bool memory_scan(struct memory_sizes *s, struct memory *m, const struct vma *a,
		 size_t row);
bool memory_scan_end(struct memory_sizes *s);
void memory_scan_free(struct memory_sizes *s);

enum {
	SIZES_MAPPINGS = 1, SIZES_TASKS = 2, SIZES_KINDS = 4,
	SIZES_PARTS = 3, SIZES_ALL = 7,
};

/* Call memory_scan_end before. */
void memory_sizes_print(struct memory_sizes *s, struct out *out, bool records,
			unsigned parts);
void memory_sizes_free(struct memory_sizes *s);

#endif

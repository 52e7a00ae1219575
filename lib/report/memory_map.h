/* SPDX-License-Identifier: MIT
 *
 * The map of a task: a line (or record) for each mapping, with what the
 * images hold of it.
 */
#ifndef CRIT_REPORT_MEMORY_MAP_H
#define CRIT_REPORT_MEMORY_MAP_H

#include "memory/ranges.h"

/* Pages of one mapping; each is in one of these. */
struct memory_count {
	uint64_t present;	/* bytes in a pages image of this directory */
	uint64_t parent;	/* bytes in one of a parent */
	uint64_t lazy;		/* with a page server */
	uint64_t zero;		/* known to be zero; no bytes */
	uint64_t absent;	/* in no image */
	uint64_t bytes;		/* that this directory's pages images hold */
	char file[64];		/* the first of them; "": none */
	uint64_t offset;	/* and where in it */
};

bool memory_count(struct memory *m, const struct vma *a,
		  struct memory_count *count);

/* The same in bytes, to be added up. */
struct memory_bytes {
	uint64_t mapped;		/* of the mappings */
	uint64_t present, parent, lazy, zero;
	uint64_t stored;		/* in pages images of this directory */
};

bool memory_weigh(struct memory *m, const struct vma *a,
		  struct memory_bytes *bytes);
void memory_bytes_add(struct memory_bytes *to, const struct memory_bytes *b);

void memory_list_head(struct out *out);

/* All of a task, or the mappings that are chosen (NULL: all). runs: a line for
 * each run of pages instead. */
bool memory_list(struct memory *m, struct memory_choice *choice,
		 struct out *out, bool records, bool runs);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The memory of a task in A and in B: memory.c walks both, compare.c looks at
 * bytes.
 */
#ifndef CRIT_DIFF_MEMORY_H
#define CRIT_DIFF_MEMORY_H

#include "diff/print.h"
#include "memory/address_space.h"

enum { COMPARE_PIECE = 128 << 10 };

/* Shared segments that have been compared: by one task, for all. */
struct segment_seen {
	uint64_t id[2], offset[2], size;
};

struct all_memory {
	struct diff *d;
	struct mapped_files mapped[2];
	struct list seen;		/* struct segment_seen */
	uint8_t *buf[2];
	uint64_t nowhere;		/* tasks without bytes on both sides, */
	uint32_t first;			/* and the first of them */
};

/* All mappings of a task: memory.c. */
bool memory_compare(struct all_memory *all, struct memory *a, struct memory *b);

/* Where the data of a file are: what was asked last. */
struct extent {
	const struct blob *blob;
	uint64_t from, to;
	bool hole;
};

struct memories {
	struct diff *d;
	struct memory *m[2];
	uint64_t page;			/* the page size */
	uint8_t *buf[2];		/* COMPARE_PIECE, or a larger page */
	size_t size;

	struct pages_differ sum;	/* of the mapping */
	bool zeros;			/* what it does not have reads as zeros */
	uint64_t from, to;		/* pages that are not yet told */
	enum change_kind change;
	struct extent extents[2];
	const struct blob *last[2];	/* whether these are one file */
	bool one_file;
	bool nowhere;			/* neither has some of its bytes */
};

/* n pages from addr on, of which an enum change_kind is known. */
void memories_pages(struct memories *s, uint64_t addr, uint64_t end,
		    enum change_kind c);

/* The bytes of two runs, from addr to end. */
bool compare_runs(struct memories *s, const struct run *a, const struct run *b,
		  uint64_t addr, uint64_t end);

/* Pages that only one has: told, but where they read as zeros and need not be
 * there. */
bool compare_lone(struct memories *s, int side, const struct run *run,
		  uint64_t addr, uint64_t end);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Pagemaps are judged entry by entry as they pass. What is left of one is a
 * sum; ranges that are "in the parent" go to a spool, which is held against
 * the parent's pagemap as soon as the child's has ended.
 *
 *   pagemap_entry ─┬─► order, flags, blocks
 *                  ├─► mappings of the task (mm came before)
 *                  ├─► sum ─► pages-N.img, stats-dump, segments
 *                  └─► spool of parent ranges ─► parents.c
 */
#ifndef CRIT_CHECK_PAGES_H
#define CRIT_CHECK_PAGES_H

#include "check/check.h"

enum { PE_PARENT = 1, PE_LAZY = 2, PE_PRESENT = 4, PE_ALIGNED = 8 };

struct pagemap_sum {
	uint32_t image;
	bool task, has_head, broken;
	uint64_t number;	/* pid, or shmid */
	uint64_t pages_id;
	uint64_t present;	/* pages */
	uint64_t payload;	/* end of the last one's bytes */
	uint64_t end;		/* of the last entry */
	uint64_t end_entry;
	uint64_t digest;	/* of all entries */
	uint64_t entries;
	bool compressed;
	bool new_count;		/* an entry has nr_pages (CRIU 4.2) */
};

struct page_range {
	uint64_t start, end;	/* bytes */
	uint64_t entry;
};

struct page_vma {
	uint64_t start, end;
	bool private, lazy;
};

struct pages {
	struct pagemap_sum sum;
	uint64_t page_size, last_start, last_end;
	bool first, unsorted, judged;	/* judged: its mappings are known */
	struct check_list vmas;		/* struct page_vma, sorted */
	size_t vma;			/* cursor */
	size_t last_vma;		/* of the entry before */
	struct spool parent;		/* struct page_range */
	struct page_range pending;
	uint64_t lazy_only, no_vma;
};

bool pages_make(struct check *c);
void pages_free(struct check *c);

/* A pagemap begins (any other image: nothing), ends, breaks off. */
void pages_begin(struct check *c);
void pages_end(struct check *c);
void pages_lost(struct check *c);
void check_pagemap_entry(struct check *c, void *row);

/* pages_vma.c: the mappings of the task of this pagemap; an entry of it. */
void pages_mappings(struct check *c, uint64_t pid);
void pages_in_mappings(struct check *c, const struct page_range *r,
		       uint64_t flags);

/* parents.c: the ranges in the spool, in the pagemap of that name. */
enum { PARENTS_MAX = 100 };
void pages_in_parents(struct check *c, const char *name);

/* parent.c: the chain itself, before the images are read. */
void parents_look(struct check *c);
void parent_failed(struct check *c, int sys);




#endif

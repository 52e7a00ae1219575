/* SPDX-License-Identifier: MIT
 *
 * Entries of a pagemap -> the bytes of its image. Fields: memory/pagemap.h.
 */
#ifndef CRIT_MEMORY_PAGEMAP_WRITE_H
#define CRIT_MEMORY_PAGEMAP_WRITE_H

#include "memory/pagemap.h"

enum { PAGEMAP_BLOCKS_MAX = 16384 };	/* of an entry that is written here */

struct pagemap_write {
	struct spool out;		/* the image so far */
	bool compat;			/* counts as CRIU before 4.2 has them */
	struct crit_error *err;
};

/* What an entry says; sizes: n_sizes of its blocks, or none. */
struct pagemap_says {
	uint64_t vaddr, pages;
	uint32_t flags;			/* PAGEMAP_PRESENT, ... */
	const uint32_t *sizes;
	size_t n_sizes;
	uint32_t per_block;		/* pages of a block */
};

/* Begins an image like that one: head words, kind of page counts; pages_id: the
 * number of its pages image. like stays the caller's. */
bool pagemap_write_open(struct pagemap_write *w, const struct pagemap *like,
			uint64_t pages_id, struct crit_error *err);
bool pagemap_write_entry(struct pagemap_write *w, const struct pagemap_says *e);
void pagemap_write_close(struct pagemap_write *w);

#endif

/* SPDX-License-Identifier: MIT
 *
 * What an entry of a pagemap says, whoever reads it and whichever CRIU wrote
 * it:
 *
 *   v1.0   compat_nr_pages, in_parent
 *   v3.5   compat_nr_pages, flags
 *   v4.2   nr_pages, flags
 */
#ifndef CRIT_CHECKPOINT_PAGE_RUN_H
#define CRIT_CHECKPOINT_PAGE_RUN_H

#include "facts.h"

#include <stdbool.h>
#include <stdint.h>

/* Of a development version; the other bits of the flags are in facts.h. */
enum { PAGEMAP_ALIGNED = 8 };

enum { PAGE_SIZE_USUAL = 4096, PAGE_SIZE_MAX = 4 << 20 };

struct page_run {
	uint64_t vaddr, n_pages;
	uint32_t flags;
};

/* Without flags, pages are in the image, or in the parent's. */
static inline uint64_t page_run_flags(bool has_flags, uint64_t flags,
				      bool in_parent)
{
	if (in_parent)
		return flags | PAGEMAP_PARENT;
	return has_flags ? flags : PAGEMAP_PRESENT;
}

/* The size of a task's pages, by AT_PAGESZ of its auxiliary vector; 0: it says
 * nothing. */
static inline uint64_t page_size_by(uint64_t at_pagesz)
{
	bool sane = at_pagesz >= PAGE_SIZE_USUAL && at_pagesz <= PAGE_SIZE_MAX &&
		    !(at_pagesz & (at_pagesz - 1));

	return sane ? at_pagesz : PAGE_SIZE_USUAL;
}

#endif

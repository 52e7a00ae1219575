/* SPDX-License-Identifier: MIT
 *
 * An entry of a pagemap -> its numbers, in pagemap.plan. They are not checked
 * yet.
 */
#ifndef CRIT_MEMORY_PAGEMAP_ENTRY_H
#define CRIT_MEMORY_PAGEMAP_ENTRY_H

#include "memory/pagemap.h"

/* The slots of the plan. */
enum {
	PAGEMAP_PAGES_ID = 1, PAGEMAP_VADDR, PAGEMAP_COMPAT, PAGEMAP_IN_PARENT,
	PAGEMAP_FLAGS, PAGEMAP_NR_PAGES, PAGEMAP_SIZES, PAGEMAP_TOTAL,
	PAGEMAP_PER_BLOCK,
};

extern const struct sink_ops pagemap_sink_ops;

/* The fields that the plan looks at. */
void pagemap_bind(struct pagemap *p);

#endif

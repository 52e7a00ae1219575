/* SPDX-License-Identifier: MIT
 *
 * A pagemap and its pages -> another pagemap and other pages that hold the
 * same memory: parents merged, blocks packed or unpacked, zeros left out.
 *
 *   pagemap, pages, parents ─► runs ─► pieces ─┬─ raw ──────► ranges ─┬─► pages
 *                                              └─ compress ─► blocks ─┘
 *                                                   └────► entries ─────► pagemap
 *
 * Formats: lib/memory/pagemap.h. Memory is bounded by two blocks.
 */
#ifndef CRIT_COPY_PAGES_H
#define CRIT_COPY_PAGES_H

#include "base/blob_copy.h"
#include "checkpoint/mappings.h"
#include "memory/pagemap_write.h"
#include "memory/pages.h"

struct pages_options {
	bool flatten;		/* pages of parents become pages here */
	bool drop_zero;		/* leave out zeros that a restore gives anyway */
	bool no_memory;		/* all pages read as zeros */
	uint32_t block;		/* bytes of an LZ4 block; 0: raw pages */
	int acceleration;	/* of LZ4: 1 packs best */
};

/* Pages that lie over those of the source: at addr (in a segment: the offset)
 * the bytes of blob from at on. They ascend. */
struct pages_over {
	uint64_t addr, at;
};

struct pages_overlay {
	const struct pages_over *pages;
	size_t n;
	const struct blob *blob;
};

/* What the rewriting of one pagemap came to. */
struct pages_counts {
	uint64_t pages;			/* that are stored here */
	uint64_t before, after;		/* bytes of their payloads */
	uint64_t dropped;		/* pages of zeros left out */
	uint64_t in_parent;		/* pages that a parent still holds */
	bool packed_before;		/* some were in LZ4 blocks */
};

struct pages_rewrite {
	/* set by the caller */
	const struct store *store;
	const char *base;		/* "pagemap-12", "pagemap-shmem-3" */
	const struct pages_options *options;
	uint64_t page_size;
	struct mappings *mappings;	/* of the task; NULL: none are known */
	bool raw;			/* without mappings: never packed */
	const struct pages_overlay *over;	/* NULL: none */
	uint64_t new_id;		/* of the pages image; 0: as before */
	struct blob_copy *to;		/* the pages image; NULL: only counted,
					   for raw pages without drop_zero */
	struct crit_error *err;

	/* results */
	struct pagemap_write map;	/* its image is in map.out */
	uint64_t pages_id;		/* of before */
	struct pages_counts counts;
};

/* False: *err. pages_rewrite_close in any case. */
bool pages_rewrite(struct pages_rewrite *r);
void pages_rewrite_close(struct pages_rewrite *r);

#endif

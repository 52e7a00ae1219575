/* SPDX-License-Identifier: MIT
 *
 * The parts of pages_rewrite: pieces of one kind (pages.c), and how they are
 * stored: raw or in LZ4 blocks (pages_store.c).
 */
#ifndef CRIT_COPY_PAGES_PARTS_H
#define CRIT_COPY_PAGES_PARTS_H

#include "copy/pages.h"

struct rewriting {
	struct pages_rewrite *r;
	struct pages pages;
	struct pages_pool pool;
	size_t over;			/* pages of the overlay that were met */
	struct blob_known known;	/* data of the pages image */

	/* the entry that is being written */
	bool have;
	bool raw;			/* its pages stay raw */
	uint64_t start, end;
	uint32_t flags;

	/* LZ4: the block that is being filled, and those of the entry */
	uint8_t *block, *packed;
	size_t filled, bound;
	uint32_t *sizes;
	size_t n_sizes;
	bool all_raw, stored;
};

/* Bytes for blocks, where they are needed. */
bool pages_store_open(struct rewriting *w);
void pages_store_close(struct rewriting *w);

/* The pages of a run, present from now on; flags: those that stay beside
 * PRESENT. raw: they are never packed. */
bool pages_store(struct rewriting *w, const struct run *run, uint32_t flags,
		 bool raw);

/* An entry without payload. */
bool pages_mark(struct rewriting *w, uint64_t start, uint64_t end,
		uint32_t flags);

/* Ends the entry, if one is open. */
bool pages_entry_end(struct rewriting *w);

#endif

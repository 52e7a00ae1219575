/* SPDX-License-Identifier: MIT
 *
 * A pagemap, its pages image, and the layer below it: for pages.c, pages_*.c.
 */
#ifndef CRIT_MEMORY_LAYER_H
#define CRIT_MEMORY_LAYER_H

#include "memory/pages.h"

enum { PAGES_SIZES = 256 };		/* block sizes held at a time */

struct pages_layer {
	struct pagemap map;
	const struct store *dir;
	struct store own;		/* of a parent: dir is this */
	struct pages_layer *parent;
	unsigned depth;
	bool no_map;			/* the pagemap does not exist */
	char base[64];			/* pagemap-12.img */
	char name[PAGES_WHERE_MAX];	/* parent/pagemap-12.img */
	char file[PAGES_WHERE_MAX];	/* parent/pages-1.img */

	struct blob blob;		/* the pages, when they are open */
	bool no_file;			/* there is no pages image */

	uint32_t sizes[PAGES_SIZES];		/* of blocks first.. of the entry */
	uint64_t first, n_sizes, sizes_entry;
	uint64_t block, block_at;	/* a block, and where its bytes are */

	uint8_t *unpacked;		/* the block in the buffer */
	uint64_t unpacked_at;
	size_t unpacked_size, capacity;
	struct pages_layer *next_held;	/* in the pool */

	const struct pagemap_entry *entry;	/* map.entry, or a past one */
	struct pagemap_entry *past;	/* NULL: it never had to go back */
	uint64_t n_past;		/* the last of them are kept */
};

/* dir must outlive it. NULL: *err. */
struct pages_layer *layer_open(const struct store *dir, const char *base,
			       uint64_t page_size, struct crit_error *err);
void layer_free(struct pages_layer *l);

/* Opens its pages image. layer_look: if it is there; what only asks where pages
 * are does without. */
bool layer_file(struct pages_layer *l);
bool layer_look(struct pages_layer *l);

/* The layer below; opened at the first page that is said to be there. */
struct pages_layer *layer_parent(struct pages *p, struct pages_layer *l);

/* The first entry that ends after addr, if any: l->entry. */
bool layer_seek(struct pages_layer *l, uint64_t addr);

/* What is at addr. *parent: it is in the parent. */
bool layer_run(struct pages_layer *l, uint64_t addr, struct run *run,
	       bool *parent);

/* Forgets the block that it has unpacked. */
void layer_drop(struct pages_pool *pool, struct pages_layer *l);

#endif

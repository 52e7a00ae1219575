/* SPDX-License-Identifier: MIT
 *
 * pagemap-PID.img and pagemap-shmem-ID.img: which pages are where. A cursor
 * that reads forward in a bounded window and checks what it passes.
 *
 *   entry    0            1          2        3
 *   pages    |present....|  hole  |parent|present with blocks..|
 *   payload  |pages......|                |lz4|raw..|lz4|        in pages-N.img
 *
 * Writers: v1.0 (compat_nr_pages, in_parent), v3.5 (compat_nr_pages, flags),
 * v4.2 (nr_pages, flags), 2026 (blocks, PAYLOAD_ALIGNED).
 */
#ifndef CRIT_MEMORY_PAGEMAP_H
#define CRIT_MEMORY_PAGEMAP_H

#include "checkpoint/page_run.h"
#include "checkpoint/plan.h"
#include "store/store.h"
#include "image/read.h"

enum {
	PAGEMAP_BLOCK_MAX = 4 << 20,	/* bytes of an unpacked block */
};

struct pagemap_entry {
	uint64_t start, end;		/* addresses */
	uint64_t flags;
	uint64_t at, size;		/* payload in the pages image */
	uint64_t blocks;		/* 0: as it is */
	uint64_t block_size;		/* unpacked; the last may be shorter */
	uint64_t zero;			/* bytes in blocks of zeros */
};

struct pagemap {
	struct sink sink;
	struct image_source source;
	struct blob blob;
	const char *name;
	const struct schema *schema;
	uint64_t page_size;		/* a power of two */
	unsigned page_shift;
	struct crit_error *err;

	uint64_t pages_id;
	bool has_head;
	bool strict;			/* blocks or alignment were seen */
	bool have;			/* entry is one */
	struct pagemap_entry entry;
	uint64_t from;			/* end of the entry before, or 0 */
	uint64_t last_start;		/* of the entry before */
	uint64_t index;			/* of entry */
	uint64_t payload;		/* end of the payloads so far */
	uint64_t digest;		/* of the entries so far */

	/* the message that is being read */
	struct plan plan;		/* its values: pagemap_entry.h */
	bool has_blocks, in_blocks, obsolete;
	uint64_t sum;			/* of the sizes of its blocks */
	struct spool sizes;		/* uint32_t each */
	uint32_t pending[256];		/* not yet in it */
	unsigned n_pending;
};

/* Opens the image and reads its head. name must outlive the cursor. Returns
 * false with *err set, or *absent if the file does not exist. */
bool pagemap_open(struct pagemap *p, const struct store *dir,
		  const char *name, uint64_t page_size, bool *absent,
		  struct crit_error *err);
void pagemap_close(struct pagemap *p);

/* The next entry: 1, 0 at the end, -1 and *err. */
int pagemap_next(struct pagemap *p);

/* Back to before the first entry. */
bool pagemap_rewind(struct pagemap *p);

/* Sizes of n blocks of the entry, from block i. False: *err. */
bool pagemap_sizes(struct pagemap *p, uint64_t i, uint32_t *sizes, size_t n);

/* An error in the current entry. Returns false. */
bool pagemap_bad(struct pagemap *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif

/* SPDX-License-Identifier: MIT
 *
 * Lists of extents: where the bytes of files lie that are not in one piece.
 * Many lists grow side by side, each a chain of blocks; what does not fit into
 * a bounded memory lies in an unlinked file.
 */
#ifndef CRIT_STORE_EXTENTS_H
#define CRIT_STORE_EXTENTS_H

#include "base/error.h"
#include "codec/wire.h"

#include <stddef.h>

enum {
	EXTENTS_MEMORY = (32 << 10) / CRIT_SCALE,	/* slots of memory */
	EXTENTS_BLOCK = 4096,		/* slots of the largest block */
	EXTENTS_PAGE = 128,		/* slots that are read and written at once */
	EXTENTS_PAGES = 8,		/* of these in memory */
};

/* Bytes [at, at + size) of a file lie at from; what no extent has is zeros. */
struct extent {
	uint64_t at, size, from;
};

struct extent_page {
	uint64_t n;			/* 1 + its number, or 0 */
	bool changed;
	struct extent slot[EXTENTS_PAGE];
};

struct extents {
	struct extent *memory;
	size_t cap;
	uint64_t n;			/* slots in use; the first ones in memory */
	struct extent_page *pages;	/* of the file, by number modulo their count */
	int temp;			/* -1: none yet */
};

/* All zeros: an empty list. */
struct extent_list {
	uint64_t first;			/* 1 + the head of its first block, or 0 */
	uint64_t n;
	uint64_t last;			/* while it grows: the last block, */
	uint32_t used, room;		/* and how much of that */
};

void extents_init(struct extents *x);
void extents_free(struct extents *x);

/* Appends e, which lies behind all others of the list. False: *err. */
bool extents_add(struct extents *x, struct extent_list *l,
		 const struct extent *e, struct crit_error *err);

/* Changes the last one of a list that has any. */
bool extents_last(struct extents *x, const struct extent_list *l,
		  struct extent *e, struct crit_error *err);
bool extents_set_last(struct extents *x, const struct extent_list *l,
		      const struct extent *e, struct crit_error *err);

/* A place in a list: offsets that go forward are cheap. All zeros: its start. */
struct extent_place {
	uint64_t block;			/* 1 + its head, or 0 */
	uint64_t before;		/* extents in blocks before it */
};

/* What is at this offset of the file: an extent, from there on, or a hole up to
 * the next one or UINT64_MAX. False: *err. */
#define EXTENT_HOLE UINT64_MAX		/* from */
bool extents_find(struct extents *x, uint64_t first, uint64_t n,
		  struct extent_place *place, uint64_t at, struct extent *e,
		  struct crit_error *err);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Address -> bytes, by a pagemap and the pages image it describes; pages that
 * are "in the parent" by the same pagemap of the directory that the link
 * named parent leads to, and so on.
 *
 *   struct pages   layer 0: DIR/pagemap-12.img, DIR/pages-1.img
 *                  layer 1: DIR/parent/pagemap-12.img, ...
 *
 * Each layer reads forward; going back starts it again, or finds what it has
 * kept since it was.
 */
#ifndef CRIT_MEMORY_PAGES_H
#define CRIT_MEMORY_PAGES_H

#include "memory/pagemap.h"

enum {
	PAGES_DEPTH_MAX = 200, PAGES_WHERE_MAX = 256,
	PAGES_POOL_MAX = (4 << 20) + (32 << 10),	/* a block, with room */
};

enum run_kind {
	RUN_NONE,	/* no pages there */
	RUN_LAZY,	/* pages that a page server kept */
	RUN_ZERO,	/* a block that is all zeros and has no bytes */
	RUN_RAW,	/* bytes of a pages image */
	RUN_PACKED,	/* one LZ4 block */
};

struct pages_layer;

/* A range of addresses of one kind, from the requested one on. */
struct run {
	uint64_t start, end;
	enum run_kind kind;
	unsigned depth;			/* 0: this directory's own pages */
	const struct blob *blob;	/* RAW, PACKED: the pages image, which
					   pages_file opens */
	const char *file;		/* and its name */
	uint64_t at, size;		/* bytes in it; PACKED: of the block */
	uint64_t block;			/* PACKED: address where it begins */
	uint64_t block_size;		/* and bytes of it, unpacked */
	struct pages_layer *layer;
	bool shared;			/* of a segment, by memory.h */
};

/* The layers that hold an unpacked block, the one used last first: many small
 * blocks, or one of 4 MiB. */
struct pages_pool {
	struct pages_layer *first;
	size_t held;
};

struct pages {
	struct pages_layer *top;	/* NULL: no pagemap, no pages */
	struct pages_pool *pool;
	uint64_t page_size;
	bool holes;		/* pages_run found some */
	struct crit_error *err;
};

/* Opens BASE.img of the directory, where it is there; base: pagemap-12. The
 * pool is to outlive it; others may use the same. */
bool pages_open(struct pages *p, const struct store *dir, const char *base,
		uint64_t page_size, struct pages_pool *pool,
		struct crit_error *err);
void pages_close(struct pages *p);

/* Whether the pagemap does not exist. */
bool pages_none(const struct pages *p);

/* What is at addr, as far as the entry (or block) goes. */
bool pages_run(struct pages *p, uint64_t addr, struct run *run);

/* Whether the bytes of a RUN_RAW or RUN_PACKED can be read: what only asks
 * where pages are does without a pages image. False: *err of the pages. */
bool pages_file(const struct run *run);

/* Reads n bytes at addr of a run into buf; RUN_NONE and RUN_LAZY read as
 * zeros. At most n bytes: returns how many, 0 and *err. */
size_t pages_read(struct pages *p, const struct run *run, uint64_t addr,
		  void *buf, size_t n);

/* Where there were holes, reads all pagemaps that are open to their ends:
 * entries that are not sorted hide pages, and only the end tells. */
bool pages_check(struct pages *p);

/* A pagemap that was read to its end. */
struct pages_end {
	const char *name, *file;	/* of it, and of its pages image */
	uint64_t trailing;		/* bytes that the image has too much */
	bool has_id;
	uint64_t id, digest;		/* pages_id; what the entries say */
};

/* Reads the pagemap to its end. Too many bytes in the pages image are an
 * error where payloads are compressed. */
bool pages_finish(struct pages *p, struct pages_end *end);

#endif

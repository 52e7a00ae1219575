/* SPDX-License-Identifier: MIT
 *
 * A whole checkpoint, file by file, to somewhere else, changed on the way.
 *
 *   tree ─► member ─┬─ no image ──────────────────────────────┐
 *                   ├─ image ─► records replace it ───────────┤
 *                   ├─ pagemap, pages ─► pages_rewrite ───────┼─► target
 *                   └─ inventory ─► compression fields ───────┘
 *   images that only the records have ────────────────────────┘
 */
#ifndef CRIT_COPY_COPY_H
#define CRIT_COPY_COPY_H

#include "copy/changes.h"
#include "copy/huge.h"
#include "copy/pages.h"
#include "copy/target.h"
#include "copy/tree.h"
#include "store/store.h"

struct copy {
	/* set by the caller */
	const struct store *store;	/* listed; NULL: nothing is changed */
	const char *source;		/* for messages */
	const char *at;			/* where the images are in the tree:
					   "" or "checkpoint/" */
	const char *prefix;		/* before each path: "" or "a/" */
	struct target *target;
	struct changes *changes;		/* NULL: none */
	bool whole;			/* changes are all images there are */
	const char *const *drop;	/* names or globs that are left out */
	bool *dropped;			/* NULL, or set where one matched */
	size_t n_drop;
	bool images_only;
	bool flat;			/* the target has no directories */
	bool changed_only;		/* in place: nothing else is written */
	bool rewrite;			/* pages, by these options */
	struct pages_options pages;
	bool sized;			/* the target wants sizes first */

	/* may be NULL; called for each member left out, and with warnings */
	void (*left_out)(void *ctx, const char *path);
	void (*warn)(void *ctx, const char *name, const char *what);
	/* may be NULL; called for each pagemap that was rewritten */
	void (*rewrote)(void *ctx, const char *base, const struct pages_counts *);
	void *ctx;
	struct crit_error *err;

	/* inside */
	uint64_t page_size;
	uint64_t wrote;			/* members */
	bool image;			/* a name is one of an image */
	struct huge huge;		/* read with the first segment */
	bool huge_known;
	bool told_xattrs;
};

/* Which of n globs matches a path or its base name, or -1. */
int copy_drops(const char *const *drop, size_t n, const char *path);

/* One member of the tree; a tree_member. */
bool copy_member(void *copy, const struct member *m, const struct blob *b);

/* After the last one: the images that are new. */
bool copy_end(struct copy *c);

/* Larger inventories, which CRIU does not write, are refused. */
enum { INVENTORY_MAX = 8 << 10 };

/* The fields of an inventory that tell of compression: block bytes, or 0 for
 * none. Writes n bytes at p, changed, to a spool. */
bool copy_inventory(const uint8_t *p, size_t n, uint32_t block,
		    bool parent_packed, struct spool *to,
		    struct crit_error *err);

/* How an inventory says its pages are stored: 0 raw, else bytes of a block. 0
 * also where *err is set. */
uint32_t copy_inventory_block(const struct store *s, struct crit_error *err);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Bytes -> the memory of a task in a checkpoint directory.
 *
 *   address ─► mapping ─► page as it is now ─┐
 *                                   bytes ───┴─► changed page, put aside
 *
 *   one page, raw, here ────► written at its place
 *   any others ─► pages-NEW.img, then pagemap-*.img in place of the old one:
 *                 that is the switch; then the old pages image goes
 */
#ifndef CRIT_CHANGE_MEMORY_WRITE_H
#define CRIT_CHANGE_MEMORY_WRITE_H

#include "base/blob.h"
#include "core/sysroot.h"
#include "memory/address_space.h"

/* How a page is stored before it is written. */
enum memory_was {
	WAS_PRESENT, WAS_PACKED, WAS_PARENT, WAS_ABSENT, WAS_FILE, WAS_LAZY,
};

/* A page that is changed. */
struct memory_page {
	uint64_t key;			/* in the pagemap */
	uint32_t image;			/* number in images */
	enum memory_was was;
	uint64_t addr;			/* in the task */
	uint64_t slot;			/* number in the temporary file */
	uint64_t at;			/* PRESENT: in pages-OLD.img */
	uint64_t first, end;		/* addresses of changed bytes */
};

/* A pagemap that is concerned. */
struct memory_image {
	char base[64];			/* "pagemap-12" */
	bool shared;
	uint64_t old_id, new_id;	/* after memory_write_plan */
	bool others;			/* another pagemap has the same pages */
};

struct memory_write {
	/* set by the caller */
	const char *path;		/* of the checkpoint: for messages */
	struct memory *m;		/* with its mapped files */
	struct core_sysroot *files;	/* opened; with no root: none */
	bool plain;			/* signals are the caller's business */
	struct crit_error *err;

	/* inside */
	struct memory_page *pages;	/* by image and key */
	size_t n, cap;
	struct memory_image *images;
	size_t n_images, cap_images;
	int temp;			/* the changed pages, or -1 */
	uint8_t *page;			/* one */
	char dir[4096];			/* of the images */
	bool in_place, planned;
};

/* False and *err: the checkpoint is no directory, no memory. */
bool memory_write_open(struct memory_write *w);
void memory_write_close(struct memory_write *w);	/* also without open */

/* n bytes from addr on are these from now on. Pages that lose all their bytes
 * by one call need not be known. Nothing is written yet. */
bool memory_write_put(struct memory_write *w, uint64_t addr, const void *p,
		      size_t n);

/* n bytes at addr, as they are after what was put. False: *err, also where no
 * image has them. */
bool memory_write_get(struct memory_write *w, uint64_t addr, void *p, size_t n);

/* memory_commit.c. Finds out how it will be written: in_place, or images and
 * their new_id. */
bool memory_write_plan(struct memory_write *w);

/* Writes it. memory_commit.c. */
bool memory_write_commit(struct memory_write *w);

/* For the other files here: index in w->pages of a page, or where to insert it.
 * */
size_t memory_write_place(const struct memory_write *w,
			  const struct memory_page *page, bool *known);

/* memory_page.c. The page's bytes as they are now into w->page. whole: they
 * will all be replaced. */
bool memory_page_find(struct memory_write *w, uint64_t addr, bool whole,
		      struct memory_page *page);

#endif

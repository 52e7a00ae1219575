/* SPDX-License-Identifier: MIT
 *
 * A task of a checkpoint -> an ELF core, as a stream.
 *
 *   core-TID.img of each thread ─► notes ────────┐
 *   mm, files.img ─► mappings ─┐                 ├─► headers, notes, bytes
 *   pagemaps ──────────────────┴─► segments ─────┘
 *
 * Notes and segments are known before the first byte is written; pages go
 * straight from the images to the output.
 */
#ifndef CRIT_CORE_CORE_H
#define CRIT_CORE_CORE_H

#include "checkpoint/mapped_files.h"
#include "core/elf.h"
#include "core/notes.h"
#include "core/segments.h"

struct core {
	/* may be set before core_open */
	const char *sysroot;		/* NULL: no bytes of files */
	/* called with what the core lacks; may be NULL */
	void (*warn)(void *ctx, const struct crit_error *);
	void *ctx;

	const struct store *dir;
	struct crit_error *err;
	struct core_tree tree;
	struct mapped_files mapped;
	struct memory memory;
	struct core_sysroot root;
	struct core_segments segments;
	struct core_notes notes;
	struct core_elf elf;
	uint64_t data_at, size;		/* of the bytes of segments; of all */
};

/* Reads what the core says of a task; no bytes of pages yet but its command
 * line. False: *err. */
bool core_open(struct core *c, const struct store *dir, uint32_t pid,
	       struct crit_error *err);

/* All of it to a descriptor; zeros become holes where it is a regular file.
 * name is for messages. */
bool core_write(struct core *c, int fd, const char *name);

/* All of it to a function, which returns false and errno where it cannot. */
bool core_write_to(struct core *c,
		   bool (*write)(void *arg, const void *p, size_t n), void *arg,
		   const char *name);
void core_close(struct core *c);	/* after any open */

/* Where the bytes of a segment begin in the file, after those that end at *at;
 * then *at is their end. UINT64_MAX and *err: the file would be too large. */
uint64_t core_place(const struct core *c, const struct core_segment *seg,
		    uint64_t *at);

#endif

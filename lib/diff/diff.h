/* SPDX-License-Identifier: MIT
 *
 * crit-diff: what changed between two checkpoints.
 *
 *   A ─► walk ─┬─► ids that stand somewhere ─┐
 *   B ─► walk ─┘                             ▼
 *                                   ids.c: which are the same
 *                                            │
 *   images of the same key, A and B          ▼
 *     ─► walk ─► units (key, hash) ─► units.c: changed, gone, appeared
 *     ─► walk ─► leaves of those   ─► detail.c ─► print.c: lines
 *
 *   memory of the same task, A and B ─► runs ─► memory.c ─► lines
 *
 * Images are read several times. What is kept is 40 bytes a unit of the image
 * at hand, and the leaves of some units that differ.
 */
#ifndef CRIT_DIFF_DIFF_H
#define CRIT_DIFF_DIFF_H

#include "base/buffer.h"
#include "diff/walk.h"

enum change_kind { CHANGED, GONE, APPEARED };

/* What a line that was printed is about. */
struct diff_line {
	enum section section;
	enum change_kind change;
	uint32_t pid;			/* 0: of no task */
	const char *image;		/* NULL: memory of a task */
	const char *path;		/* of a field, or "" */
};

struct diff_image {
	const char *name;
	struct image_id id;
	const struct image_type *type;	/* by its name; NULL: a raw image */
	unsigned sections;		/* bits: what may be in it */
	unsigned same;			/* bits: those in which it was found not
					   to differ from the other one */
	uint32_t other;			/* its number in the other one, from 1 */
	bool bad;			/* told already; it is not compared */
};

struct diff {
	/* set by the caller */
	const struct store *store[2];
	const char *name[2];		/* of directories, for messages */
	const struct schema *schema;
	struct crit_error *err;
	struct out *out;
	unsigned sections;		/* bits: what is wanted */
	bool records, pages, hex;
	bool images_only;		/* no raw images, and no memory */
	const char *const *ignore;	/* paths; "IMAGE:PATH" */
	size_t n_ignore;
	/* told what could not be read */
	void (*warn)(void *ctx, const struct crit_error *);
	/* NULL, or called after each line was written to out; false: that was
	 * enough, and no more lines come */
	bool (*told)(void *ctx, const struct diff_line *);
	void *ctx;

	/* the answer */
	bool differs, trouble;
	bool stop;			/* told said so */

	int side;			/* what is read, for messages */
	struct identities identities;
	struct ids ids;
	struct list names;		/* char: of files */
	struct list images[2];		/* struct diff_image */
	struct walk walk;
};

/* Both stores have been opened and listed. False: *err, and no answer; true:
 * differs and trouble say. */
bool diff_run(struct diff *d);

/* The word of a section, for --only; NULL after the last. */
const char *diff_section(unsigned n);

/* Parts -------------------------------------------------------------------*/

/* The read error has been reported; only lack of memory stops the comparison. */
bool diff_trouble(struct diff *d);

/* A line was put to out. */
void diff_told(struct diff *d, const struct diff_line *what);

/* A walk that does nothing yet. */
struct walk *diff_walk(struct diff *d, int side);

/* ids.c's levels: pairs.c. */
bool diff_pairs(struct diff *d);

/* Lists the images of both and matches them; images.c. */
bool diff_images(struct diff *d);
/* Once ids are known: which are the same. */
bool diff_images_match(struct diff *d);
bool diff_images_compare(struct diff *d, enum section section);

/* Whether the task is in both (or in none: then nothing is known). */
bool diff_task_stays(const struct diff *d, int side, uint32_t pid);

/* units.c: all that differs between two images of the same key; a->same. */
bool diff_units(struct diff *d, struct diff_image *a,
		const struct diff_image *b, enum section section);

/* memory.c */
bool diff_memory(struct diff *d);

#endif

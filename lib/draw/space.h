/* SPDX-License-Identifier: MIT
 *
 * Where the bytes of tasks are: mappings that belong together are one band.
 *
 *   mm, pagemap, files ─► mappings ─► bands ─► as few as can be drawn
 *                                          └► shares of all tasks
 */
#ifndef CRIT_DRAW_SPACE_H
#define CRIT_DRAW_SPACE_H

#include "checkpoint/tasks.h"
#include "draw/look.h"
#include "memory/address_space.h"
#include "report/memory_map.h"

enum {
	SPACE_ROWS = 72,	/* bands that are drawn */
	SPACE_CELLS = 96,	/* of a band, for the density of its pages */
	SPACE_NAMES = 24,	/* shares of a task; the rest is one more */
	SPACE_TASKS = 40,	/* tasks in the treemap */
};

struct space_band {
	uint64_t start, end, mappings;
	struct memory_bytes bytes;
	enum hue hue;
	unsigned prot;			/* of any of its mappings */
	bool shared;
	size_t name;			/* in names, from 1; 0: several */
	float cells[SPACE_CELLS];	/* 0 to 1 */
};

struct space_share {
	size_t name;			/* in names, from 1; 0: the rest */
	enum hue hue;
	uint64_t bytes;
};

struct space_task {
	uint32_t pid;
	struct memory_bytes bytes;
	uint64_t mappings, start, end;	/* addresses that are in use */
	uint64_t weight;		/* what the treemap goes by */
	struct space_share shares[SPACE_NAMES + 1];
	uint32_t n_shares;
};

struct space {
	struct look look;		/* names of tasks */
	struct draw *draw;
	struct mapped_files mapped;
	struct list tasks;		/* struct space_task, the largest first */
	struct list names, segments;	/* char; uint64_t: counted already */
	struct memory_bytes bytes;
	uint64_t weight;
	bool by_stored;			/* weights are bytes of images here */
};

extern const char *const space_kinds[HUES];	/* what a hue means */

bool space_open(struct space *s, struct draw *d);
void space_close(struct space *s);

static inline const char *space_name(const struct space *s, size_t at)
{
	return at ? (const char *)s->names.p + at - 1 : "others";
}

/* The name of a task, as it can be shown. */
void space_comm(const struct space *s, uint32_t pid, char to[WORDS_MAX]);

/* bands.c: the bands of a task, with their cells; list: struct space_band. */
bool space_bands(struct space *s, uint32_t pid, struct list *bands);

/* The colour of a mapping; keeps a name, and returns its place in names. */
enum hue space_hue(const struct memory *m, const struct vma *a);
size_t space_keep(struct space *s, const char *name);

#endif

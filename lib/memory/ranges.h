/* SPDX-License-Identifier: MIT
 *
 * Which addresses of a task: a range, the mappings of a name, or all of them.
 */
#ifndef CRIT_MEMORY_RANGES_H
#define CRIT_MEMORY_RANGES_H

#include "memory/address_space.h"
#include "memory/kind.h"

struct memory_choice {
	bool ranged;		/* start to end, */
	bool whole_page;	/* or to the end of the page that start is in */
	uint64_t start, end;
	const char *name;	/* else: of these mappings; NULL: of all */
	/* besides: "r-xp", or letters that it must have; NULL: any */
	const char *prot;
	unsigned kinds;		/* 1 << KIND_CODE..; 0: any */
	uint64_t n;		/* ranges that were given */
};

/* Whether a mapping has that name, protection and kind. */
bool memory_chosen(const struct memory *m, const struct vma *a,
		   const struct memory_choice *choice);

/* Gives each range to f. False: *m->err, or f said so. */
bool memory_choose(struct memory *m, struct memory_choice *choice,
		   bool (*f)(void *ctx, struct memory *, uint64_t start,
			     uint64_t end),
		   void *ctx);

#endif

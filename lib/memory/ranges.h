/* SPDX-License-Identifier: MIT
 *
 * Which addresses of a task: a range, the mappings of a name, or all of them.
 */
#ifndef CRIT_MEMORY_RANGES_H
#define CRIT_MEMORY_RANGES_H

#include "memory/address_space.h"

struct memory_choice {
	bool ranged;		/* start to end, */
	bool whole_page;	/* or to the end of the page that start is in */
	uint64_t start, end;
	const char *name;	/* else: of these mappings; NULL: of all */
	uint64_t n;		/* ranges that were given */
};

/* Gives each range to f. False: *m->err, or f said so. */
bool memory_choose(struct memory *m, struct memory_choice *choice,
		   bool (*f)(void *ctx, struct memory *, uint64_t start,
			     uint64_t end),
		   void *ctx);

#endif

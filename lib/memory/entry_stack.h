/* SPDX-License-Identifier: MIT
 *
 * What the kernel puts on the stack of a new program, below its strings: argc,
 * argv, envp, the auxiliary vector.
 */
#ifndef CRIT_MEMORY_ENTRY_STACK_H
#define CRIT_MEMORY_ENTRY_STACK_H

#include "memory/address_space.h"

struct entry_stack {
	uint64_t argv, envp, auxv, end;	/* addresses; end: behind auxv */
	uint64_t argc, envc;
	uint64_t strings;		/* the lowest string that a pointer leads
					   to, on that stack */
	struct vma vma;
	unsigned word;			/* bytes: 4 or 8 */
	bool big;			/* byte order */
	uint64_t from;			/* what was read of it last: n bytes */
	size_t n;
	uint8_t buf[512];
};

/* It is there only where all of it is as it should be, the vector the same as
 * the mm image has. False: it is not, or *m->err. */
bool entry_stack_find(struct entry_stack *s, struct memory *m);

/* A word of it, at an address. False: it has none there, or *m->err. */
bool entry_stack_word(struct entry_stack *s, struct memory *m,
		      uint64_t addr, uint64_t *value);
void entry_stack_put(const struct entry_stack *s, uint8_t *p, uint64_t value);

#endif

/* SPDX-License-Identifier: MIT
 *
 * crit-mem --write, --write-hex, --setenv: a file, digits or a variable ->
 * the memory of a task.
 */
#ifndef CRIT_MEM_WRITE_H
#define CRIT_MEM_WRITE_H

#include "memory/address_space.h"
#include "base/out.h"

struct mem_write {
	const char *file, *hex, *variable;	/* one of them */
	const char *sysroot;		/* or NULL */
	const char *path;		/* of the checkpoint */
	uint64_t start, end;
	bool exact;			/* [start, end) is what is written */
	bool dry;			/* only says what would be done */
};

/* Ends the program where the digits are none. */
void mem_write_check(const struct mem_write *j);

/* Says what it does, with dry or where it is no secret. False: *m->err. */
bool mem_write(const struct mem_write *j, struct memory *m, struct out *out);

#endif

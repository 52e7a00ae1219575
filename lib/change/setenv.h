/* SPDX-License-Identifier: MIT
 *
 * A variable of the environment that a program was started with -> another
 * value.
 *
 *   mm_start_stack ─► argc | argv.. 0 | envp.. 0 | auxv | room | strings
 *                                         │                    ▲
 *                                         └── "NAME=VALUE" ────┘
 *
 * The string changes where it lies, if the new one is not longer; else it is
 * put elsewhere, and its pointer in envp leads there.
 */
#ifndef CRIT_CHANGE_SETENV_H
#define CRIT_CHANGE_SETENV_H

#include "change/memory_write.h"

enum { SETENV_MAX = 128 << 10 };	/* NAME=VALUE, as of execve */

/* What was done. */
struct setenv_place {
	uint64_t pointer;		/* address in envp */
	uint64_t before, after;		/* addresses of the string */
};

/* text: NAME=VALUE. Puts it into w. False and *err: it is no variable of the
 * task, there is no room, or its envp is not where the kernel puts it. */
bool memory_setenv(struct memory_write *w, const char *text,
		   struct setenv_place *place);

#endif

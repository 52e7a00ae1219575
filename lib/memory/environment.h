/* SPDX-License-Identifier: MIT
 *
 * Where the environment of a task lies: the strings of the envp that the kernel
 * has put on its stack, in that order, as getenv(3) finds them. Where a program
 * has overwritten envp: the area that /proc/PID/environ shows.
 */
#ifndef CRIT_MEMORY_ENVIRONMENT_H
#define CRIT_MEMORY_ENVIRONMENT_H

#include "memory/address_space.h"

/* Calls range for each [start, end) of strings, with their NULs; a range may
 * have several strings. False: range did, or *m->err. */
bool memory_environment(struct memory *m,
			bool (*range)(void *ctx, uint64_t start, uint64_t end),
			void *ctx);

#endif

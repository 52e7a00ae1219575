/* SPDX-License-Identifier: MIT
 *
 * Where the command line of a task lies, as /proc/PID/cmdline shows it.
 */
#ifndef CRIT_MEMORY_ARGUMENTS_H
#define CRIT_MEMORY_ARGUMENTS_H

#include "memory/address_space.h"

/* [start, end): the arguments; where the program has put a title in their place
 * (setproctitle), the title with its NUL, which may go on in the environment.
 * False: *m->err. */
bool memory_arguments(struct memory *m, uint64_t *start, uint64_t *end);

/* At most n bytes at addr; 0: no image has the first, or *m->err. */
size_t memory_some(struct memory *m, uint64_t addr, uint8_t *p, uint64_t n);

/* Behind the first NUL in [addr, end): end where there is none, and the first
 * byte that no image has. */
uint64_t memory_behind_nul(struct memory *m, uint64_t addr, uint64_t end);

/* For people: why strings are not there that one would expect; "" where all are.
 * Of arguments: n bytes that are text; of an environment: its strings, and how
 * many of them are empty. */
enum { MEMORY_NOTE = 128 };
void memory_arguments_note(const struct memory *m, uint64_t n,
			   char note[MEMORY_NOTE]);
void memory_environment_note(uint64_t strings, uint64_t empty,
			     char note[MEMORY_NOTE]);

#endif

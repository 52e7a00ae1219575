/* SPDX-License-Identifier: MIT
 *
 * What the areas of --host ask of this machine. Nothing is changed, and what
 * cannot be found out is not judged.
 */
#ifndef CRIT_CHECK_HOST_H
#define CRIT_CHECK_HOST_H

#include "check/areas.h"

enum { HOST_TEXT_MAX = 1 << 20 };

/* A file of /proc or /sys as a whole, NUL at its end (alloc_free), or NULL. */
char *host_text(struct check *c, const char *path);

/* The number that a file begins with; false: not known. */
bool host_number(struct check *c, const char *path, uint64_t *v);

/* The number after a key at the start of a line: "MemAvailable:". */
bool host_value(struct check *c, const char *path, const char *key, int base,
		uint64_t *v);

/* Whether a line of the file has this word, at word n (0: any). */
bool host_has_word(struct check *c, const char *path, const char *word, int n);

/* Whether a program lies in PATH. */
bool host_program(const char *name);

/* Whether this process has a capability. */
bool host_capable(struct check *c, int capability);

/* The kernel: major << 16 | minor. */
uint32_t host_kernel(void);

#endif

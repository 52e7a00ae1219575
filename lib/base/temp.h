/* SPDX-License-Identifier: MIT
 *
 * Temporary files: where they go, and names that nobody has.
 */
#ifndef CRIT_BASE_TEMP_H
#define CRIT_BASE_TEMP_H

#include "base/error.h"

#include <stddef.h>
#include <sys/types.h>

/* Beside what they become, hidden: TEMP_BEFOREabcdefTEMP_AFTER. */
#define TEMP_BEFORE ".crit-"
#define TEMP_AFTER ".tmp"
enum { TEMP_NAME = 32 };

/* Makes a file, or a directory that only its owner can enter, below the
 * directory at: path holds what is before six random letters, after follows
 * them. path is whole before it is there: a signal may come at once. Returns a
 * descriptor; -1: errno, and path is "". */
int temp_make_file(int at, char *path, size_t cap, const char *after,
		   mode_t mode);
int temp_make_dir(int at, char *path, size_t cap, const char *after);

/* The directory for what stands beside nothing: $TMPDIR, /var/tmp or /tmp. */
const char *temp_root(void);

/* An unlinked file, there or in the next of these that works; -1 and *err. */
int temp_file(struct crit_error *err);

#endif

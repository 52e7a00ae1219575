/* SPDX-License-Identifier: MIT
 *
 * A copy as a new directory: made under another name beside its place, then
 * renamed, so that it is there whole or not at all.
 */
#ifndef CRIT_COPY_TO_DIR_H
#define CRIT_COPY_TO_DIR_H

#include "copy/target.h"

#include <limits.h>
#include <time.h>

struct to_dir_made {			/* a directory; its times are set last */
	char *path;
	struct member m;
};

struct to_dir {
	struct target target;
	const char *path;		/* the caller's */
	char temp[PATH_MAX];		/* "": nothing is there */
	int fd;				/* of temp */
	bool root;			/* owners can be set */
	struct to_dir_made *made;
	size_t n_made, cap;
};

/* path must not exist; its parent must. False: *err. */
bool to_dir_open(struct to_dir *d, const char *path, struct crit_error *err);

/* Removes what was written so far; only system calls, for signal handlers. */
void to_dir_remove(struct to_dir *d);

#endif

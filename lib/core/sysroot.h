/* SPDX-License-Identifier: MIT
 *
 * The files that a task maps, below a directory that stands for its root:
 * bytes that images leave to them. A file counts only if it has the size and
 * the build id that the images name.
 */
#ifndef CRIT_CORE_SYSROOT_H
#define CRIT_CORE_SYSROOT_H

#include "memory/address_space.h"

#include <limits.h>

struct core_sysroot {
	int root;		/* -1: none; nothing is taken from files */
	const char *path;
	const char *lost;	/* NULL, or what comes of a file that is not
				   taken */
	bool have;		/* a file was looked for: */
	uint32_t id;		/* this one */
	struct blob file;	/* none: it is not there, or another one */
	char name[PATH_MAX];

	/* of a file that is missing or another one; err has its name */
	void (*warn)(void *ctx, const struct crit_error *);
	void *ctx;
};

/* path NULL: no files. False: *err. */
bool core_sysroot_open(struct core_sysroot *r, const char *path,
		       struct crit_error *err);
void core_sysroot_close(struct core_sysroot *r);	/* after any open */

/* The address in the mapping up to which the file has bytes: to the end of its
 * last page. The mapping's start: it has none. */
uint64_t core_sysroot_end(struct core_sysroot *r, const struct memory *m,
			  const struct vma *a);

#endif

/* SPDX-License-Identifier: MIT
 *
 * An image of an archive <-> a file of its own, for crit-edit.
 */
#ifndef CRIT_EDIT_ARCHIVE_H
#define CRIT_EDIT_ARCHIVE_H

#include "base/error.h"
#include "schema/schema.h"

#include <limits.h>
#include <sys/stat.h>

struct edit_archive {
	const char *path, *image;	/* of the archive; of the image in it */
	const struct schema *schema;
	char dir[PATH_MAX / 2];		/* for its file: "": none */
	char file[PATH_MAX];		/* the image */
	struct stat before, taken;	/* the archive, and the file */
};

/* Whether it is a tar archive, and not compressed. */
bool edit_archive_is(const char *path);

/* The image as a->file. False: *err. */
bool edit_archive_take(struct edit_archive *a, struct crit_error *err);

/* If a->file has changed, a new archive with it in place of the old one. */
bool edit_archive_put(struct edit_archive *a, struct crit_error *err);
void edit_archive_close(struct edit_archive *a);	/* takes the file away */

#endif

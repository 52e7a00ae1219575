/* SPDX-License-Identifier: MIT
 *
 * A directory as a set of images, in the order in which they explain one
 * another: inventory, pstree, ids, core, fdinfo, files, fs, mm, pagemap, the
 * rest by name (numbers by value).
 */
#ifndef CRIT_STORE_DIR_H
#define CRIT_STORE_DIR_H

#include "base/error.h"
#include "schema/schema.h"

struct checkpoint_file {
	char *name;		/* base name */
	int order;
	bool regular;		/* the directory itself says so */
};

struct checkpoint {
	int fd;			/* the directory */
	const struct schema *schema;
	bool follow;		/* -L: symbolic links that lead out, too */
	struct checkpoint_file *files;
	size_t n;
};

/* What a file of a checkpoint is. */
enum file_is {
	FILE_IMAGE,		/* has an image's magic */
	FILE_RAW,		/* a raw image, by its name */
	FILE_OTHER,		/* no image, and not named like one */
	FILE_BAD,		/* named like an image: *err says why not */
};

/* Reads the names; the files are opened one by one. The path stays the
 * caller's. */
bool checkpoint_open(struct checkpoint *c, const char *path,
		     const struct schema *schema, bool follow,
		     struct crit_error *err);
void checkpoint_close(struct checkpoint *c);

/* The file of that name, or NULL. */
const struct checkpoint_file *checkpoint_find(const struct checkpoint *c,
					      const char *name);

/* Opens one for reading, at its start. Never blocks; only regular files, and
 * no links out of the directory unless follow. -1 and *err. */
int checkpoint_file(const struct checkpoint *c, const char *name,
		    struct crit_error *err);

/* What it is. FILE_IMAGE: *fd is open, at its start. */
enum file_is checkpoint_look(const struct checkpoint *c, const char *name,
			     int *fd, struct crit_error *err);

#endif

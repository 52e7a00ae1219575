/* SPDX-License-Identifier: MIT
 *
 * Everything that lies in a source, file by file: the images, and what a
 * container engine put beside them.
 */
#ifndef CRIT_COPY_TREE_H
#define CRIT_COPY_TREE_H

#include "copy/target.h"

/* Called for each member in turn; b: the bytes of a file, which may be read
 * forward once, else NULL. False ends the walk. */
typedef bool tree_member(void *ctx, const struct member *m,
			   const struct blob *b);

/* A directory and all below it, each directory before what is in it, in the
 * order in which podman writes archives; else by bytes. Sockets are passed
 * over. False: *err, or the function said so. */
bool tree_dir(const char *path, tree_member *each, void *ctx,
		struct crit_error *err);

/* The members of a tar archive, in its order, in one pass. Paths lose "./" and
 * slashes at their start; a member with ".." in its path or link target (of a
 * hard link) is refused. Bytes of an uncompressed file are a part of it. */
struct source;
bool tree_tar(struct source *s, tree_member *each, void *ctx,
	      struct crit_error *err);

#endif

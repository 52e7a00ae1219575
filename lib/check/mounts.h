/* SPDX-License-Identifier: MIT
 *
 * What the two areas of mounts share.
 */
#ifndef CRIT_CHECK_MOUNTS_H
#define CRIT_CHECK_MOUNTS_H

#include "check/rows_ns.h"
#include "check/tasks.h"

/* The mount of this id in the same image, or NULL. */
const struct mnt *mount_of(const struct check *c, const struct mnt *beside,
			   uint64_t mnt_id);

/* The root of its namespace: at "/", and its parent is not in the image. */
bool mount_is_root(const struct check *c, const struct mnt *m);
bool mount_is_external(const struct mnt *m);

/* Whether the file system as a whole is mounted, not a directory of it. */
bool mount_is_whole(const struct check *c, const struct mnt *m);

#define EACH_OF_DEVICE(c, m, o) \
	(const struct mnt *o = check_lookup(c, "mnt_entry.root_dev", \
					    (m)->root_dev); \
	 o; o = check_lookup_next(c, "mnt_entry.root_dev", o))

#endif

/* SPDX-License-Identifier: MIT
 *
 * All of a checkpoint through one copy: the files of its directory or archive,
 * or its images alone where they are no files of their own.
 */
#ifndef CRIT_COPY_WHOLE_H
#define CRIT_COPY_WHOLE_H

#include "copy/copy.h"
#include "store/source.h"

/* store: listed; NULL: an archive goes member by member as it is. source: what
 * the store was opened from, once more, and its path; NULL: the images alone. */
bool copy_whole(struct copy *c, const struct store *store,
		struct source *source, const char *path);

#endif

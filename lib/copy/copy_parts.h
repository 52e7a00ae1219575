/* SPDX-License-Identifier: MIT
 *
 * Between the parts of a copy: copy.c says what becomes of a member, and
 * copy_pages.c writes the memory of a pagemap anew.
 */
#ifndef CRIT_COPY_COPY_PARTS_H
#define CRIT_COPY_COPY_PARTS_H

#include "copy/copy.h"

#include <limits.h>

/* Where it goes: the prefix and the path, or the base name. */
bool copy_place(const struct copy *c, const struct member *m,
		char path[PATH_MAX]);

/* Writes a member there; what a spool holds. */
bool copy_put(struct copy *c, const struct member *m, const struct blob *b);
bool copy_put_spool(struct copy *c, const struct member *m, struct spool *s);

/* A pagemap, name, and its pages. */
bool copy_pages(struct copy *c, const struct member *m, const char *name);

#endif

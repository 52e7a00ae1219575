/* SPDX-License-Identifier: MIT
 *
 * New images in place of those of a directory: all of them at once, or none
 * (base/output_file.h).
 */
#ifndef CRIT_COPY_TO_PLACE_H
#define CRIT_COPY_TO_PLACE_H

#include "base/output_file.h"
#include "copy/target.h"

struct to_place {
	struct target target;
	struct output_dir dir;
	bool backup;			/* may be set: NAME.bak is what was there */
};

bool to_place_open(struct to_place *p, const char *path,
		   struct crit_error *err);

/* After pages of parents were taken along: removes the link "parent". */
bool to_place_forget_parent(const char *path, struct crit_error *err);

#endif

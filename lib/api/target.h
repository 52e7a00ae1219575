/* SPDX-License-Identifier: MIT
 *
 * Where a copy goes through the API: a new directory, or an archive in an
 * output.
 */
#ifndef CRIT_API_TARGET_H
#define CRIT_API_TARGET_H

#include "api/output.h"
#include "copy/to_dir.h"
#include "copy/to_stream.h"
#include "copy/to_tar.h"

struct api_target {
	struct target *target;		/* NULL: none is open */
	struct to_dir dir;
	struct to_tar tar;
	struct to_stream stream;
	struct crit_output *out;	/* NULL: a directory */
	int fd, temp;			/* temp: for outputs without a file */
	struct crit_error err;
};

/* path, or form and out. NULL and *err. */
struct api_target *api_target_open(const char *path, enum crit_form form,
				   struct crit_output *out,
				   struct crit_error *err);

/* ok: everything was written. Frees it; false: *own is why, or t->err. */
bool api_target_close(struct api_target *t, bool ok, const char *place,
		      struct crit_error *err);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Where a copy goes through the API: a new directory, an archive in an output, a
 * stream in several, or in place.
 */
#ifndef CRIT_API_TARGET_H
#define CRIT_API_TARGET_H

#include "api/output.h"
#include "copy/to_dir.h"
#include "copy/to_place.h"
#include "copy/to_stream.h"
#include "copy/to_tar.h"

struct api_target {
	struct target *target;		/* NULL: none is open */
	struct to_dir dir;
	struct to_tar tar;
	struct to_stream stream;
	struct to_place place;
	struct crit_output *const *outs;	/* none: a directory */
	size_t n;
	int fds[STREAM_SHARDS_MAX + 1];	/* of the outputs */
	int temps[STREAM_SHARDS_MAX + 1];	/* for those without a file; or -1 */
	struct crit_error err;
};

/* Where to: a new directory path; with in_place, one that is there; or n outputs
 * in this form. */
struct api_where {
	const char *path;
	bool in_place, backup;
	enum crit_form form;
	struct crit_output *const *outs;
	size_t n;
};

/* What outs points to is to stay until close. NULL and *err. */
struct api_target *api_target_open(const struct api_where *where,
				   struct crit_error *err);

/* ok: everything was written. Frees it; false: *own is why, or t->err. */
bool api_target_close(struct api_target *t, bool ok, const char *place,
		      struct crit_error *err);

#endif

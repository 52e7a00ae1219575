/* SPDX-License-Identifier: MIT
 *
 * Image file <-> text in a file, for crit-edit.
 */
#ifndef CRIT_EDIT_IMAGE_H
#define CRIT_EDIT_IMAGE_H

#include "base/output_file.h"
#include "yaml/formats.h"

#include <sys/stat.h>

struct edit_image {
	char path[PATH_MAX];
	const struct schema *schema;
	const struct writer_format *format;
	bool partial;		/* required fields may be missing */

	struct stat before;	/* the file when it was read */
	struct output_file file;
	int images;		/* in the text */
	struct crit_error *err;
};

/* The image at e->path as text into the file of that descriptor. */
bool edit_decode(struct edit_image *e, int text, struct crit_error *err);

/* The text as an image, which replaces that at e->path. False and *err: it
 * stays as it was. */
bool edit_replace(struct edit_image *e, int text, struct crit_error *err);

#endif

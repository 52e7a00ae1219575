/* SPDX-License-Identifier: MIT
 *
 * An image that is being read through the API.
 */
#ifndef CRIT_API_IMAGE_H
#define CRIT_API_IMAGE_H

#include "api/event.h"

struct crit_image {
	struct crit *c;
	struct crit_error err;
	struct image_source source;
	struct blob blob;		/* to be closed */
	char *name;
	char *place;			/* before its name in errors, or NULL */
	struct event_queue queue;	/* of crit_next */
};

/* The blob becomes the image's own, also where it fails. place: as for
 * api_fail_at. */
struct crit_image *api_open_blob(struct crit *c, struct blob *b,
				 const char *name, const char *place,
				 struct crit_error *err);

/* Its error to the caller. Returns false. */
bool api_image_fail(const struct crit_image *image, struct crit_error *err);

/* The next entry into a sink, as image_source_next; an error goes to err. */
int api_image_next(struct crit_image *image, struct sink *sink,
		   struct crit_error *err);

#endif

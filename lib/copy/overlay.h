/* SPDX-License-Identifier: MIT
 *
 * A store in which images of records lie over those of another store.
 */
#ifndef CRIT_COPY_OVERLAY_H
#define CRIT_COPY_OVERLAY_H

#include "copy/changes.h"
#include "store/store.h"

struct overlay {
	struct store store;		/* what the others are to ask */
	const struct store *below;	/* NULL: there are only the records */
	const struct changes *changes;
	bool whole;			/* no other images are there */
};

/* Both must outlive it. False and *err: no memory. */
bool overlay_open(struct overlay *o, const struct store *below,
		  const struct changes *changes, bool whole,
		  struct crit_error *err);

/* Images of records, and nothing else. place: before names in messages. */
bool overlay_open_alone(struct overlay *o, const char *place,
			const struct changes *changes,
			const struct schema *schema, struct crit_error *err);

void overlay_close(struct overlay *o);

#endif

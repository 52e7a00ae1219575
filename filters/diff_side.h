/* SPDX-License-Identifier: MIT
 *
 * What crit-diff compares: a checkpoint, or the images that records describe.
 *
 *   path ─┬─► store ──────────────────┐
 *         └─► records ─► overlay.h ───┴─► a store
 */
#ifndef CRIT_DIFF_SIDE_H
#define CRIT_DIFF_SIDE_H

#include "copy/overlay.h"
#include "store/source.h"

struct side {
	bool records;
	struct store checkpoint;
	struct changes images;
	struct overlay overlay;
};

/* Opens and lists it. side_close in any case. False: *err. */
bool side_open(struct side *s, const char *path, const struct store_how *how,
	       const struct schema *schema, struct crit_error *err);
void side_close(struct side *s);

const struct store *side_store(const struct side *s);

#endif

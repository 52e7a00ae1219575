/* SPDX-License-Identifier: MIT
 *
 * An image's numbers -> the bytes of notes (or of a structure), by tables of
 * rows (arch.h). One pass over the image fills any number of them.
 */
#ifndef CRIT_CORE_FILL_H
#define CRIT_CORE_FILL_H

#include "core/arch.h"
#include "store/store.h"

struct core_fill {
	/* to be set */
	const char *root;		/* message that the paths begin at, or NULL */
	const struct core_row *rows;
	size_t n_rows;
	uint8_t *to;			/* all of it zeros */
	size_t size;
	bool big;

	/* results */
	bool seen;			/* one of the rows at least */
	uint64_t parts;			/* bits of the rows that were seen */
};

/* Reads NAME, an image of this magic. Returns false and *err on failure, also if
 * the image does not exist. */
bool core_fill(struct core_fill *fills, size_t n, const struct store *dir,
	       const char *magic, const char *name, struct crit_error *err);

#endif

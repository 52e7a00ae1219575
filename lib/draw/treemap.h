/* SPDX-License-Identifier: MIT
 *
 * A treemap: areas in proportion to numbers, as near to squares as can be.
 */
#ifndef CRIT_DRAW_TREEMAP_H
#define CRIT_DRAW_TREEMAP_H

#include <stddef.h>

struct tile {
	double weight;			/* set by the caller; descending, > 0 */
	double x, y, w, h;
};

/* Lays the tiles into the rectangle. */
void treemap(struct tile *t, size_t n, double x, double y, double w, double h);

#endif

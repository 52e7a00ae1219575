// SPDX-License-Identifier: MIT
/*
 *   columns as wide as their cells ─► columns that fit a line
 */
#include "view/table_print.h"

enum { NARROW = 10, ROOMY = 24 };	/* widths of names that are cut */

static size_t row_width(const struct table *t)
{
	size_t width = 0;

	for (unsigned i = 0; i < t->n; i++)
		if (t->columns[i].shown)
			width += (width ? TABLE_GAP : 0) + t->columns[i].width;
	return width;
}

/* The widest column of words gives way, down to least; false: none can. */
static bool narrow(struct table *t, size_t excess, size_t least)
{
	struct table_column *widest = NULL;

	for (unsigned i = 0; i < t->n; i++) {
		struct table_column *c = &t->columns[i];

		if (c->shown && c->words && (!widest || c->width > widest->width))
			widest = c;
	}
	if (!widest || widest->width <= least)
		return false;
	widest->width = widest->width < least + excess ? least :
		widest->width - excess;
	return true;
}

/* Leaves out an optional column, an empty one first; false: there is none. */
static bool leave_out(struct table *t, bool left[])
{
	struct table_column *last = NULL;
	bool empty = false;

	for (unsigned i = 0; i < t->n; i++) {
		struct table_column *c = &t->columns[i];
		bool zero = !c->sum && !c->words;

		if (!c->shown || !c->optional || (empty && !zero))
			continue;
		last = c;
		empty = zero;
	}
	if (!last)
		return false;
	last->shown = false;
	left[last - t->columns] = true;
	return true;
}

/* What was left out for a wider one, and has room now, is back. */
static void put_back(struct table *t, const bool left[])
{
	for (unsigned i = 0; i < t->n; i++)
		if (left[i] && (t->columns[i].sum || t->columns[i].words))
			t->columns[i].shown = row_width(t) + TABLE_GAP +
				t->columns[i].width <= t->width;
}

/* Names are cut; where that is not enough, columns that say less go, and names
 * have what they took; then names are cut further. */
void table_fit(struct table *t)
{
	bool left[TABLE_COLUMNS] = { false };
	size_t width[TABLE_COLUMNS] = { 0 };

	for (unsigned i = 0; i < t->n; i++)
		width[i] = t->columns[i].width;
	while (t->width && row_width(t) > t->width) {
		size_t excess = row_width(t) - t->width;

		if (narrow(t, excess, ROOMY))
			continue;
		if (leave_out(t, left))
			for (unsigned i = 0; i < t->n; i++)
				t->columns[i].width = width[i];
		else if (!narrow(t, excess, NARROW))
			break;
	}
	put_back(t, left);
}

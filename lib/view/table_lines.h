/* SPDX-License-Identifier: MIT
 *
 * Records that are written already, as a table: what goes to the output from
 * now on are lines of our own JSON, one object each.
 *
 *   {"pid":1,"bytes":4096}\n ─► out ─► a row
 */
#ifndef CRIT_VIEW_TABLE_LINES_H
#define CRIT_VIEW_TABLE_LINES_H

#include "base/buffer.h"
#include "view/table.h"

enum { TABLE_LINE_MAX = 64 << 10 };	/* of a longer one, what fits */

struct table_lines {
	struct table *table;
	size_t n;
	char line[TABLE_LINE_MAX + 1];	/* the incomplete one */
};

/* Flushes out, and takes what comes after. */
void table_lines_begin(struct table_lines *l, struct table *t, struct out *out);

/* What comes after this goes to the descriptor. */
void table_lines_end(struct out *out);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Between table.c, which collects cells, and table_print.c.
 */
#ifndef CRIT_VIEW_TABLE_PRINT_H
#define CRIT_VIEW_TABLE_PRINT_H

#include "view/table.h"

#include <stddef.h>
#include <stdint.h>

/* In the spool, before its bytes; TABLE_COLUMNS: the row ends. A text that is a
 * number for people (4.0K, 0x7f00) has that, too. */
struct table_cell {
	uint32_t column, size;
	uint64_t number;
	bool is_number;
};

/* table_sort.c: where the rows begin in the spool, in the order in which they
 * are printed. */
struct table_order {
	uint64_t *at;
	size_t n;
};

bool table_sort(struct table *t, struct table_order *order);
void table_order_free(struct table_order *order);

/* table_fit.c: narrows columns, and leaves out others, until rows fit. */
enum { TABLE_GAP = 2 };		/* between columns */
void table_fit(struct table *t);

/* Columns that a terminal needs for it: bytes that it would not show are written
 * as \xNN. */
size_t table_width(const void *p, size_t n);

/* The bytes of the text that fill width columns at most. */
size_t table_fill(const void *p, size_t n, size_t width);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Between table.c, which collects cells, and table_print.c.
 */
#ifndef CRIT_VIEW_TABLE_PRINT_H
#define CRIT_VIEW_TABLE_PRINT_H

#include <stddef.h>
#include <stdint.h>

/* In the spool, before its bytes; TABLE_COLUMNS: the row ends. */
struct table_cell {
	uint32_t column, size;
};

/* Columns that a terminal needs for it: bytes that it would not show are written
 * as \xNN. */
size_t table_width(const void *p, size_t n);

#endif

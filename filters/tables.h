/* SPDX-License-Identifier: MIT
 *
 * What options and the terminal say of tables.
 */
#ifndef CRIT_TABLES_H
#define CRIT_TABLES_H

#include "options.h"
#include "view/table.h"

struct table_options {
	bool exact, totals;
	const char *sort;
	uint64_t top;
};

#define OPTIONS_TABLE(type, member) \
	OPTION_FLAG(0, "bytes", type, member.exact, \
		    "in tables: sizes in bytes, not as 4.0K"), \
	{ 0, "sort", "COLUMN", TAKES_TEXT, \
	  .help = "a table, sorted by COLUMN: sizes and counts largest first, " \
		"all else ascending; -COLUMN: the other way round", \
	  .place = offsetof(type, member.sort) }, \
	{ 0, "top", "N", TAKES_TEXT, .call = table_read_top, \
	  .help = "a table of the first N rows", \
	  .place = offsetof(type, member.top) }, \
	OPTION_FLAG(0, "total", type, member.totals, \
		    "a table, with a last line that adds up sizes and counts")

/* Stores --top at its place. */
void table_read_top(void *into, const struct option_row *row, const char *arg);

/* Whether an option asks for a table. */
bool table_wanted(const struct table_options *o);

/* Width, colours, and what the options say. */
void table_set(struct table *t, const struct table_options *o);

#endif

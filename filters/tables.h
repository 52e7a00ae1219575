/* SPDX-License-Identifier: MIT
 *
 * What options and the terminal say of tables.
 */
#ifndef CRIT_TABLES_H
#define CRIT_TABLES_H

#include "options.h"
#include "view/table_lines.h"

struct table_options {
	bool exact, totals;
	const char *sort;
	uint64_t top;
};

#define OPTIONS_TABLE(type, member) \
	OPTION_FLAG(0, "bytes", type, member.exact, \
		    "in tables, show sizes in bytes, not as 4.0K"), \
	{ 0, "sort", "COLUMN", TAKES_TEXT, \
	  .help = "print a table sorted by COLUMN: sizes and counts " \
		"largest first, other columns ascending; -COLUMN " \
		"reverses the order", \
	  .place = offsetof(type, member.sort) }, \
	{ 0, "top", "N", TAKES_TEXT, .call = table_read_top, \
	  .help = "print a table of the first N rows", \
	  .place = offsetof(type, member.top) }, \
	OPTION_FLAG(0, "total", type, member.totals, \
		    "print a table that ends with the totals of sizes and " \
		    "counts")

/* Stores --top at its place. */
void table_read_top(void *into, const struct option_row *row, const char *arg);

/* Whether an option asks for a table. */
bool table_wanted(const struct table_options *o);

/* Whether it is a terminal that shows box characters, by its locale. */
bool table_box(void);

/* Refuses those options where there is no table. */
void table_check(const struct table_options *o, bool table);

/* Width, colours, and what the options say. */
void table_set(struct table *t, const struct table_options *o);

/* Records that go to out from begin on are rows, printed by end; columns: as of
 * table_set_columns, or NULL. False: *err. */
struct table_job {
	struct table table;
	struct table_lines lines;
};

void table_begin(struct table_job *j, const struct table_options *o,
		 const char *columns, struct out *out, struct crit_error *err);
bool table_end(struct table_job *j, struct out *out);

#endif

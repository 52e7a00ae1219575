/* SPDX-License-Identifier: MIT
 *
 * Records as a table for people: what a printer says of one object by view_open,
 * view_number.. is a row; its keys are the columns, in the order in which they
 * come. Rows go to a spool: memory does not grow with them.
 *
 *   records ─► cells ─► spool, widths ─► header, aligned rows
 *
 * A list of values is one cell, a list of objects their number (or their paths);
 * other objects within a record have no place here.
 */
#ifndef CRIT_VIEW_TABLE_H
#define CRIT_VIEW_TABLE_H

#include "base/buffer.h"

enum { TABLE_COLUMNS = 32, TABLE_LIST = 4096 };

struct table {
	/* may be set */
	unsigned width;			/* cut long cells to fit; 0: do not */
	bool exact;			/* sizes in bytes */

	struct spool spool;
	bool broken;			/* it lost something: *err */
	unsigned n;
	struct table_column {
		char key[24];
		size_t width;
		bool text;		/* a cell is no number: left-aligned */
	} columns[TABLE_COLUMNS];
	size_t depth;
	bool list;			/* a list of the row is open */
	size_t objects;			/* that it holds */
	char key[24], joined[TABLE_LIST];
	size_t n_joined;
	struct crit_error *err;
};

void table_init(struct table *t, struct crit_error *err);
void table_free(struct table *t);

void table_open(struct table *t, const char *key, char bracket);
void table_close(struct table *t);
void table_number(struct table *t, const char *key, uint64_t n);
/* Digits of a number, with its sign. */
void table_digits(struct table *t, const char *key, const char *p, size_t n);
void table_text(struct table *t, const char *key, const void *p, size_t n);

/* All rows. False: *err. */
bool table_print(struct table *t, struct out *out);

#endif

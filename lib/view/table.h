/* SPDX-License-Identifier: MIT
 *
 * Records as a table for people: what a printer says of one object by view_open,
 * view_number.. is a row; its keys are the columns, in the order in which they
 * come. Rows go to a spool: memory grows with them only to sort them, by what
 * is compared.
 *
 *   records ─► cells ─► spool, widths ─► (order) ─► header, aligned rows, totals
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
	bool colour;			/* the header stands out */
	bool totals;			/* a last line: sums of sizes and counts */
	const char *sort;		/* a column, "-COLUMN": the other way round */
	uint64_t top;			/* only so many rows; 0: all */

	struct spool spool;
	bool broken;			/* it lost something: *err */
	bool fixed;			/* these columns, and no others */
	unsigned n;
	struct table_column {
		char key[24];
		size_t width;
		bool text;		/* left-aligned: a cell is text, or 0x.. */
		bool words;		/* a cell is no number: may be cut */
		bool optional;		/* left out where rows do not fit */
		bool shown;		/* it has a cell */
		uint64_t sum;		/* of its numbers */
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

/* The columns, by blanks, in this order; other keys are passed over. NAME? may be
 * left out of rows that do not fit, the last one first. Those that stay empty
 * are not printed. */
void table_set_columns(struct table *t, const char *names);

void table_open(struct table *t, const char *key, char bracket);
void table_close(struct table *t);
void table_number(struct table *t, const char *key, uint64_t n);
/* A size in bytes, whatever the key. */
void table_bytes(struct table *t, const char *key, uint64_t n);
/* Digits of a number, with its sign. */
void table_digits(struct table *t, const char *key, const char *p, size_t n);
void table_text(struct table *t, const char *key, const void *p, size_t n);

/* Whether a column of this name has sizes in bytes, or counts: those are added
 * up. */
bool table_is_size(const char *key);
bool table_is_count(const char *key);

/* Digits as people read a size: "4.0K". Room for TABLE_SIZE_MAX. */
enum { TABLE_SIZE_MAX = 32 };
size_t table_size_text(const struct table *t, char *text, uint64_t n);

/* All rows, or those that sort and top ask for. False: *err. */
bool table_print(struct table *t, struct out *out);

#endif

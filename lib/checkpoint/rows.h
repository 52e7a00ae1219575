/* SPDX-License-Identifier: MIT
 *
 * Rows out of images, for explorers that need no more than some fields of some
 * message: which image, which message in it is a row, and which of its fields
 * are its columns. The model collects them, from whatever source its events come.
 *
 *	static const struct row_column columns[] = {
 *		{ "type", "fstype" }, { "path", "mountpoint" },
 *	};
 *	static const struct row_source mounts[] = {
 *		{ "MNTS", "mountpoints-", "", columns, 2 },
 *	};
 */
#ifndef CRIT_CHECKPOINT_ROWS_H
#define CRIT_CHECKPOINT_ROWS_H

#include "base/buffer.h"
#include "event/event.h"

struct view;
struct model;
struct model_mark;
struct row;
struct row_cell;

enum { ROW_READERS = 4, ROW_PATH = 512 };

struct row_column {
	const char *key;	/* of the records, and the title of the table;
				   NULL: the put of the column before takes it */
	const char *path;	/* in the row's message: "desc.key"; NULL: none, and
				   put is called for each row */
	/* or NULL: prints it as its field says. cell[1] is the next column's. */
	void (*put)(struct view *v, const char *key, const struct row *row,
		    const struct row_cell *cell);
};

struct row_source {
	const char *type, *prefix;	/* of the image: "CORE", "core-" */
	const char *row;		/* path of the message: "tc.timers.posix",
					   or of several, by |; "": each entry */
	const struct row_column *columns;
	unsigned n;
	bool of_task;			/* the number in its name is a task's */
	const char *number;		/* or else what it is: "mnt_ns"; NULL: nothing */
};

/* A value: of a list all numbers, 8 bytes each, in text; of a string or bytes
 * those. */
struct row_cell {
	const struct field *f;		/* NULL: it has none */
	uint64_t number;
	uint32_t at, size;		/* in the model's text */
};

struct row {
	uint32_t source, number;	/* which one; the number in the name */
	uint32_t index;			/* among the rows of this image */
	uint32_t cells;			/* the first of its, in the model's cells */
	const struct field *f;		/* that the message is of; NULL: an entry */
};

/* What an image is read for: it may be the source of several kinds of rows. */
struct row_reader {
	const struct row_source *source;
	unsigned number;		/* of the source */
	uint32_t index;			/* of the next row */
	bool open;			/* a row is, that began at depth at, */
	int depth, at;			/* where the path had base bytes; its cells */
	size_t length, base;
	uint32_t cells;
	char path[ROW_PATH];
};

/* Where a reader is, but for its path, which only grows behind length. */
struct row_mark {
	uint32_t index, cells;
	bool open;
	int depth, at;
	size_t length, base;
};

/* Events of an image that has readers; model.c calls them. */
void rows_image(struct model *m, unsigned source);
void rows_entry(struct model *m);
void rows_begin(struct model *m, const struct field *f);
void rows_end(struct model *m);
void rows_number(struct model *m, const struct field *f, uint64_t v);
void rows_bytes(struct model *m, const struct field *f, const void *p, size_t n);

/* To where rows are, and back there. */
void rows_mark(struct model *m, struct model_mark *mark);
void rows_take_back(struct model *m, const struct model_mark *mark);

/* The next row of that source and number, after one of them; NULL, the first.
 * NULL: there are no more. */
const struct row *rows_next(const struct model *m, unsigned source,
			    uint32_t number, const struct row *after);

#endif

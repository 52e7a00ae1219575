/* SPDX-License-Identifier: MIT
 *
 * An explorer answers one question about a checkpoint: what crit-x calls WHAT.
 * Each is one file of lib/explore/, found by the Makefile:
 *
 *	static void print(struct view *v) { ... }
 *	const struct explorer explorer_NAME = {
 *		.name = "NAME", .about = "...",
 *		.images = EXPLORE_TASKS | MODEL_FS, .print = print,
 *	};
 *
 *   images ─► model ─► print, in the format of the view ─► output
 */
#ifndef CRIT_VIEW_EXPLORER_H
#define CRIT_VIEW_EXPLORER_H

#include "view/view.h"

/* What every explorer needs to know which tasks there are, and are alive. */
enum { EXPLORE_TASKS = MODEL_TREE | MODEL_CORE };

struct explorer {
	const char *name;	/* also of the object explorer_NAME */
	const char *alias;	/* or NULL */
	const char *meant;	/* words that are not taken, but lead here: "did you
				   mean NAME?"; blanks between; or NULL */
	const char *about;	/* for --help: "open files of each task" */
	unsigned images;	/* MODEL_TREE.. that it looks into */
	unsigned facts;		/* and these where the format is not text */

	bool text_is_table;	/* nothing of old is to be printed */
	const char *columns;	/* of the table: table_set_columns; NULL: all */
	bool needs_pages;	/* a stream has none */
	bool needs_files;	/* raw images: nor those */

	/* Rows of images, printed by explorer_rows where there is no print. */
	const struct row_source *sources;
	unsigned n_sources;
	bool table_sources;	/* only tables show what they have */
	/* or NULL: whether a row is shown */
	bool (*shown)(struct view *v, const struct row *, const struct row_cell *);

	/* One object a task or thing, by view_open to view_close, where the
	 * format is records; see v->format. */
	void (*print)(struct view *v);
};

/* All of them, by name; made by the Makefile. */
extern const struct explorer *const explorers[];
extern const size_t n_explorers;

/* deleted.c: for an explorer that has this one source; what it tells. */
extern const struct row_source view_remaps;
void view_find_deleted(struct view *v);
bool view_deleted(const struct view *v, int32_t type, uint32_t id);

/* By name or alias; NULL. */
const struct explorer *explorer_find(const char *name);

/* The images of a question in this format. */
static inline unsigned explorer_needs(const struct explorer *e,
				      enum view_format format)
{
	return e->images | (format == VIEW_TEXT ? 0 : e->facts);
}

/* How many of its sources are read. */
static inline unsigned explorer_sources(const struct explorer *e, bool table)
{
	return e->table_sources && !table ? 0 : e->n_sources;
}

/* The row of a source as one record; rows of a task; all. */
void explorer_row(struct view *v, const struct explorer *e, const struct row *r,
		  uint32_t pid);
void explorer_rows(struct view *v, const struct explorer *e);

/* Answers the question, once the model has what it needs: to the output, or to
 * the table; explorer_print prints that, too. */
void explorer_answer(const struct explorer *e, struct view *v);
void explorer_print(const struct explorer *e, struct view *v);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Between crit-x.c, which opens what is asked of, x_answer.c, which answers,
 * and x_what.c, the names of what may be asked.
 */
#ifndef CRIT_X_JOB_H
#define CRIT_X_JOB_H

#include "checkpoint.h"
#include "tables.h"
#include "whose.h"
#include "checkpoint/model_dir.h"
#include "json/read.h"
#include "view/explorer.h"

enum { AS_TABLE = VIEW_RECORDS + 1 };
enum { TOLD_MAX = 64, TOLD_LENGTH = 256 };

struct explore {
	const char *path;		/* the one that is read; "-" */
	const struct explorer *what;
	unsigned format;		/* enum view_format, or AS_TABLE */
	struct pids pids;
	const char *schema_file;
	struct checkpoint_options where;
	bool no_end, named;		/* by the checkpoint's path */
	bool as_table;			/* of any format that is one */
	bool all, tree;
	char told[TOLD_MAX][TOLD_LENGTH];
	size_t n_told;
	struct table_options tables;
	struct table table;
	const struct schema *schema;
	struct schema *loaded;

	struct crit_error err, last;
	struct out out;
	struct whose whose;
	struct model model;
	struct view view;
	struct source source;
	struct store dir;
	bool is_dir;			/* dir is open: no documents */
	struct model_dir images;
	struct json_source json;
	int status;
};

/* x_answer.c: what x->what asks of the checkpoint or the documents that are
 * open. */
void explore_answer(struct explore *x);

/* Tells an error, and that it came; x->err, if there is one. */
void explore_report(void *explore, const struct crit_error *err);
void explore_failed(struct explore *x);

/* x_what.c: all of them, as one document. */
extern const struct explorer explore_all;

/* "ps fds fd mems": what may be asked; names alone where not aliases. */
const char *what_words(bool aliases);

/* A line for each. */
const char *what_lines(const char *before, const char *after);

/* WHAT comes last, or else first; it is taken out. Returns how many are left. */
int what_take(const struct tool *tool, struct explore *x, char **operand, int n);

#endif

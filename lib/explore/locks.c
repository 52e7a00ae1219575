// SPDX-License-Identifier: MIT
/*
 * File locks: who holds them, on which descriptor, of which bytes.
 */
#include "view/explorer.h"
#include "view/names.h"

enum { COLUMNS = 7 };

static const struct bit_name kinds[] = {
	{ 1, "posix" }, { 2, "flock" }, { 4, "ofd" }, { 8, "lease" },
};

static void put_kind(struct view *v, const char *key, const struct row *row,
		     const struct row_cell *cell)
{
	(void)row;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (cell->number == kinds[i].bit) {
			view_string(v, key, kinds[i].name);
			return;
		}
	view_number(v, key, cell->number);
}

static void put_type(struct view *v, const char *key, const struct row *row,
		     const struct row_cell *cell)
{
	static const char *const types[] = { "read", "write", "unlock" };

	(void)row;
	view_named(v, key, NAMES(types), cell->number);
}

/* Of the descriptor, if the task has it: the last column, behind "pid" and "fd". */
static void put_path(struct view *v, const char *key, const struct row *row,
		     const struct row_cell *cell)
{
	const struct row_cell *pid = cell - COLUMNS + 1, *fd = pid + 1;
	const struct model_task *t = model_task(v->model, (uint32_t)pid->number);
	const struct model_table *table = t ?
		model_table(v->model, t->files_id) : NULL;
	const struct model_fd *fds = v->model->fds.p;

	(void)row;
	for (uint32_t i = 0; table && i < table->n_fds; i++) {
		const struct model_fd *at = &fds[table->fds + i];

		if (at->fd != fd->number)
			continue;
		view_line(v);
		view_add_path(v, at->type, at->id);
		view_value(v, key);
		return;
	}
}

static const struct row_column columns[COLUMNS] = {
	{ "pid", "pid", NULL }, { "fd", "fd", NULL },
	{ "kind", "flag", put_kind }, { "type", "type", put_type },
	{ "start", "start", NULL }, { "length", "len", NULL },
	{ "path", NULL, put_path },
};

static const struct row_source sources[] = {
	{ "FILE_LOCKS", "filelocks", "", columns, COLUMNS, false, NULL },
};

static bool shown(struct view *v, const struct row *row,
		  const struct row_cell *cell)
{
	(void)row;
	return view_wanted(v, (uint32_t)cell[0].number);
}

const struct explorer explorer_locks = {
	.name = "locks",
	.about = "file locks",
	.images = EXPLORE_TASKS | MODEL_ROWS | MODEL_IDS | MODEL_FDINFO |
		MODEL_NAMES,
	.text_is_table = true,
	.sources = sources, .n_sources = 1, .shown = shown,
};

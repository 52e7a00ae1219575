// SPDX-License-Identifier: MIT
/*
 * File locks: who holds them, on which descriptor, of which bytes.
 */
#include "view/explorer.h"
#include "view/names.h"

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

static const struct row_column columns[] = {
	{ "pid", "pid", NULL }, { "fd", "fd", NULL },
	{ "kind", "flag", put_kind }, { "type", "type", put_type },
	{ "start", "start", NULL }, { "length", "len", NULL },
};

static const struct row_source sources[] = {
	{ "FILE_LOCKS", "filelocks", "", columns, 6, false, NULL },
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
	.images = EXPLORE_TASKS | MODEL_ROWS,
	.text_is_table = true,
	.sources = sources, .n_sources = 1, .shown = shown,
};

// SPDX-License-Identifier: MIT
/*
 * Resource limits of each task, by name.
 */
#include "view/explorer.h"

/* RLIMIT_... by number. */
static const char *const names[] = {
	"cpu", "fsize", "data", "stack", "core", "rss", "nproc", "nofile",
	"memlock", "as", "locks", "sigpending", "msgqueue", "nice", "rtprio",
	"rttime",
};

static void put_name(struct view *v, const char *key, const struct row *row,
		     const struct row_cell *cell)
{
	(void)cell;
	if (row->index < sizeof(names) / sizeof(*names))
		view_string(v, key, names[row->index]);
	else
		view_number(v, key, row->index);
}

/* Those in bytes: fsize, data, stack, core, rss, memlock, as, msgqueue. */
enum { SIZES = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 8 | 1 << 9 | 1 << 12 };

static void put_limit(struct view *v, const char *key, const struct row *row,
		      const struct row_cell *cell)
{
	if (cell->number == UINT64_MAX)
		view_string(v, key, "unlimited");
	else if (v->table && row->index < 16 && 1 << row->index & SIZES)
		table_bytes(v->table, key, cell->number);
	else
		view_number(v, key, cell->number);
}

static const struct row_column columns[] = {
	{ "limit", NULL, put_name },
	{ "soft", "cur", put_limit },
	{ "hard", "max", put_limit },
};

static const struct row_source sources[] = {
	{ "CORE", "core-", "tc.rlimits.rlimits", columns, 3, true, NULL },
	{ "RLIMIT", "rlimit-", "", columns, 3, true, NULL },
};

const struct explorer explorer_limits = {
	.name = "limits",
	.about = "resource limits of each task",
	.images = EXPLORE_TASKS | MODEL_ROWS,
	.text_is_table = true,
	.sources = sources, .n_sources = 2,
};

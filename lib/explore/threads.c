// SPDX-License-Identifier: MIT
/*
 * Threads of each task: names, scheduling, blocked signals.
 */
#include "view/explorer.h"
#include "view/names.h"

static const char *const policies[] = {
	"other", "fifo", "rr", "batch", NULL, "idle", "deadline", "ext",
};

static const char *const seccomp[] = { "disabled", "strict", "filter" };

/* What its core says, wherever in it. */
static void put_comm(struct view *v, const char *key, const struct row *row,
		     const struct row_cell *cell)
{
	const struct model_task *t = model_task(v->model, row->number);

	(void)cell;
	if (t)
		view_bytes(v, key, model_text(v->model, t->comm), t->comm.len);
}

static void put_policy(struct view *v, const char *key, const struct row *row,
		       const struct row_cell *cell)
{
	(void)row;
	view_named(v, key, NAMES(policies), cell->number);
}

static void put_seccomp(struct view *v, const char *key, const struct row *row,
			const struct row_cell *cell)
{
	(void)row;
	view_named(v, key, NAMES(seccomp), cell->number);
}

static void put_set(struct view *v, const char *key, const struct row *row,
		    const struct row_cell *cell)
{
	(void)row;
	view_signals(v, key, cell->number);
}

static void put_tid(struct view *v, const char *key, const struct row *row,
		    const struct row_cell *cell)
{
	(void)cell;
	view_number(v, key, row->number);
}

static const struct row_column columns[] = {
	{ "tid", NULL, put_tid },
	{ "comm", NULL, put_comm },
	{ "policy", "sched_policy", put_policy },
	{ "priority", "sched_prio", NULL },
	{ "nice", "sched_nice", NULL },
	{ "seccomp", "seccomp_mode", put_seccomp },
	{ "blocked", "blk_sigset", put_set },
};

/* Cores of all threads: their numbers are not those of tasks. */
static const struct row_source sources[] = {
	{ "CORE", "core-", "thread_core", columns, 7, false, NULL },
};

const struct explorer explorer_threads;

static void put_task(struct view *v, const struct model_task *t)
{
	const uint32_t *tids = v->model->threads.p;

	for (uint32_t i = 0; i < t->n_threads; i++) {
		const struct row *r = rows_next(v->model, 0,
						tids[t->threads + i], NULL);

		if (r)
			explorer_row(v, &explorer_threads, r, t->pid);
	}
}

static void print(struct view *v)
{
	view_tasks(v, put_task);
}

const struct explorer explorer_threads = {
	.name = "threads",
	.about = "threads of each task",
	.columns = "pid tid comm policy nice? priority? seccomp? blocked?",
	.images = EXPLORE_TASKS | MODEL_THREADS | MODEL_ROWS,
	.text_is_table = true,
	.sources = sources, .n_sources = 1, .print = print,
};

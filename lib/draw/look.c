// SPDX-License-Identifier: MIT
/*
 *   store ─► images that matter ─► model, view
 */
#include "draw/look.h"
#include "memory/arguments.h"

#include <errno.h>

static void missing(void *ctx, const char *prefix, uint32_t number)
{
	struct look *l = ctx;
	struct crit_error err;

	error_clear(&err);
	error_set(&err, CRIT_EDATA, "%s%u.img: no such image", prefix, number);
	l->draw->report(l->draw->ctx, &err);
}

static void mappings(void *ctx, const struct model_task *t)
{
	model_dir_mappings(&((struct look *)ctx)->images, t);
}

static void runs(void *ctx, const struct model_task *t, view_run *run,
		 void *run_ctx)
{
	model_dir_runs(&((struct look *)ctx)->images, t, run, run_ctx);
}

static void report(void *ctx, const struct crit_error *err)
{
	struct look *l = ctx;

	l->draw->report(l->draw->ctx, err);
}

bool look_open(struct look *l, struct draw *d, unsigned needs,
	       const struct row_source *sources, unsigned n_sources)
{
	*l = (struct look){ .draw = d };
	table_init(&l->table, d->err);
	if (!model_init(&l->model, needs | (n_sources ? MODEL_ROWS : 0),
			d->store->schema, d->err))
		return false;
	l->model.pids = d->pids;
	l->model.n_pids = d->n_pids;
	l->model.sources = sources;
	l->model.n_sources = n_sources;
	l->model.report = report;
	l->model.ctx = l;
	l->images = (struct model_dir){ .model = &l->model, .dir = d->store };
	l->view = (struct view){
		.model = &l->model, .out = d->out, .format = VIEW_RECORDS,
		.missing = missing, .mappings = mappings, .runs = runs,
		.ctx = l, .dir = d->store,
	};
	model_dir_read(&l->images);
	if (!(needs & MODEL_TREE) || l->model.came & MODEL_TREE)
		return !error_is(d->err);
	return error_set(d->err, CRIT_EDATA, "pstree.img: no such image");
}

void look_close(struct look *l)
{
	alloc_free(l->view.line.p);
	table_free(&l->table);
	model_free(&l->model);
}

void look_path(struct look *l, char to[WORDS_MAX], int32_t type, uint32_t id,
	       size_t columns)
{
	view_line(&l->view);
	view_add_path(&l->view, type, id);
	words_fit(to, l->view.line.p ? l->view.line.p : "", l->view.line.n,
		  columns);
}

bool look_wanted(const struct draw *d, uint32_t pid)
{
	for (size_t i = 0; i < d->n_pids; i++)
		if (d->pids[i] == pid)
			return true;
	return !d->n_pids;
}

const char *look_state(const struct model_task *t)
{
	static const struct { uint32_t state; const char *name; } names[] = {
		{ TASK_STOPPED, "stopped" }, { 2, "dead" },
		{ TASK_ZOMBIE, "zombie" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].state == t->state)
			return names[i].name;
	return NULL;
}

/* The first piece of the arguments is enough for a label. */
static size_t read_arguments(struct memory *m, char *buf, size_t size)
{
	uint64_t start, end;
	struct run run;
	size_t n = 0;

	if (!memory_arguments(m, &start, &end))
		return 0;
	if (end - start > size)
		end = start + size;
	while (start + n < end && memory_run(m, start + n, &run)) {
		uint64_t stop = run.end < end ? run.end : end;
		size_t k;

		if (run.kind < RUN_RAW || !pages_file(&run))
			break;
		k = memory_read(m, &run, start + n, buf + n,
				(size_t)(stop - start - n));
		if (!k)
			break;
		n += k;
	}
	return n;
}

void look_arguments(struct look *l, const struct model_task *t,
		    char to[WORDS_MAX], size_t columns)
{
	struct crit_error err;
	bool absent = false;
	struct memory m;
	char buf[512];
	size_t n = 0;

	error_clear(&err);
	if (memory_open(&m, l->draw->store, t->pid, 0, NULL, &absent, &err) &&
	    !absent)
		n = read_arguments(&m, buf, sizeof(buf));
	memory_close(&m);
	/* what images lack is no fault of a label; what a disk does, is */
	if (error_is(&err) && err.code != CRIT_EDATA && err.sys != ENOENT)
		l->draw->report(l->draw->ctx, &err);
	while (n && !buf[n - 1])
		n--;
	for (size_t i = 0; i < n; i++)
		buf[i] = buf[i] ? buf[i] : ' ';
	words_fit(to, buf, n, columns);
}

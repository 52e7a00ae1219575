// SPDX-License-Identifier: MIT
#include "api/explore.h"
#include "view/explorer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What is wrong with one image does not keep the others from being read. */
static void report(void *ctx, const struct crit_error *err)
{
	struct explore *x = ctx;

	if (!error_is(&x->first))
		x->first = *err;
}

static void failed(struct explore *x)
{
	if (error_is(&x->err))
		report(x, &x->err);
	error_clear(&x->err);
}

static void missing(void *ctx, const char *prefix, uint32_t number)
{
	struct explore *x = ctx;
	struct crit_error e;

	error_clear(&e);
	snprintf(e.image, sizeof(e.image), "%s%" PRIu32 ".img", prefix, number);
	error_set(&e, CRIT_EDATA, "no such image");
	report(x, &e);
}

static bool has_task(struct explore *x)
{
	const struct model_task *t;

	if (!(x->model.came & MODEL_TREE)) {
		struct crit_error e;

		error_clear(&e);
		snprintf(e.image, sizeof(e.image), IMAGE_PSTREE);
		error_set(&e, CRIT_EDATA, "no such image");
		report(x, &e);
		return false;
	}
	t = x->pid ? model_task(&x->model, x->pid) : NULL;
	if (!x->pid || (t && t->listed))
		return true;
	error_set(&x->err, CRIT_EUSAGE, "no task %" PRIu32, x->pid);
	failed(x);
	return false;
}

static bool to_text(void *arg, const void *p, size_t n)
{
	struct explore *x = arg;

	return model_add(&x->model, &x->text, p, n) || (errno = ENOMEM, false);
}

bool explore_begin(struct explore *x, struct crit_dir *dir,
		   const char *what, uint32_t pid, struct crit_error *err)
{
	memset(x, 0, sizeof(*x));
	x->dir = dir;
	x->pid = pid;
	error_clear(&x->err);
	error_clear(&x->first);
	if (!model_init(&x->model, explorer_needs(explorer_find(what),
			VIEW_RECORDS), dir->c->schema, &x->err))
		return dir_fail(dir, err, &x->err);
	if (pid) {
		x->model.pids = &x->pid;
		x->model.n_pids = 1;
	}
	x->model.sources = explorer_find(what)->sources;
	x->model.n_sources = explorer_sources(explorer_find(what), false);
	x->model.report = report;
	x->model.ctx = x;
	x->view = (struct view){
		.model = &x->model, .out = &x->out, .format = VIEW_RECORDS,
		.missing = missing, .ctx = x,
	};
	if (!out_open(&x->out, -1, "memory", &x->err))
		return explore_end(x, err);
	x->out.write = to_text;
	x->out.arg = x;
	x->images = (struct model_dir){
		.model = &x->model, .dir = &dir->dir, .warn = api_warn,
		.ctx = dir->c,
	};
	model_dir_read(&x->images);
	return !(x->model.needs & MODEL_TREE) || has_task(x) ||
	       explore_end(x, err);
}

bool explore_end(struct explore *x, struct crit_error *err)
{
	failed(x);
	model_free(&x->model);
	alloc_free(x->view.line.p);
	alloc_free(x->text.p);
	out_close(&x->out);
	return !error_is(&x->first) || dir_fail(x->dir, err, &x->first);
}

void explore_tasks(struct explore *x,
		   bool (*task)(void *ctx, struct explore *,
				const struct model_task *),
		   void *ctx)
{
	for (size_t i = 0; i < model_count(&x->model); i++) {
		const struct model_task *t = model_nth(&x->model, i);

		if ((!x->pid || t->pid == x->pid) && view_alive(t) &&
		    !task(ctx, x, t))
			return;
	}
}

size_t explore_keep(struct explore *x, const char *p, size_t n)
{
	size_t at = x->text.n;

	if (!model_add(&x->model, &x->text, p, n) ||
	    !model_add(&x->model, &x->text, "", 1))
		x->text.n = 0;
	return at;
}

size_t explore_path(struct explore *x, int32_t type, uint32_t id)
{
	view_line(&x->view);
	view_add_path(&x->view, type, id);
	return explore_keep(x, x->view.line.p, x->view.line.n);
}

/* What the view has written since, its last line without the end; 0: not more
 * than so many bytes. */
static size_t written(struct explore *x, size_t at, size_t empty)
{
	if (!out_flush(&x->out) || x->text.n <= at + empty) {
		x->text.n = at;
		return 0;
	}
	((char *)x->text.p)[x->text.n - 1] = 0;
	return at;
}

size_t explore_facts(struct explore *x, int32_t type, uint32_t id)
{
	size_t at = x->text.n;

	view_file_facts(&x->view, NULL, type, id);
	return written(x, at, 0);
}

size_t explore_notes(struct explore *x, int32_t type, uint32_t id)
{
	size_t at = x->text.n;

	view_open(&x->view, NULL, '{');
	view_notes(&x->view, type, id);
	view_close(&x->view, '}');
	return written(x, at, strlen("{}\n"));
}

size_t explore_type(struct explore *x, int32_t type)
{
	view_line(&x->view);
	view_add_type(&x->view, type);
	return explore_keep(x, x->view.line.p, x->view.line.n);
}

// SPDX-License-Identifier: MIT
/*
 *   CHECKPOINT ─► image source ─┐
 *                               ├─► model ─► view ─► stdout
 *   records ────► json source ──┘
 */
#include "x_job.h"
#include "yaml/formats.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* All questions read the same images: what is wrong with them is told once.
 * Beyond TOLD_MAX messages some come again. */
static bool told(struct explore *x, const struct crit_error *err)
{
	char text[TOLD_LENGTH];

	if (!x->all)
		return false;
	error_text(err, text, sizeof(text));
	for (size_t i = 0; i < x->n_told; i++)
		if (!strcmp(x->told[i], text))
			return true;
	if (x->n_told < TOLD_MAX)
		strcpy(x->told[x->n_told++], text);
	return false;
}

void explore_report(void *ctx, const struct crit_error *err)
{
	struct explore *x = ctx;

	x->last = *err;
	filter_worst(&x->status, told(x, err) ? FILTER_FAILED :
		     filter_error(err));
}

void explore_failed(struct explore *x)
{
	if (error_is(&x->err))
		explore_report(x, &x->err);
	error_clear(&x->err);
}

static void no_image(struct explore *x, const char *name)
{
	struct crit_error err;

	error_clear(&err);
	snprintf(err.image, sizeof(err.image), "%s", name);
	error_set(&err, CRIT_EDATA, "no such image");
	if (!told(x, &err))
		filter_error(&err);
}

static void missing(void *ctx, const char *prefix, uint32_t number)
{
	struct explore *x = ctx;
	char name[64];

	snprintf(name, sizeof(name), "%s%" PRIu32 ".img", prefix, number);
	filter_worst(&x->status, FILTER_FAILED);
	if (!x->model.cut)
		no_image(x, name);
}

/* A checkpoint: only the images that matter are opened. */

static void read_dir(struct explore *x)
{
	if (store_has_images(&x->dir, x->path, &x->err))
		model_dir_read(&x->images);
	explore_failed(x);
}

static void dir_mappings(void *ctx, const struct model_task *t)
{
	struct explore *x = ctx;

	model_dir_mappings(&x->images, t);
}

static void dir_runs(void *ctx, const struct model_task *t, view_run *run,
		     void *run_ctx)
{
	struct explore *x = ctx;

	model_dir_runs(&x->images, t, run, run_ctx);
}

/* Stream: all of it goes by. */

static void stream_runs(void *ctx, const struct model_task *t, view_run *run,
			void *run_ctx)
{
	struct explore *x = ctx;

	if (!(t->seen & MODEL_PAGEMAP))
		missing(x, "pagemap-", t->pid);
	else if (!model_runs(&x->model, t, run, run_ctx))
		explore_failed(x);
}

static void read_stream(struct explore *x)
{
	struct in in = { .fd = -1 };

	if (!in_open_blob(&in, &x->source.raw, &x->err) ||
	    !json_source_init(&x->json, x->schema, &x->model.sink, &x->err)) {
		explore_failed(x);
	} else {
		x->json.no_end = x->no_end;
		x->json.need_name = true;
		x->model.cut = !documents_read(&x->json, &in);
		explore_failed(x);
	}
	in_close(&in);
}

/* A truncated stream is answered, too; then comes the error. */
static void end_stream(struct explore *x)
{
	if (!x->json.chunk)	/* a folder, or it could not be opened */
		return;
	if (!x->model.cut && !json_source_end(&x->json))
		explore_failed(x);
	json_source_free(&x->json);
}

/* Whether there is a tree to go by. */
static bool check_tasks(struct explore *x)
{
	if (!(x->model.came & MODEL_TREE)) {
		if (!error_is(&x->last) && (x->is_dir || x->source.content !=
					    CONTENT_EMPTY))
			no_image(x, IMAGE_PSTREE);
		filter_worst(&x->status, FILTER_FAILED);
		return false;
	}
	for (size_t i = 0; i < x->pids.n; i++) {
		const struct model_task *t = model_task(&x->model, x->pids.pid[i]);

		if (t && t->listed)
			continue;
		error_set(&x->err, CRIT_EDATA, "no task %" PRIu32,
			  x->pids.pid[i]);
		filter_worst(&x->status, filter_error(&x->err));
		error_clear(&x->err);
	}
	return true;
}

static bool begin(struct explore *x)
{
	enum view_format format = x->as_table ? VIEW_RECORDS :
		(enum view_format)x->format;

	if (!model_init(&x->model, explorer_needs(x->what, format), x->schema,
			&x->err))
		return false;
	x->model.pids = x->pids.pid;
	x->model.n_pids = x->pids.n;
	x->model.sources = x->what->sources;
	x->model.n_sources = explorer_sources(x->what, x->as_table);
	x->model.report = explore_report;
	x->model.ctx = x;
	x->images = (struct model_dir){ .model = &x->model, .dir = &x->dir };
	x->view = (struct view){
		.model = &x->model, .out = &x->out, .format = format,
		.terminal = isatty(STDOUT_FILENO), .missing = missing,
		.mappings = x->is_dir ? dir_mappings : NULL,
		.runs = x->is_dir ? dir_runs : stream_runs, .ctx = x,
		.table = x->as_table ? &x->table : NULL,
		.dir = x->is_dir ? &x->dir : NULL, .part = x->all,
		.branches = !x->tree ? BRANCHES_NONE : table_box() ?
			BRANCHES_BOX : BRANCHES_ASCII,
	};
	table_init(&x->table, &x->err);
	table_set(&x->table, &x->tables);
	return true;
}

/* One of several, which has no tree: the error stands in its place. */
static void no_answer(struct explore *x)
{
	if (x->all || !x->named || x->format == VIEW_TEXT)
		return;
	if (!error_is(&x->last))
		error_set(&x->last, CRIT_EDATA, "pstree.img: no such image");
	if (x->format == VIEW_JSON)
		out_put(&x->out, "null", 4);
	out_flush(&x->out);
	x->out.write = NULL;
	if (x->format == VIEW_RECORDS)
		whose_error(&x->out, x->path, &x->last);
}

static void answer(struct explore *x)
{
	if (!begin(x)) {
		explore_failed(x);
		return;
	}
	if (x->what->needs_files && !x->is_dir)
		error_set(&x->err, CRIT_EUSAGE, "%s needs raw images, which a "
			  "stream of records does not have", x->what->name);
	else if (x->what->needs_pages && !x->is_dir)
		error_set(&x->err, CRIT_EUSAGE, "%s needs the memory of tasks, "
			  "which a stream of records does not have", x->what->name);
	else if (x->is_dir)
		read_dir(x);
	else
		read_stream(x);
	explore_failed(x);
	if (!(x->what->images & MODEL_TREE) || check_tasks(x))
		explorer_print(x->what, &x->view);
	else
		no_answer(x);
	out_flush(&x->out);
	if (x->as_table && x->view.terminal && !spool_size(&x->table.spool) &&
	    !x->status)
		filter_warn("%s: nothing in these images", x->what->name);
	explore_failed(x);
	end_stream(x);
	table_free(&x->table);
	model_free(&x->model);
}

/* One document: {"ps": ..., "fds": ..., ...}. */
static void answer_all(struct explore *x)
{
	const char *before = "{";
	uint64_t at;

	for (size_t i = 0; i < n_explorers && !x->out.failed; i++) {
		char key[64];
		int n = snprintf(key, sizeof(key), "%s\n\"%s\": ", before,
				 explorers[i]->name);

		out_put(&x->out, key, (size_t)n);
		at = x->out.base + x->out.pos;
		x->what = explorers[i];
		answer(x);
		if (x->out.base + x->out.pos == at)
			out_put(&x->out, "null\n", 5);
		before = ",";
	}
	out_put(&x->out, "}\n", 2);
	x->what = &explore_all;
}

void explore_answer(struct explore *x)
{
	if (x->what != &explore_all) {
		answer(x);
	} else if (x->is_dir) {
		answer_all(x);
	} else {
		error_set(&x->err, CRIT_EUSAGE, "all needs a checkpoint, "
			"not a stream of records");
		explore_failed(x);
	}
}

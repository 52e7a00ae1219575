// SPDX-License-Identifier: MIT
/*
 *   CHECKPOINT ─► image source ─┐
 *                               ├─► model ─► view ─► stdout
 *   records ────► json source ──┘
 */
#include "checkpoint.h"
#include "tables.h"
#include "whose.h"
#include "yaml/formats.h"
#include "checkpoint/model_dir.h"
#include "load_schema.h"
#include "schema/load.h"
#include "view/explorer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { AS_TABLE = VIEW_RECORDS + 1 };
enum { TOLD_MAX = 64, TOLD_LENGTH = 256 };

/* All of them. */
static const struct explorer explore_all = {
	.name = "all", .about = "all of these, as one JSON document",
	.needs_pages = true,
};

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

static void report(void *ctx, const struct crit_error *err)
{
	struct explore *x = ctx;

	x->last = *err;
	filter_worst(&x->status, told(x, err) ? FILTER_FAILED :
		     filter_error(err));
}

static void failed(struct explore *x)
{
	if (error_is(&x->err))
		report(x, &x->err);
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
	failed(x);
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
		failed(x);
}

static void read_stream(struct explore *x)
{
	struct in in = { .fd = -1 };

	if (!in_open_blob(&in, &x->source.raw, &x->err) ||
	    !json_source_init(&x->json, x->schema, &x->model.sink, &x->err)) {
		failed(x);
	} else {
		x->json.no_end = x->no_end;
		x->json.need_name = true;
		x->model.cut = !documents_read(&x->json, &in);
		failed(x);
	}
	in_close(&in);
}

/* A truncated stream is answered, too; then comes the error. */
static void end_stream(struct explore *x)
{
	if (!x->json.chunk)	/* a folder, or it could not be opened */
		return;
	if (!x->model.cut && !json_source_end(&x->json))
		failed(x);
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
	x->model.report = report;
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
		failed(x);
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
	failed(x);
	if (!(x->what->images & MODEL_TREE) || check_tasks(x))
		explorer_print(x->what, &x->view);
	else
		no_answer(x);
	out_flush(&x->out);
	if (x->as_table && x->view.terminal && !spool_size(&x->table.spool) &&
	    !x->status)
		filter_warn("%s: nothing in these images", x->what->name);
	failed(x);
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

static void answer_any(struct explore *x)
{
	if (x->what != &explore_all) {
		answer(x);
	} else if (x->is_dir) {
		answer_all(x);
	} else {
		error_set(&x->err, CRIT_EUSAGE, "all needs a checkpoint, "
			"not a stream of records");
		failed(x);
	}
}

static enum store_pages want(const struct explore *x)
{
	return x->what->needs_pages ? STORE_PAGES_ANY : STORE_PAGES_NONE;
}

/* Messages name the file that the documents come from. */
static void place_file(const struct explore *x)
{
	char place[256];

	if (!strcmp(x->path, "-"))
		return;
	snprintf(place, sizeof(place), "%.250s: ", x->path);
	filter_place(place);
}

/* Documents, or a checkpoint that is open then. */
static bool open_path(struct explore *x)
{
	struct store_how how;

	if (!checkpoint_look(&x->source, x->path, want(x), NULL, x->schema,
			     &x->err))
		return false;
	how = checkpoint_how(&x->where, want(x), NULL);
	x->is_dir = checkpoint_is(&x->source) ||
		x->source.content == CONTENT_IMAGE ||
		x->source.content == CONTENT_ZEROS;
	if (!x->is_dir)
		place_file(x);
	return !x->is_dir ||
	       (checkpoint_open_memory(&x->dir, x->path, &x->source, &how,
				       x->schema, report, x, &x->err) &&
		store_list(&x->dir, x->path, &x->err));
}

static void heading(struct explore *x, bool first)
{
	if (!x->named)
		return;
	if (x->format == VIEW_RECORDS)
		whose_lines(&x->whose, &x->out, x->path);
	else if (x->format == VIEW_TEXT)
		whose_heading(&x->out, x->path, first);
	else
		whose_document(&x->out, x->path, x->what->name);
}

static void explore_one(struct explore *x, const char *path, bool first)
{
	x->path = path;
	x->is_dir = false;
	x->json = (struct json_source){ 0 };
	x->n_told = 0;
	error_clear(&x->last);
	if (open_path(x)) {
		heading(x, first);
		answer_any(x);
		if (x->named && x->format == VIEW_JSON)
			out_put(&x->out, "}\n", 2);
		out_flush(&x->out);
		x->out.write = NULL;
	} else {
		if (x->named && x->format != VIEW_TEXT)
			whose_error(&x->out, x->path, &x->err);
		failed(x);
	}
	if (x->is_dir)
		checkpoint_close(&x->dir);
	else
		source_close(&x->source);
	filter_place("");
	out_flush(&x->out);
}

static int explore(struct explore *x, char **path, int n)
{
	if (!out_open(&x->out, STDOUT_FILENO, STDOUT_NAME, &x->err))
		return filter_error(&x->err);
	x->named = (n > 1 || x->where.with) && !x->where.without;
	for (int i = 0; i < n && !x->out.failed; i++)
		explore_one(x, path[i], !i);
	failed(x);
	out_close(&x->out);
	schema_free(x->loaded);
	free(x->pids.pid);
	free(x->where.shards.name);
	return x->status;
}

/* "ps fds fd mems": what may be asked; names alone where not aliases. */
static const char *what_words(bool aliases)
{
	static char words[2][512];
	char *p = words[aliases];

	for (size_t i = 0; i < n_explorers; i++) {
		const struct explorer *e = explorers[i];

		p = stpcpy(stpcpy(p, i ? " " : ""), e->name);
		if (aliases && e->alias)
			p = stpcpy(stpcpy(p, " "), e->alias);
	}
	stpcpy(p, " all");
	return words[aliases];
}

/* A line for each. */
static const char *what_lines(const char *before, const char *after)
{
	static char text[4096];
	char *p = stpcpy(text, before);

	for (size_t i = 0; i < n_explorers; i++) {
		const struct explorer *e = explorers[i];
		char name[32];

		snprintf(name, sizeof(name), "%s%s%s", e->name,
			 e->alias ? ", " : "", e->alias ? e->alias : "");
		p += sprintf(p, "  %-9s  %s\n", name, e->about);
	}
	p += sprintf(p, "  %-9s  %s\n", explore_all.name, explore_all.about);
	stpcpy(p, after);
	return text;
}

static const struct explorer *find_what(const char *name)
{
	return strcmp(name, explore_all.name) ? explorer_find(name) :
		&explore_all;
}

/* " (did you mean sk?)" for "sockets", or what word_meant finds. */
static const char *what_meant(const char *name, char hint[160])
{
	for (size_t i = 0; i < n_explorers; i++) {
		const struct explorer *e = explorers[i];

		if (!e->meant || word_find(e->meant, name) < 0)
			continue;
		snprintf(hint, 160, " (did you mean %s?)", e->name);
		return hint;
	}
	return word_meant(what_words(true), name, hint);
}

/* WHAT comes last, or else first; it is taken out. Returns how many are left. */
static int read_operands(const struct tool *tool, struct explore *x,
			 char **operand, int n)
{
	const char *last = operand[n - 1];
	char hint[160];

	x->what = find_what(last);
	if (x->what)
		return n - 1;
	if (n == 1 && !access(*operand, F_OK))
		tool_missing(tool, "missing argument: WHAT");
	x->what = n > 1 ? find_what(operand[0]) : NULL;
	/* an operand that exists is a CHECKPOINT */
	if (!x->what && !access(last, F_OK) && access(*operand, F_OK))
		last = *operand;
	if (!x->what)
		filter_usage("unknown view '%s'%s", last,
			     what_meant(last, hint));
	memmove(operand, operand + 1, (size_t)(n - 1) * sizeof(*operand));
	return n - 1;
}

static const struct option_row rows[] = {
	/* words in the order of enum view_format */
	OPTION_FORMAT(struct explore, format, "text json records table",
		      "text (default), json (one document), records (one "
		      "JSON object per line), or table (aligned columns)"),
	OPTIONS_TABLE(struct explore, tables),
	OPTION_FLAG(0, "tree", struct explore, tree,
		    "print ps as a table with the tree drawn before the "
		    "names"),
	OPTION_PIDS('p', struct explore, pids),
	OPTION_NO_END(struct explore, no_end),
	OPTION_SCHEMA(struct explore, schema_file),
	OPTIONS_CHECKPOINT(struct explore, where),
	OPTION_PARENT(struct explore, where.parent),
	OPTIONS_MANY(struct explore, where),
	OPTIONS_END
};

static const struct example examples[] = {
	{ "The process tree:", "crit-x checkpoint.tar.zst ps" },
	{ "The same with branches and states:", "crit-x --tree DIR ps" },
	{ "Open files of task 12, as JSON:", "crit-x -p 12 -f json DIR fds" },
	{ "The ten largest mappings:",
	  "crit-x --sort size --top 10 DIR mems" },
	{ "All that is known, for jq:", "crit-x DIR all | jq .ps" },
	{ "From a stream:", "crit-decode DIR | crit-x sk" },
	{ NULL, NULL }
};

int main(int argc, char **argv)
{
	static struct explore x;
	const struct tool tool = {
		.synopsis = "[OPTION]... [CHECKPOINT]... WHAT",
		.about = what_lines("Explore checkpoints. A CHECKPOINT is a "
			"directory, a tar archive, an OCI image,\n"
			"a stream (man crit-checkpoint), or what crit-decode "
			"printed. With none, or when\n"
			"it is -, read standard input. WHAT is one of:\n\n",
			"\nUnreadable images are reported, the rest is still "
			"printed, and the exit status\nis 1."),
		.rows = rows,
		.operand = TAKES_CHECKPOINT,
		.words = what_words(false),
		.examples = examples,
	};
	char *input[1] = { (char *)"-" };
	int n, first = tool_options(&tool, &x, argc, argv);

	if (first == argc)
		tool_missing(&tool, "missing argument: WHAT");
	error_clear(&x.err);
	x.schema = load_schema(x.schema_file, &x.loaded, &x.err);
	if (!x.schema)
		return filter_end(filter_error(&x.err));
	n = read_operands(&tool, &x, argv + first, argc - first);
	x.all = x.what == &explore_all;
	if (x.all && x.format > VIEW_JSON)
		filter_usage("all is one JSON document: use -f json");
	if (x.all)
		x.format = VIEW_JSON;
	if (x.tree && (strcmp(x.what->name, "ps") || x.tables.sort ||
		       (x.format && x.format != AS_TABLE)))
		filter_usage("--tree works only with ps as a table, "
			"without --sort");
	x.as_table = x.format == AS_TABLE || x.tree || (x.format == VIEW_TEXT &&
		(x.what->text_is_table || table_wanted(&x.tables)));
	table_check(&x.tables, x.as_table);
	if (x.as_table)		/* headings as of text */
		x.format = VIEW_TEXT;
	checkpoint_check(&x.where, n);
	if (!n)
		return filter_end(explore(&x, input, 1));
	return filter_end(explore(&x, argv + first, n));
}

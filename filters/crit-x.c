// SPDX-License-Identifier: MIT
/*
 *   CHECKPOINT, documents ─► opened one by one ─► x_answer.c
 */
#include "x_job.h"
#include "load_schema.h"
#include "schema/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
				       x->schema, explore_report, x,
				       &x->err) &&
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
		explore_answer(x);
		if (x->named && x->format == VIEW_JSON)
			out_put(&x->out, "}\n", 2);
		out_flush(&x->out);
		x->out.write = NULL;
	} else {
		if (x->named && x->format != VIEW_TEXT)
			whose_error(&x->out, x->path, &x->err);
		explore_failed(x);
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
	explore_failed(x);
	out_close(&x->out);
	schema_free(x->loaded);
	free(x->pids.pid);
	free(x->where.shards.name);
	return x->status;
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
	n = what_take(&tool, &x, argv + first, argc - first);
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

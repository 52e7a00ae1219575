// SPDX-License-Identifier: MIT
/*
 *   CHECKPOINT ─► model, memory ─► picture ─► SVG
 *                               └► dot, HTML
 */
#include "checkpoint.h"
#include "base/output_file.h"
#include "draw/draw.h"
#include "load_schema.h"
#include "schema/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct job {
	const char *output, *schema_file;
	unsigned format;	/* enum draw_format, from 1; 0: what suits it */
	struct pids pids;
	struct checkpoint_options where;

	const struct drawing *what;
	const char *path;
	struct schema *loaded;
	const struct schema *schema;
	struct store store;
	struct output_file target;
	struct out out;
	struct crit_error err;
	int status;
};

static void failed(struct job *j)
{
	if (error_is(&j->err))
		filter_failure(&j->status, &j->err);
	error_clear(&j->err);
}

static bool open_output(struct job *j)
{
	if (j->output && !output_file_open(&j->target, j->output,
					   OUTPUT_PRIVATE, &j->err))
		return false;
	if (out_open(&j->out, j->output ? j->target.fd : STDOUT_FILENO,
		     j->output ? j->output : STDOUT_NAME, &j->err))
		return true;
	if (j->output)
		output_file_abort(&j->target);
	return false;
}

/* What could be drawn is kept where some images cannot be read. */
static void close_output(struct job *j, bool drawn)
{
	bool whole = out_flush(&j->out) && drawn;

	failed(j);
	if (j->output && !whole)
		output_file_abort(&j->target);
	else if (j->output && !output_file_commit(&j->target, &j->err))
		failed(j);
	out_close(&j->out);
}

static enum draw_format format(const struct job *j)
{
	if (j->format)
		return (enum draw_format)(j->format - 1);
	return j->what->picture ? DRAW_SVG : DRAW_HTML;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static bool draw_store(struct job *j)
{
	struct draw d = {
		.store = &j->store, .name = strcmp(j->path, "-") ?
			last_part(j->path) : "standard input",
		.pids = j->pids.pid, .n_pids = j->pids.n, .out = &j->out,
		.report = filter_failure, .ctx = &j->status,
		.err = &j->err,
	};

	return store_has_images(&j->store, j->path, &j->err) &&
	       draw(&d, j->what, format(j));
}

static int run(struct job *j)
{
	struct store_how how = checkpoint_how(&j->where, STORE_PAGES_ANY,
					      j->output);
	bool drawn = false;

	j->schema = load_schema(j->schema_file, &j->loaded, &j->err);
	if (!j->schema || !open_output(j))
		return filter_error(&j->err);
	if (checkpoint_open_memory(&j->store, j->path, NULL, &how, j->schema,
				   filter_failure, &j->status, &j->err)) {
		drawn = store_list(&j->store, j->path, &j->err) &&
			draw_store(j);
		failed(j);
		checkpoint_close(&j->store);
	}
	failed(j);
	close_output(j, drawn);
	schema_free(j->loaded);
	free(j->pids.pid);
	free(j->where.shards.name);
	return j->status;
}

static const char *what_words(void)
{
	static char words[128];
	char *p = words;

	for (size_t i = 0; i < n_drawings; i++)
		p = stpcpy(stpcpy(p, i ? " " : ""), drawings[i].name);
	return words;
}

static const char *what_lines(const char *before)
{
	static char text[1024];
	size_t at = (size_t)snprintf(text, sizeof(text), "%s", before);

	for (size_t i = 0; i < n_drawings; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
				       "  %-8s  %s\n", drawings[i].name,
				       drawings[i].about);
	text[at - 1] = 0;	/* an empty line follows */
	return text;
}

/* WHAT comes first, or else last. */
static void read_operands(struct job *j, char **operand, int n)
{
	char hint[160];

	if (n > 2)
		filter_usage("one CHECKPOINT at a time");
	j->what = drawing_find(operand[0]);
	j->path = n > 1 ? operand[1] : "-";
	if (j->what)
		return;
	j->what = n > 1 ? drawing_find(operand[1]) : NULL;
	j->path = operand[0];
	if (!j->what)
		filter_usage("unknown picture '%s'%s", operand[0],
			     word_meant(what_words(), operand[0], hint));
}

static void read_format(void *into, const struct option_row *row,
			const char *arg)
{
	int at = word_find(row->words, arg);
	char hint[160];

	if (at < 0)
		filter_usage("unknown format '%s'%s", arg,
			     word_meant(row->words, arg, hint));
	((struct job *)into)->format = (unsigned)at + 1;
}

static const struct option_row rows[] = {
	/* words in the order of enum draw_format */
	{ 'f', "format", "FORMAT", TAKES_WORD, "svg dot html",
	  .call = read_format,
	  .help = "svg (default), dot (for Graphviz), or html (default of "
		"report)" },
	OPTION_OUTPUT(struct job, output),
	OPTION_PIDS('p', struct job, pids),
	OPTION_SCHEMA(struct job, schema_file),
	OPTIONS_CHECKPOINT(struct job, where),
	OPTION_PARENT(struct job, where.parent),
	OPTIONS_END
};

static const struct example examples[] = {
	{ "The process tree:", "crit-draw tree DIR >tree.svg" },
	{ "Address space of task 12:",
	  "crit-draw -p 12 -o memory.svg memory cp.tar.zst" },
	{ NULL, NULL }
};

int main(int argc, char **argv)
{
	static struct job j;
	const struct tool tool = {
		.synopsis = "[OPTION]... WHAT [CHECKPOINT]",
		.about = what_lines("Draw a checkpoint. A CHECKPOINT is a "
			"directory, a tar archive, an OCI image, or\n"
			"a stream (man crit-checkpoint). With none, or when "
			"it is -, read\nstandard input. WHAT is one of:\n\n"),
		.rows = rows,
		.operand = TAKES_CHECKPOINT,
		.words = what_words(),
		.examples = examples,
	};
	int first = tool_options(&tool, &j, argc, argv);

	error_clear(&j.err);
	if (first == argc)
		tool_missing(&tool, "missing argument: WHAT");
	read_operands(&j, argv + first, argc - first);
	checkpoint_check(&j.where, 1);
	return filter_end(run(&j));
}

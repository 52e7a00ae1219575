// SPDX-License-Identifier: MIT
/*
 *   A ─► diff_side.h ─┐
 *                     ├─► diff ─► what changed, a line each
 *   B ─► diff_side.h ─┘
 */
#include "checkpoint.h"
#include "diff_side.h"
#include "load_schema.h"
#include "progress.h"
#include "diff/diff.h"
#include "schema/load.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { IGNORE_MAX = 256, RECORDS = 1, DIFFERENT = 1, TROUBLE = 2 };

struct job {
	const struct schema *schema;
	struct schema *loaded;
	const char *schema_file, *at, *parent[2], *ignore[IGNORE_MAX];
	struct file_list shards[2];
	size_t n_ignore;
	unsigned format, only;
	bool follow, pages, hex, brief;
	struct side side[2];
	struct out out;
	struct diff diff;
	struct crit_error err;
};

static void ignore(void *into, const struct option_row *row, const char *arg)
{
	struct job *j = into;

	(void)row;
	if (!*arg)
		filter_usage("--ignore needs a path");
	if (j->n_ignore == IGNORE_MAX)
		filter_usage("more than %d times --ignore", IGNORE_MAX);
	j->ignore[j->n_ignore++] = arg;
}

static unsigned section_of(const char *name, size_t n)
{
	char word[32];

	for (unsigned i = 0; diff_section(i); i++)
		if (strlen(diff_section(i)) == n &&
		    !strncmp(diff_section(i), name, n))
			return 1u << i;
	n = n < sizeof(word) ? n : sizeof(word) - 1;
	memcpy(word, name, n);
	word[n] = 0;
	filter_usage("--only: unknown section '%s' (tasks, files, mappings, "
		     "sockets, fields, memory)", word);
}

static void only(void *into, const struct option_row *row, const char *arg)
{
	struct job *j = into;
	size_t n;

	(void)row;
	for (; *arg; arg += n + (arg[n] == ',')) {
		n = strcspn(arg, ",");
		j->only |= section_of(arg, n);
	}
}

static const struct option_row rows[] = {
	{ 0, "only", "SECTIONS", TAKES_TEXT, .call = only, .many = true,
	  .help = "compare only these sections, separated by commas: "
		"tasks, files, mappings, sockets, fields, memory" },
	{ 0, "ignore", "PATH", TAKES_TEXT, .call = ignore, .many = true,
	  .help = "ignore fields with this path (pos, thread_info.gpregs); "
		"IMAGE:PATH only in that image; IMAGE: (stats-dump:) the "
		"whole image; wildcards are allowed; may be repeated" },
	OPTION_FLAG(0, "pages", struct job, pages,
		    "also print the ranges of pages that differ"),
	OPTION_FLAG(0, "hex", struct job, hex,
		    "also print the bytes of pages that differ"),
	OPTION_FORMAT(struct job, format, "text records",
		      "text (default) or records (one JSON object per line)"),
	OPTION_FLAG('q', "brief", struct job, brief,
		    "print nothing; the exit status tells whether they "
		    "differ"),
	OPTION_AT(struct job, at),
	{ 0, "shard-a", "FILE", TAKES_FILE, .call = file_list_add, .many = true,
	  .help = "read FILE as another part (shard) of the stream A; may "
		"be repeated",
	  .place = offsetof(struct job, shards[0]) },
	{ 0, "shard-b", "FILE", TAKES_FILE, .call = file_list_add, .many = true,
	  .help = "read FILE as another part (shard) of the stream B; may "
		"be repeated",
	  .place = offsetof(struct job, shards[1]) },
	{ 0, "parent-a", "CHECKPOINT", TAKES_CHECKPOINT,
	  .help = "read the pages of A's parent from CHECKPOINT",
	  .place = offsetof(struct job, parent[0]) },
	{ 0, "parent-b", "CHECKPOINT", TAKES_CHECKPOINT,
	  .help = "read the pages of B's parent from CHECKPOINT",
	  .place = offsetof(struct job, parent[1]) },
	OPTION_SCHEMA(struct job, schema_file),
	OPTION_FOLLOW(struct job, follow),
	OPTIONS_END
};

static const struct example examples[] = {
	{ "What changed between two dumps:", "crit-diff dump-1 dump-2" },
	{ "Which pages of the memory:", "crit-diff --only memory --pages A B" },
	{ "What an edit changes:",
	  "crit-decode DIR | jq -c 'EDIT' | crit-diff DIR -" },
	{ "Without registers and dump statistics:",
	  "crit-diff --ignore thread_info --ignore stats-dump: A B" },
	{ NULL, NULL }
};

static const struct tool tool = {
	.synopsis = "[OPTION]... A B",
	.about = "Report what changed between two checkpoints: tasks, descriptors, "
		"mappings,\n"
		"sockets, other fields, and pages of memory. Entries are matched "
		"by what they\n"
		"are (PID, descriptor, address, path), not by the ids that CRIU "
		"gives them.\n"
		"A or B may also be records of crit-decode, in a file or (-) on "
		"standard input.",
	.status = "0 no differences, 1 differences, 2 any error",
	.rows = rows, .operand = TAKES_CHECKPOINT, .examples = examples,
	.failed = TROUBLE,
};

static bool open_one(struct job *j, int side, const char *path)
{
	const struct store_how how = {
		.follow = j->follow, .at = j->at, .parent = j->parent[side],
		.shards = j->shards[side].name,
		.n_shards = j->shards[side].n, .warn = filter_warning,
		.meter = progress_meter(NULL),
	};

	return side_open(&j->side[side], path, &how, j->schema, &j->err);
}

static bool run(struct job *j, char **path)
{
	const bool records = j->side[0].records || j->side[1].records;
	const unsigned all = (1u << SECTIONS) - 1;

	if (records && (!j->only || j->only >> SECTION_MEMORY & 1))
		filter_warn("records contain no memory and no raw images: "
			"these are not compared");
	j->diff = (struct diff){
		.store = { side_store(&j->side[0]), side_store(&j->side[1]) },
		.name = { path[0], path[1] }, .schema = j->schema,
		.err = &j->err, .out = &j->out,
		.sections = j->only ? j->only : all, .images_only = records,
		.records = j->format == RECORDS, .pages = j->pages || j->hex,
		.hex = j->hex, .ignore = j->ignore, .n_ignore = j->n_ignore,
		.warn = filter_warning,
	};
	return diff_run(&j->diff);
}

static bool put_nowhere(void *arg, const void *p, size_t n)
{
	(void)arg;
	(void)p;
	(void)n;
	return true;
}

static int compare(struct job *j, char **path)
{
	bool ok;

	j->side[1] = j->side[0] = (struct side){ .checkpoint.fd = -1,
						 .images.fd = -1 };
	if (j->brief)
		j->out.write = put_nowhere;
	ok = open_one(j, 0, path[0]) && open_one(j, 1, path[1]) && run(j, path);
	if (!ok)
		filter_error(&j->err);
	error_clear(&j->err);
	if (!out_flush(&j->out)) {
		filter_error(&j->err);
		ok = false;
	}
	side_close(&j->side[0]);
	side_close(&j->side[1]);
	free(j->shards[0].name);
	free(j->shards[1].name);
	if (!ok || j->diff.trouble)
		return TROUBLE;
	return j->diff.differs ? DIFFERENT : FILTER_OK;
}

int main(int argc, char **argv)
{
	static struct job j = { .schema = &crit_schema };
	int i = tool_options(&tool, &j, argc, argv), status;

	if (i == argc)
		tool_missing(&tool, "expected two checkpoints, A and B");
	if (argc - i != 2)
		filter_usage("expected two checkpoints, A and B");
	if (!strcmp(argv[i], "-") && !strcmp(argv[i + 1], "-"))
		filter_usage("only one of A and B can be standard input");
	if (j.hex && j.format == RECORDS)
		filter_usage("only one of --hex and -f records");
	error_clear(&j.err);
	j.schema = load_schema(j.schema_file, &j.loaded, &j.err);
	if (!j.schema || !out_open(&j.out, STDOUT_FILENO, STDOUT_NAME, &j.err)) {
		filter_error(&j.err);
		return TROUBLE;
	}
	status = compare(&j, argv + i);
	out_close(&j.out);
	schema_free(j.loaded);
	return filter_end(status) == status ? status : TROUBLE;
}

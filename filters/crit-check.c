// SPDX-License-Identifier: MIT
/*
 *   store ─────► check ─► findings, a line each
 *   documents ─┘
 */
#include "checkpoint.h"
#include "check/check.h"
#include "json/read.h"
#include "load_schema.h"
#include "progress.h"
#include "json/text.h"
#include "schema/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ALLOW_MAX = 256, RECORDS = 1 };

struct job {
	const struct schema *schema;
	struct schema *loaded;
	const char *schema_file, *at, *parent, *allow[ALLOW_MAX];
	size_t n_allow;
	struct file_list shards;
	unsigned format;
	bool host, list, follow, several;
	struct out out;
	struct crit_error err;
	int status;
};

static void failed(struct job *j)
{
	filter_worst(&j->status, filter_error(&j->err));
	error_clear(&j->err);
}

static bool read_documents(struct check *c, struct source *source,
			   struct crit_error *err)
{
	struct json_source s;
	struct in in;
	bool ok;

	if (!json_source_init(&s, c->schema, &c->sink, err))
		return false;
	s.need_name = true;
	ok = in_open_blob(&in, &source->raw, err) && json_source_read(&s, &in) &&
	     json_source_end(&s);
	in_close(&in);
	json_source_free(&s);
	return ok;
}

/* Documents, or a checkpoint: the first bytes tell. */
static bool read_any(struct job *j, struct check *c, struct store *store,
		     const char *path)
{
	const struct store_how how = {
		.follow = j->follow, .at = j->at, .parent = j->parent,
		.shards = j->shards.name, .n_shards = j->shards.n,
		.want = STORE_PAGES_NONE, .warn = filter_warning,
		.meter = progress_meter(NULL),
	};
	struct source source;
	bool ok;

	filter_reads(path);
	if (!source_open(&source, path, j->schema, false, how.meter, &j->err))
		return false;
	if (!source.kind && (source.content == CONTENT_TEXT ||
			     source.content == CONTENT_EMPTY)) {
		ok = read_documents(c, &source, &j->err);
		source_close(&source);
		return ok;
	}
	return store_open_source(store, &source, j->schema, &how, &j->err) &&
	       store_list(store, path, &j->err) &&
	       store_has_images(store, path, &j->err) && check_store(c, store);
}

static void answer(struct job *j, struct check *c, const char *path)
{
	const char *prefix = j->several ? path : NULL;

	if (!check_end(c)) {
		failed(j);
		return;
	}
	if (j->format == RECORDS)
		check_records(c, &j->out, prefix);
	else
		check_print(c, &j->out, prefix);
	if (check_count(c, ERROR))
		filter_worst(&j->status, FILTER_FAILED);
}

static void one(struct job *j, const char *path)
{
	struct store store = { .fd = -1 };
	struct check c;

	if (check_init(&c, j->schema, &j->err)) {
		c.allow = j->allow;
		c.n_allow = j->n_allow;
		c.host = j->host;
		c.warn = filter_warning;
	}
	if (!error_is(&j->err) && read_any(j, &c, &store, path))
		answer(j, &c, path);
	else
		failed(j);
	check_free(&c);
	store_close(&store);
}

static void list(struct job *j)
{
	const struct rule *r;

	for (size_t i = 0; (r = check_rule(i)); i++)
		out_printf(&j->out, "%-7s %-32s %s\n",
			   check_severity(r->severity), r->id, r->about);
}

static void allow(void *into, const struct option_row *row, const char *arg)
{
	struct job *j = into;
	char name[64], hint[160];

	(void)row;
	arg += 2 * !strncmp(arg, "--", 2);
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(arg, "="), arg);
	if (word_find(check_options, name) < 0)
		filter_usage("--allow: no rule depends on '%s'%s", name,
			     word_meant(check_options, name, hint));
	if (j->n_allow == ALLOW_MAX)
		filter_usage("more than %d times --allow", ALLOW_MAX);
	j->allow[j->n_allow++] = arg;
}

static const struct option_row rows[] = {
	{ 0, "allow", "OPTION", TAKES_TEXT, .call = allow, .many = true,
	  .help = "assume that restore will be called with --OPTION "
		"(tcp-established, shell-job, external=mnt[KEY], ...)" },
	OPTION_FLAG(0, "host", struct job, host,
		    "also check this machine: do the files and devices "
		    "exist, are the PIDs free"),
	OPTION_FORMAT(struct job, format, "text records",
		      "text (default) or records (one JSON object per line)"),
	OPTION_FLAG(0, "list", struct job, list,
		    "print all rules: severity, name, description"),
	OPTION_SCHEMA(struct job, schema_file),
	OPTION_FOLLOW(struct job, follow),
	OPTION_AT(struct job, at),
	OPTION_SHARD(struct job, shards),
	OPTION_PARENT(struct job, parent),
	OPTIONS_END
};

static const struct example examples[] = {
	{ "Will it restore?", "crit-check DIR" },
	{ "Only errors, with the options of restore:",
	  "crit-check --allow tcp-established DIR | grep ^error" },
	{ "What an edit would break:",
	  "crit-decode DIR | jq -c 'EDIT' | crit-check" },
	{ NULL, NULL }
};

static const struct tool tool = {
	.synopsis = "[OPTION]... [CHECKPOINT]...",
	.about = "Report why CRIU would not restore a checkpoint: missing "
		"images, references\n"
		"that lead nowhere, impossible values. Prints one finding "
		"per line.\n"
		"With no CHECKPOINT, or when it is -, read standard input: "
		"an archive, or the\n"
		"records of crit-decode (which do not hold pages and other "
		"raw images, so these\n"
		"are not checked).",
	.status = "0 no errors (maybe warnings and notes), 1 errors or unreadable"
		",\n2 usage error",
	.rows = rows, .operand = TAKES_CHECKPOINT, .examples = examples,
};

int main(int argc, char **argv)
{
	static struct job j = { .schema = &crit_schema };
	int i = tool_options(&tool, &j, argc, argv);

	error_clear(&j.err);
	j.schema = load_schema(j.schema_file, &j.loaded, &j.err);
	if (!j.schema || !out_open(&j.out, STDOUT_FILENO, STDOUT_NAME, &j.err))
		return filter_error(&j.err);
	j.several = argc - i > 1;
	if (j.several && (j.shards.n || j.parent))
		filter_usage("%s goes with one CHECKPOINT only",
			     j.parent ? "--parent" : "--shard");
	if (j.list)
		list(&j);
	else if (i == argc)
		one(&j, "-");
	for (; i < argc && !j.list; i++)
		one(&j, argv[i]);
	if (!out_flush(&j.out))
		failed(&j);
	out_close(&j.out);
	schema_free(j.loaded);
	free(j.shards.name);
	return filter_end(j.status);
}

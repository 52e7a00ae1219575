// SPDX-License-Identifier: MIT
/*
 *   CHECKPOINT, records on stdin ─► check ─► findings, a line each
 */
#include "filter.h"
#include "check/check.h"
#include "json/read.h"
#include "schema/load.h"
#include "json/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
"usage: crit-check [OPTION]... [CHECKPOINT]...\n"
"Report why CRIU would not restore a checkpoint: missing images, references\n"
"that lead nowhere, values that cannot be. One finding a line:\n"
"SEVERITY RULE IMAGE: entry N, FIELD: what is wrong\n"
"With no CHECKPOINT, or when it is -, reads records (crit-decode) from\n"
"standard input; pages and other raw images are not checked then.\n"
"\n"
"      --allow OPTION       assume that restore is called with --OPTION\n"
"                           (tcp-established, shell-job, external=KEY, ...)\n"
"      --host               check this machine, too: files, pids, devices\n"
"  -f, --format FORMAT      text (default) or records (a line of JSON each)\n"
"      --list               print the rules: severity, name, description\n"
"      --schema FILE        read message definitions of a newer CRIU\n"
"  -L, --dereference        follow links that lead out of the directory\n"
"      --help               print this\n"
"      --version            print the version\n"
"\n"
"Status: 0 no errors (there may be warnings and notes), 1 errors, or a file\n"
"that cannot be read, 2 usage.\n"
"Full documentation: man crit-check\n";

enum { OPT_ALLOW = OPT_OWN, OPT_HOST, OPT_LIST, OPT_SCHEMA };

static const struct option options[] = {
	{ "allow", required_argument, NULL, OPT_ALLOW },
	{ "host", no_argument, NULL, OPT_HOST },
	{ "format", required_argument, NULL, 'f' },
	{ "list", no_argument, NULL, OPT_LIST },
	{ "schema", required_argument, NULL, OPT_SCHEMA },
	{ "dereference", no_argument, NULL, 'L' },
	FILTER_OPTIONS
};

enum { ALLOW_MAX = 256 };

struct job {
	const struct schema *schema;
	struct schema *loaded;
	const char *allow[ALLOW_MAX];
	size_t n_allow;
	bool host, records, list, follow, several;
	struct out out;
	struct crit_error err;
	int status;
};

static void failed(struct job *j)
{
	filter_error(&j->err);
	error_clear(&j->err);
	j->status = FILTER_FAILED;
}

static bool read_stream(struct check *c, struct crit_error *err)
{
	struct json_source s;
	struct in in;
	bool ok;

	if (!json_source_init(&s, c->schema, &c->sink, err))
		return false;
	s.need_name = true;
	ok = in_open(&in, STDIN_FILENO, err) && json_source_read(&s, &in) &&
	     json_source_end(&s);
	in_close(&in);
	json_source_free(&s);
	return ok;
}

static void answer(struct job *j, struct check *c, const char *path)
{
	const char *prefix = j->several ? path : NULL;

	if (!check_end(c)) {
		failed(j);
		return;
	}
	if (j->records)
		check_records(c, &j->out, prefix);
	else
		check_print(c, &j->out, prefix);
	if (check_count(c, ERROR))
		j->status = FILTER_FAILED;
}

static void one(struct job *j, const char *path)
{
	struct store store = { .fd = -1 };
	struct check c;
	bool ok;

	ok = check_init(&c, j->schema, &j->err);
	c.allow = j->allow;
	c.n_allow = j->n_allow;
	c.host = j->host;
	if (ok && !strcmp(path, "-"))
		ok = read_stream(&c, &j->err);
	else if (ok)
		ok = store_open_list(&store, path, j->schema, j->follow,
				     &j->err) && check_store(&c, &store);
	if (ok)
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
		json_text_printf(&j->out, "%-7s %-32s %s\n",
				 check_severity(r->severity), r->id, r->about);
}

static void read_option(struct job *j, int c)
{
	switch (c) {
	case 'L':
		j->follow = true;
		break;
	case 'f':
		if (strcmp(optarg, "text") && strcmp(optarg, "records"))
			filter_usage("unknown format '%s' (text, records)",
				     optarg);
		j->records = *optarg == 'r';
		break;
	case OPT_ALLOW:
		if (j->n_allow == ALLOW_MAX)
			filter_usage("more than %d times --allow", ALLOW_MAX);
		j->allow[j->n_allow++] = optarg + 2 * !strncmp(optarg, "--", 2);
		break;
	case OPT_HOST:
		j->host = true;
		break;
	case OPT_LIST:
		j->list = true;
		break;
	case OPT_SCHEMA:
		j->loaded = schema_load_file(j->schema, optarg, &j->err);
		if (!j->loaded)
			exit(filter_error(&j->err));
		j->schema = j->loaded;
		break;
	default:
		filter_option(c, help);
	}
}

int main(int argc, char **argv)
{
	static struct job j = { .schema = &crit_schema };
	int c;

	error_clear(&j.err);
	while ((c = getopt_long(argc, argv, "f:L", options, NULL)) != -1)
		read_option(&j, c);
	if (!out_open(&j.out, STDOUT_FILENO, "standard output", &j.err))
		return filter_error(&j.err);
	j.several = argc - optind > 1;
	if (j.list)
		list(&j);
	else if (optind == argc)
		one(&j, "-");
	for (int i = optind; i < argc && !j.list; i++)
		one(&j, argv[i]);
	if (!out_flush(&j.out))
		failed(&j);
	out_close(&j.out);
	schema_free(j.loaded);
	return filter_end(j.status);
}

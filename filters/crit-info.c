// SPDX-License-Identifier: MIT
/*
 *   FILE, DIR, stdin ─► image source ─► counting sink ─► a document or lines
 */
#include "store/store.h"
#include "event/count.h"
#include "filter.h"
#include "image/read.h"
#include "codec/json_escape.h"
#include "schema/load.h"
#include "report/summary.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
"usage: crit-info [OPTION]... [FILE|DIR]...\n"
"Print what images are: magic, number of entries, sizes.\n"
"Reads standard input where there is no operand, or for -.\n"
"\n"
"One FILE: CRIT's document {\"magic\", \"count\"}. Several, or a DIR: one line\n"
"of JSON for each image, with image, magic, entries (as decoded), count (as\n"
"CRIT counts: without the head of a pagemap), payload and extra (bytes), size.\n"
"\n"
"  -i, --in, --input FILE   read FILE (the same as an operand)\n"
"      --summary            DIR in numbers: tasks, files, mappings, memory, bytes\n"
"                           by kind of image, dump and restore statistics\n"
"  -f, --format FORMAT      of --summary: text (default) or json\n"
"      --schema FILE        messages of a newer CRIU (protoc -o FILE)\n"
"  -L, --dereference        follow links that lead out of DIR\n"
"      --help               print this\n"
"      --version            print the version\n"
"\n"
"Status: 0 done, 1 data or I/O error, 2 usage.\n"
"Full documentation: man crit-info\n";

enum { OPT_SCHEMA = OPT_OWN, OPT_SUMMARY };

static const struct option options[] = {
	{ "in", required_argument, NULL, 'i' },
	{ "input", required_argument, NULL, 'i' },
	{ "summary", no_argument, NULL, OPT_SUMMARY },
	{ "format", required_argument, NULL, 'f' },
	{ "schema", required_argument, NULL, OPT_SCHEMA },
	{ "dereference", no_argument, NULL, 'L' },
	FILTER_OPTIONS
};

struct info {
	const struct schema *schema;
	struct schema *loaded;
	const char *input;
	bool follow, lines, summary, json;
	struct crit_error err;
	int status;
};

static void failed(struct info *i)
{
	i->status = filter_error(&i->err);
	error_clear(&i->err);
}

static void put_name(const char *name)
{
	char text[JSON_NAME_MAX];

	*json_escape_name(text, name) = 0;
	printf("{\"image\":%s", text);
}

/* CRIT counts what follows the head of a pagemap. */
static uint64_t count(const struct image_source *s)
{
	bool head = s->image.type->first != s->image.type->rest &&
		s->image.type->extra == EXTRA_NONE;

	return s->entries - (head && s->entries);
}

static void put_line(struct info *i, const struct image_source *s,
		     const char *name)
{
	char text[512], escaped[JSON_GROWTH * 512 + 8];

	if (name)
		put_name(name);
	else
		putchar('{');
	if (s->image.type)
		printf("%s\"magic\":\"%s\",\"entries\":%" PRIu64 ",\"count\":%"
		       PRIu64 ",\"payload\":%" PRIu64 ",\"extra\":%" PRIu64
		       ",\"size\":%" PRIu64, name ? "," : "",
		       s->image.type->name, s->entries, count(s),
		       s->payload_bytes, s->extra_bytes, in_offset(&s->in));
	if (error_is(&i->err)) {
		struct crit_error bare = i->err;

		bare.image[0] = 0;
		error_text(&bare, text, sizeof(text));
		*json_escape_message(escaped, text) = 0;
		printf("%s\"error\":%s", name || s->image.type ? "," : "",
		       escaped);
	}
	puts("}");
}

static void info_image(struct info *i, int fd, const struct blob *b,
		       const char *name)
{
	struct image_source s;
	struct sink sink;

	count_sink_open(&sink, &i->err);
	if (b ? image_source_open_blob(&s, b, name, i->schema, &i->err) :
	    image_source_open(&s, fd, name, i->schema, &i->err)) {
		s.skip_extra = s.skip_messages = true;
		image_source_run(&s, &sink);
	}
	if (i->lines)
		put_line(i, &s, name);
	else if (!error_is(&i->err))
		printf("{\n    \"magic\": \"%s\",\n    \"count\": %" PRIu64
		       "\n}\n", s.image.type->name, count(&s));
	image_source_close(&s);
	if (error_is(&i->err))
		failed(i);
}

static void info_raw(struct info *i, const struct store *c,
		     const char *name)
{
	struct blob b;

	if (!store_blob(c, name, &b, &i->err)) {
		failed(i);
	} else {
		put_name(name);
		printf(",\"raw\":\"%s\",\"size\":%" PRIu64 "}\n",
		       schema_raw_file(c->schema, name)->name,
		       b.size);
	}
	i->err.image[0] = 0;
	blob_close(&b);
}

static void info_dir(struct info *i, const char *path)
{
	struct store c;

	i->lines = true;
	if (!store_open_list(&c, path, i->schema, i->follow, &i->err))
		failed(i);
	for (size_t k = 0; k < c.n && !ferror(stdout); k++) {
		const char *name = c.files[k].name;
		struct image_source none = { .image.name = name };
		struct blob b;

		switch (store_look(&c, name, &b, &i->err)) {
		case FILE_IMAGE:
			info_image(i, -1, &b, name);
			blob_close(&b);
			break;
		case FILE_RAW:
			info_raw(i, &c, name);
			break;
		case FILE_BAD:
			put_line(i, &none, name);
			failed(i);
			break;
		case FILE_OTHER:
			break;
		}
	}
	store_close(&c);
}

static bool is_dir(const char *path)
{
	struct stat st;

	return strcmp(path, "-") && !stat(path, &st) && S_ISDIR(st.st_mode);
}

static void info_path(struct info *i, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	int fd;

	if (is_dir(path)) {
		info_dir(i, path);
		return;
	}
	fd = filter_open(path, &i->err);
	if (fd < 0) {
		failed(i);
		return;
	}
	info_image(i, fd, NULL, strcmp(path, "-") ? name : NULL);
	if (fd)
		close(fd);
}

static void warn(const struct crit_error *err)
{
	filter_error(err);
}

/* named: it is one of several. */
static void info_summary(struct info *i, const char *path, bool named)
{
	struct store c;
	struct out out;

	if (!store_open_list(&c, path, i->schema, i->follow, &i->err) ||
	    !out_open(&out, STDOUT_FILENO, "standard output", &i->err)) {
		failed(i);
		store_close(&c);
		return;
	}
	if (!summary_print(&c, 0, &out, named ? path : NULL, i->json, warn,
			   &i->err))
		i->status = FILTER_FAILED;
	error_clear(&i->err);
	if (!out_flush(&out))
		failed(i);
	out_close(&out);
	store_close(&c);
}

static int info(struct info *i, char **operand, int n)
{
	for (int k = 0; i->summary && k < n; k++)
		if (!strcmp(operand[k], "-"))
			filter_usage("--summary needs a DIR");
	for (int k = 0; i->summary && k < n; k++)
		info_summary(i, operand[k], n > 1);
	if (i->summary)
		return i->status;
	i->lines = n > 1;
	for (int k = 0; k < n; k++)
		info_path(i, operand[k]);
	schema_free(i->loaded);
	return i->status;
}

static void read_option(struct info *i, int c)
{
	switch (c) {
	case 'i':
		i->input = optarg;
		break;
	case 'L':
		i->follow = true;
		break;
	case 'f':
		if (strcmp(optarg, "text") && strcmp(optarg, "json"))
			filter_usage("unknown format '%s' (text, json)", optarg);
		i->json = *optarg == 'j';
		break;
	case OPT_SUMMARY:
		i->summary = true;
		break;
	case OPT_SCHEMA:
		i->loaded = schema_load_file(i->schema, optarg, &i->err);
		if (!i->loaded)
			exit(filter_error(&i->err));
		i->schema = i->loaded;
		break;
	default:
		filter_option(c, help);
	}
}

int main(int argc, char **argv)
{
	struct info i = { .schema = &crit_schema };
	char *input[1] = { (char *)"-" };
	int c;

	error_clear(&i.err);
	while ((c = getopt_long(argc, argv, "i:f:L", options, NULL)) != -1)
		read_option(&i, c);
	if (i.input && optind < argc)
		filter_usage("--in and operands exclude each other");
	if (i.input)
		input[0] = (char *)i.input;
	if (optind < argc)
		return filter_end(info(&i, argv + optind, argc - optind));
	return filter_end(info(&i, input, 1));
}

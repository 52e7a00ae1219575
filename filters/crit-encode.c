// SPDX-License-Identifier: MIT
#include "filter.h"
#include "image/write.h"
#include "json/read.h"
#include "schema/load.h"
#include "base/output_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
"Usage: crit-encode [OPTION]... [FILE]...\n"
"Makes binary images of the documents in each FILE (standard input, if there\n"
"is none or it is -).\n"
"\n"
"  -i, --in, --input FILE   read this, too\n"
"  -o, --out, --output FILE write the image there, not to standard output\n"
"  -d, --dir DIR            write each image into DIR under its own name\n"
"      --no-end             records need no end record after them\n"
"      --allow-partial      required fields may be missing\n"
"      --schema FILE        messages of a newer CRIU (protoc -o FILE)\n"
"      --help               print this\n"
"      --version            print the version\n"
"\n"
"FILE and DIR hold what they held before until all is read and written.\n";

enum { OPT_NO_END = OPT_OWN, OPT_PARTIAL, OPT_SCHEMA };

static const struct option options[] = {
	{ "in", required_argument, NULL, 'i' },
	{ "input", required_argument, NULL, 'i' },
	{ "out", required_argument, NULL, 'o' },
	{ "output", required_argument, NULL, 'o' },
	{ "dir", required_argument, NULL, 'd' },
	{ "no-end", no_argument, NULL, OPT_NO_END },
	{ "allow-partial", no_argument, NULL, OPT_PARTIAL },
	{ "schema", required_argument, NULL, OPT_SCHEMA },
	FILTER_OPTIONS
};

struct encode {
	const char *input, *output, *dir, *schema;
	bool no_end, partial;

	struct crit_error err;
	struct image_sink sink;
	struct json_source source;
	struct output_file file;
	struct output_dir folder;
	char first[JSON_IMAGE_MAX + 1];
	int images;
};

static void read_options(struct encode *e, int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv, "i:o:d:", options, NULL)) != -1)
		switch (c) {
		case 'i':
			e->input = optarg;
			break;
		case 'o':
			e->output = filter_output(optarg);
			break;
		case 'd':
			e->dir = optarg;
			break;
		case OPT_NO_END:
			e->no_end = true;
			break;
		case OPT_PARTIAL:
			e->partial = true;
			break;
		case OPT_SCHEMA:
			e->schema = optarg;
			break;
		default:
			filter_option(c, help);
		}
	if (e->output && e->dir)
		filter_usage("-o takes one image, -d many: not both");
	if (!e->output && !e->dir && isatty(STDOUT_FILENO))
		filter_usage("an image is not for a terminal: -o FILE, or a pipe");
}

/* Where an image goes. */
static int open_image(void *arg, const struct image *im, const char **name)
{
	struct encode *e = arg;

	if (e->dir)
		return output_dir_file(&e->folder, im->name, &e->err);
	if (e->images++) {
		error_clear(&e->err);
		error_set(&e->err, CRIT_EUSAGE, "more than one image (%s, %s): "
			  "-d DIR takes them", *e->first ? e->first : "unnamed",
			  im->name ? im->name : "unnamed");
		return -1;
	}
	snprintf(e->first, sizeof(e->first), "%s", im->name ? im->name : "");
	*name = e->output ? e->output : "standard output";
	return e->output ? e->file.fd : STDOUT_FILENO;
}

static void close_image(void *arg, int fd)
{
	struct encode *e = arg;

	if (e->dir && close(fd))
		error_sys(&e->err, errno, "cannot close");
}

static bool begin(struct encode *e)
{
	const struct schema *schema = &crit_schema;

	error_clear(&e->err);
	if (e->schema)
		schema = schema_load_file(schema, e->schema, &e->err);
	if (!schema || !image_sink_init(&e->sink, schema, &e->err) ||
	    !json_source_init(&e->source, schema, &e->sink.sink, &e->err))
		return false;
	e->sink.arg = e;
	e->sink.open = open_image;
	e->sink.close = close_image;
	e->sink.allow_partial = e->partial;
	e->source.no_end = e->no_end;
	e->source.need_name = e->dir;
	if (e->dir)
		return output_dir_open(&e->folder, e->dir, &e->err);
	return !e->output || output_file_open(&e->file, e->output, &e->err);
}

static bool read_file(struct encode *e, const char *path)
{
	int fd = filter_open(path, &e->err);
	struct in in;

	if (fd < 0 || !in_open(&in, fd, &e->err))
		return false;
	if (!e->output && !e->dir) {
		in.drain = image_sink_drain;
		in.drain_arg = &e->sink;
	}
	json_source_read(&e->source, &in);
	if (error_is(&e->err) && !e->err.image[0] && strcmp(path, "-"))
		snprintf(e->err.image, sizeof(e->err.image), "%s", path);
	in_close(&in);
	if (fd)
		close(fd);
	return !error_is(&e->err);
}

/* All is read: what was written takes its place. */
static bool end(struct encode *e)
{
	if (!json_source_end(&e->source))
		return false;
	if (!e->dir && !e->images)
		return error_set(&e->err, CRIT_EDATA, "no image in the input");
	e->err.image[0] = 0;
	if (e->dir)
		return output_dir_commit(&e->folder, &e->err);
	return !e->output || output_file_commit(&e->file, &e->err);
}

int main(int argc, char **argv)
{
	static struct encode e;
	bool ok;

	read_options(&e, argc, argv);
	ok = begin(&e);
	if (ok && e.input)
		ok = read_file(&e, e.input);
	else if (ok && optind == argc)
		ok = read_file(&e, "-");
	while (ok && optind < argc)
		ok = read_file(&e, argv[optind++]);
	if (!ok || !end(&e)) {
		if (e.output)
			output_file_abort(&e.file);
		if (e.dir)
			output_dir_abort(&e.folder);
	}
	return filter_end(filter_error(&e.err));
}

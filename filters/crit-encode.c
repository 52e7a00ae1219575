// SPDX-License-Identifier: MIT
/*
 *   JSON, YAML, records ─► events ─► images, to a directory or to the output
 */
#include "filter.h"
#include "image/write.h"
#include "yaml/formats.h"
#include "load_schema.h"
#include "base/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct encode {
	const char *input, *output, *dir, *schema_file;
	struct schema *loaded;
	bool no_end, partial;

	struct crit_error err;
	struct image_sink sink;
	struct json_source source;
	struct output_file file;
	struct output_dir folder;
	char shown[ERROR_IMAGE];	/* where an image goes, for messages */
	char first[JSON_IMAGE_MAX + 1];
	int images;
	char raw[400];			/* names of raw images that DIR lacks */
	size_t n_raw;
};

static const struct option_row rows[] = {
	OPTION_INPUT(struct encode, input),
	OPTION_OUTPUT(struct encode, output),
	{ 'd', "dir", "DIR", TAKES_DIR,
	  .help = "write each image into DIR under its own name; DIR changes "
		"only after everything has been read and written",
	  .place = offsetof(struct encode, dir) },
	OPTION_NO_END(struct encode, no_end),
	OPTION_FLAG(0, "allow-partial", struct encode, partial,
		    "accept messages that lack required fields"),
	OPTION_SCHEMA(struct encode, schema_file),
	OPTIONS_END
};

static const struct example examples[] = {
	{ "Decode an image, change it, encode it:",
	  "crit-decode pstree.img | jq -c ... | crit-encode -o pstree.img" },
	{ "A whole checkpoint:",
	  "crit-decode DIR | jq -c ... | crit-encode -d COPY" },
	{ NULL, NULL }
};

static const struct tool tool = {
	.synopsis = "[OPTION]... [FILE]...",
	.about = "Convert the JSON or YAML documents in each FILE to "
		"binary images.\n"
		"With no FILE, or when FILE is -, read standard input.",
	.rows = rows,
	.operand = TAKES_DOCUMENTS,
	.examples = examples,
	.see = "crit-encode, man crit-stream",
};

static void check_options(const struct encode *e)
{
	if (e->output && e->dir)
		filter_usage("only one of -o and -d");
	if (!e->output && !e->dir && isatty(STDOUT_FILENO))
		filter_usage("refusing to write a binary image to a terminal; use "
			     "-o FILE or a pipe");
}

/* Where an image goes. */
static int open_image(void *arg, const struct image *im, const char **name)
{
	struct encode *e = arg;

	if (e->dir) {
		*name = error_image_in(e->shown, e->dir, im->name);
		return output_dir_file(&e->folder, im->name, &e->err);
	}
	if (e->images++) {
		error_clear(&e->err);
		error_set(&e->err, CRIT_EUSAGE, "more than one image (%s, "
			"%s): use -d DIR", *e->first ? e->first : "unnamed",
			  im->name ? im->name : "unnamed");
		return -1;
	}
	snprintf(e->first, sizeof(e->first), "%s", im->name ? im->name : "");
	*name = e->output ? e->output : STDOUT_NAME;
	return e->output ? e->file.fd : STDOUT_FILENO;
}

static void close_image(void *arg, int fd)
{
	struct encode *e = arg;

	if (e->dir && close(fd))
		error_sys(&e->err, errno, "cannot close");
}

/* A raw image of the checkpoint, which no record holds. */
static void passed(void *ctx, const char *name)
{
	struct encode *e = ctx;
	size_t n = strlen(e->raw);

	if (!faccessat(e->folder.fd, name, F_OK, AT_SYMLINK_NOFOLLOW))
		return;
	if (n + strlen(name) + 8 < sizeof(e->raw))
		snprintf(e->raw + n, sizeof(e->raw) - n, "%s%s", n ? ", " : "",
			 name);
	else if (n + 8 < sizeof(e->raw) && e->raw[n - 1] != '.')
		strcpy(e->raw + n, ", ...");
	e->n_raw++;
}

static void tell_raw(const struct encode *e)
{
	if (e->n_raw)
		filter_warn("%s lacks %zu raw image%s of the checkpoint (%s): "
			    "crit-copy --with - SOURCE DESTINATION copies them, "
			    "too", e->dir, e->n_raw, e->n_raw > 1 ? "s" : "",
			    e->raw);
}

static bool begin(struct encode *e)
{
	const struct schema *schema;

	error_clear(&e->err);
	schema = load_schema(e->schema_file, &e->loaded, &e->err);
	if (!schema || !image_sink_init(&e->sink, schema, &e->err) ||
	    !json_source_init(&e->source, schema, &e->sink.sink, &e->err))
		return false;
	e->sink.arg = e;
	e->sink.open = open_image;
	e->sink.close = close_image;
	e->sink.allow_partial = e->partial;
	e->source.no_end = e->no_end;
	e->source.warn = filter_warning;
	e->source.need_name = e->dir;
	if (e->dir) {
		e->source.passed = passed;
		e->source.passed_ctx = e;
		return output_dir_open(&e->folder, e->dir, &e->err);
	}
	return !e->output || output_file_open(&e->file, e->output,
						OUTPUT_PRIVATE, &e->err);
}

/* What crit-decode reads came here. */
static bool is_documents(struct encode *e, struct in *in)
{
	const uint8_t *p = in_peek(in, 4);
	uint32_t magic = p ? wire_get32(p) : 0;

	if (magic != MAGIC_COMMON && magic != MAGIC_SERVICE &&
	    !(p && schema_image(e->sink.schema, magic)))
		return true;
	return error_set(&e->err, CRIT_EDATA, "this is a binary image already; "
			 "crit-decode reads it");
}

static bool read_file(struct encode *e, const char *path)
{
	int fd = filter_open_records(path, &e->err);
	struct in in;

	if (fd < 0 || !in_open(&in, fd, &e->err))
		return false;
	if (!e->output && !e->dir) {
		in.drain = image_sink_drain;
		in.drain_arg = &e->sink;
	}
	if (is_documents(e, &in))
		documents_read(&e->source, &in);
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
	if (e->dir) {
		if (!output_dir_commit(&e->folder, &e->err))
			return false;
		tell_raw(e);
		return true;
	}
	return !e->output || output_file_commit(&e->file, &e->err);
}

int main(int argc, char **argv)
{
	static struct encode e;
	int operand = tool_options(&tool, &e, argc, argv);
	bool ok;

	check_options(&e);
	ok = begin(&e);
	if (ok && e.input)
		ok = read_file(&e, e.input);
	else if (ok && operand == argc)
		ok = read_file(&e, "-");
	while (ok && operand < argc)
		ok = read_file(&e, argv[operand++]);
	if (!ok || !end(&e)) {
		if (e.output)
			output_file_abort(&e.file);
		if (e.dir)
			output_dir_abort(&e.folder);
	}
	return filter_end(filter_error(&e.err));
}

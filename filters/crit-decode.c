// SPDX-License-Identifier: MIT
/*
 *   FILE, DIR, stdin ─► image source ─► writer ─► stdout, -o FILE
 */
#include "checkpoint.h"
#include "copy/decode.h"
#include "image/read.h"
#include "load_schema.h"
#include "schema/load.h"
#include "base/output_file.h"
#include "yaml/formats.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct decode {
	const char *output, *input, *schema_file;
	unsigned format;	/* of writer_formats */
	bool pretty, nopl, strict;
	struct image_choice images;
	struct checkpoint_options where;
	const struct schema *schema;
	struct schema *loaded;

	struct crit_error err;
	struct output_file target;
	struct out out;
	struct writer writer;
	struct decoder how;
	char last[NAME_MAX + 1];	/* name of the image before */
	int status;
};

/* The worst status wins, and the rest still runs. */
static void failed(struct decode *d)
{
	filter_worst(&d->status, filter_error(&d->err));
	error_clear(&d->err);
}

/* Readers go by the name alone. */
static void name_image(struct decode *d, const char *name)
{
	if (name && !strcmp(d->last, name))
		filter_warn("%s: another image has this name; readers of "
			"the stream take both for one image", name);
	snprintf(d->last, sizeof(d->last), "%s", name ? name : "");
}

static void decode_one(struct decode *d, const struct blob *b, const char *name)
{
	name_image(d, name);
	if (!decode_image(&d->how, b, name) && !d->out.failed)
		failed(d);
}

static void refuse(struct decode *d, const char *name)
{
	writer_refuse(&d->writer, name, &d->err);
	failed(d);
}

static void one_file(void *ctx, const struct store *s, const char *name)
{
	struct decode *d = ctx;
	enum file_is is = decode_file(&d->how, s, name);

	if (is == FILE_IMAGE)
		name_image(d, name);
	else if (is == FILE_RAW && d->where.verbose)
		filter_warn("%s: raw image, skipped", name);
	else if (is == FILE_OTHER && d->where.verbose)
		filter_warn("%s: not an image, skipped", name);
	if (error_is(&d->err) && !d->out.failed)
		failed(d);
}

static void send(void *ctx)
{
	struct decode *d = ctx;

	writer_drain(&d->writer);
}

static void decode_checkpoint(struct decode *d, const char *path,
			      struct source *source)
{
	struct image_walk walk = {
		.chosen = &d->images, .out = &d->out, .image = one_file,
		.send = send, .ctx = d,
	};

	if (!checkpoint_images(&walk, path, source,
			       checkpoint_how(&d->where, STORE_PAGES_NONE,
					      d->output),
			       d->schema, &d->status, &d->err))
		failed(d);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* many: it is one of several operands. */
static void decode_path(struct decode *d, const char *path,
			struct source *source, bool many)
{
	const char *name = strcmp(path, "-") ? base_name(path) : NULL;

	if (!error_is(&d->err) && checkpoint_is(source)) {
		decode_checkpoint(d, path, source);
		return;
	}
	if (!error_is(&d->err) && name &&
	    image_raw_file(d->schema, name, &d->err) && many) {
		error_clear(&d->err);
		writer_passed(&d->writer, name);
		if (d->where.verbose)
			filter_warn("%s: raw image, skipped", name);
	} else if (error_is(&d->err)) {
		refuse(d, name);
	} else if (image_chosen(&d->images, name)) {
		decode_one(d, &source->raw, name);
	}
	source_close(source);
}

/* What the operands make of the stream: CRIT's lone document has no name. */
static void set_up(struct decode *d, char **operand, int n, bool checkpoint)
{
	bool many = n > 1 || checkpoint, named = checkpoint;

	for (int i = 0; i < n; i++)
		named |= strcmp(operand[i], "-") != 0;
	d->writer.format = writer_formats[d->format];
	d->writer.named = named && (many || d->writer.format != &writer_json);
	d->writer.newline = !d->output || n > 1;
	d->writer.pretty = d->pretty;
	d->how = (struct decoder){
		.schema = d->schema, .writer = &d->writer,
		.skip_extra = d->nopl, .strict = d->strict,
		.warn = filter_warning, .err = &d->err,
	};
}

static bool open_output(struct decode *d)
{
	int fd = STDOUT_FILENO;

	if (d->output) {
		if (!output_file_open(&d->target, d->output, OUTPUT_PUBLIC,
				      &d->err))
			return false;
		fd = d->target.fd;
	}
	if (out_open(&d->out, fd, d->output ? d->output : STDOUT_NAME,
		     &d->err) &&
	    writer_open(&d->writer, &d->out, &d->err))
		return true;
	if (d->output)
		output_file_abort(&d->target);
	return false;
}

static void close_output(struct decode *d)
{
	if (d->writer.named && !d->status)
		writer_end(&d->writer);
	if (!writer_finish(&d->writer) || error_is(&d->err))
		failed(d);
	if (d->output && d->status)
		output_file_abort(&d->target);
	else if (d->output && !output_file_commit(&d->target, &d->err))
		failed(d);
	writer_close(&d->writer);
	out_close(&d->out);
}

/* The first operand is looked at before anything is written: what it is says
 * whether images have names. */
static int decode(struct decode *d, char **operand, int n)
{
	struct crit_error err;
	struct source source;
	bool ok;

	error_clear(&err);
	ok = checkpoint_look(&source, *operand, STORE_PAGES_NONE, d->output,
			     d->schema, &err);
	set_up(d, operand, n, ok && checkpoint_is(&source));
	if (!open_output(d)) {
		source_close(&source);
		return filter_error(&d->err);
	}
	for (int i = 0; i < n && !d->out.failed; i++) {
		if (i)
			checkpoint_look(&source, operand[i], STORE_PAGES_NONE,
					d->output, d->schema, &err);
		d->err = err;
		error_clear(&err);
		decode_path(d, operand[i], &source, n > 1);
	}
	if (!d->status && !image_matched(&d->images, &d->err))
		failed(d);
	close_output(d);
	schema_free(d->loaded);
	free(d->where.shards.name);
	return d->status;
}

/* "records json yaml", and a line of help; the first is the default. */
static char format_words[256], format_help[1024];

static void name_formats(void)
{
	char *word = format_words, *help = format_help;

	for (size_t i = 0; writer_formats[i]; i++) {
		const struct writer_format *f = writer_formats[i];

		word = stpcpy(stpcpy(word, i ? " " : ""), f->name);
		help = stpcpy(stpcpy(help, i ? "; " : ""), f->name);
		help = stpcpy(stpcpy(help, i ? ": " : " (default): "), f->about);
	}
}

static const struct option_row rows[] = {
	OPTION_INPUT(struct decode, input),
	OPTION_OUTPUT(struct decode, output),
	OPTION_FORMAT(struct decode, format, format_words, format_help),
	OPTION_FLAG('p', "pretty", struct decode, pretty,
		    "print flags, devices and IP addresses as text; indent "
		    "json"),
	OPTION_FLAG(0, "nopl", struct decode, nopl,
		    "print the size of data that follows entries (contents "
		    "of pipes, sockets, files), not the data"),
	OPTION_SCHEMA(struct decode, schema_file),
	OPTION_FLAG(0, "strict", struct decode, strict,
		    "reject images with an unknown magic (default: print "
		    "their bytes as base64)"),
	OPTION_IMAGE(struct decode, images),
	OPTIONS_CHECKPOINT(struct decode, where),
	OPTION_VERBOSE(struct decode, where.verbose,
		       "list the files that are skipped"),
	OPTIONS_END
};

static const struct example examples[] = {
	{ "All images of a checkpoint, one entry a line:",
	  "crit-decode /var/lib/checkpoint" },
	{ "One image, for reading:", "crit-decode -f json -p pstree.img" },
	{ "All fields of one image as YAML:", "crit-decode -f yaml -p mm-12.img" },
	{ NULL, NULL }
};

static const struct tool tool = {
	.synopsis = "[OPTION]... [FILE|CHECKPOINT]...",
	.about = "Print checkpoint images as JSON or YAML. CHECKPOINT is a "
		"directory, a tar\n"
		"archive, an OCI image or a stream (man crit-checkpoint).\n"
		"With no FILE, or when FILE is -, read standard input.",
	.rows = rows,
	.operand = TAKES_IMAGE,
	.examples = examples,
	.see = "crit-decode, man crit-stream",
};

int main(int argc, char **argv)
{
	struct decode d = { 0 };
	char *input[1] = { (char *)"-" };
	int first;

	name_formats();
	first = tool_options(&tool, &d, argc, argv);
	error_clear(&d.err);
	d.schema = load_schema(d.schema_file, &d.loaded, &d.err);
	if (!d.schema)
		return filter_end(filter_error(&d.err));
	checkpoint_check(&d.where, argc - first);
	if (d.input && first < argc)
		filter_usage("--in and operands exclude each other");
	if (d.input)
		input[0] = (char *)d.input;
	if (first < argc)
		return filter_end(decode(&d, argv + first, argc - first));
	return filter_end(decode(&d, input, 1));
}

// SPDX-License-Identifier: MIT
/*
 *   FILE, DIR, stdin ─► image source ─► counting sink ─► a document or lines
 */
#include "checkpoint.h"
#include "tables.h"
#include "whose.h"
#include "event/count.h"
#include "image/read.h"
#include "json/text.h"
#include "load_schema.h"
#include "schema/load.h"
#include "report/summary.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	TEXT = SUMMARY_TEXT, JSON = SUMMARY_JSON, RECORDS = SUMMARY_ROW, TABLE,
};

static const char image_columns[] =
	"checkpoint image magic raw entries count? payload? extra? size error",
	summary_columns[] =
	"checkpoint container image? engine? tasks threads files sockets? "
	"mappings? memory_present? memory_parent? memory_stored bytes frozen_time? "
	"error";

struct info {
	const struct schema *schema;
	struct schema *loaded;
	const char *input, *schema_file;
	unsigned format;
	struct whose whose;
	struct image_choice images;
	struct checkpoint_options where;
	bool lines, summary, zeros, named;	/* named: by the operand */
	struct table_options tables;
	struct table_job table;
	struct out out;
	struct crit_error err;
	int status;
};

static void failed(struct info *i)
{
	filter_worst(&i->status, filter_error(&i->err));
	error_clear(&i->err);
}

static struct store_how how(const struct info *i)
{
	return checkpoint_how(&i->where, i->zeros ? STORE_PAGES_ANY :
			      STORE_PAGES_NONE, NULL);
}

/* CRIT counts what follows the head of a pagemap. */
static uint64_t count(const struct image_source *s)
{
	bool head = s->image.type->first != s->image.type->rest &&
		s->image.type->extra == EXTRA_NONE;

	return s->entries - (head && s->entries);
}

static void put_error(struct info *i, struct json_text *r)
{
	struct crit_error bare = i->err;
	char text[512];

	if (!error_is(&bare))
		return;
	bare.image[0] = 0;
	error_text(&bare, text, sizeof(text));
	json_text_message(r, "error", text);
}

static void put_line(struct info *i, const struct image_source *s,
		     const char *name)
{
	struct json_text r;

	json_text_begin(&r, &i->out);
	if (name)
		json_text_string(&r, "image", name);
	if (s->image.type) {
		json_text_string(&r, "magic", s->image.type->name);
		json_text_number(&r, "entries", s->entries);
		json_text_number(&r, "count", count(s));
		json_text_number(&r, "payload", s->payload_bytes);
		json_text_number(&r, "extra", s->extra_bytes);
		json_text_number(&r, "size", in_offset(&s->in));
	}
	put_error(i, &r);
	json_text_end(&r);
}

static void info_image(struct info *i, const struct blob *b, const char *name)
{
	struct image_source s;
	struct sink sink;
	bool ok;

	count_sink_open(&sink, &i->err);
	ok = image_source_open_blob(&s, b, name, i->schema, &i->err);
	if (ok || (i->lines && image_source_raw(&s))) {
		s.skip_extra = s.skip_messages = true;
		image_source_run(&s, &sink);
	}
	if (i->lines)
		put_line(i, &s, name);
	else if (!error_is(&i->err))
		out_printf(&i->out, "{\n    \"magic\": \"%s\",\n    "
			   "\"count\": %" PRIu64 "\n}\n",
			   s.image.type->name, count(&s));
	image_source_close(&s);
	if (error_is(&i->err))
		failed(i);
}

static void put_raw(struct info *i, const char *name, uint64_t size)
{
	struct json_text r;

	json_text_begin(&r, &i->out);
	json_text_string(&r, "image", name);
	json_text_string(&r, "raw", schema_raw_file(i->schema, name)->name);
	json_text_number(&r, "size", size);
	json_text_end(&r);
}

static void info_raw(struct info *i, const struct store *c, const char *name)
{
	struct blob b;

	if (!store_blob(c, name, &b, &i->err))
		failed(i);
	else
		put_raw(i, name, b.size);
	i->err.image[0] = 0;
	blob_close(&b);
}

static void info_file(void *ctx, const struct store *c, const char *name)
{
	struct image_source none = { .image.name = name };
	struct info *i = ctx;
	struct blob b;

	switch (store_look(c, name, &b, &i->err)) {
	case FILE_IMAGE:
		info_image(i, &b, name);
		blob_close(&b);
		break;
	case FILE_RAW:
		info_raw(i, c, name);
		break;
	case FILE_BAD:
		put_line(i, &none, name);
		failed(i);
		break;
	case FILE_OTHER:
		break;
	}
}

static void send(void *ctx)
{
	struct info *i = ctx;

	out_flush(&i->out);
}

static void info_checkpoint(struct info *i, const char *path,
			    struct source *source)
{
	struct image_walk walk = {
		.chosen = &i->images, .out = &i->out, .image = info_file,
		.send = i->format == TABLE ? NULL : send, .ctx = i,
	};

	i->lines = true;
	if (!checkpoint_images(&walk, path, source, how(i), i->schema,
			       &i->status, &i->err))
		failed(i);
}

static void info_one(struct info *i, const char *path, struct source *source)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	if (image_raw_file(i->schema, name, &i->err) && i->lines &&
	    !source_is_pipe(source)) {
		error_clear(&i->err);
		put_raw(i, name, source->raw.size);
	} else if (error_is(&i->err)) {
		failed(i);
	} else if (image_chosen(&i->images, strcmp(path, "-") ? name : NULL)) {
		info_image(i, &source->raw, strcmp(path, "-") ? name : NULL);
	}
	source_close(source);
}

/* Lines name the operand; that of a single image only with -H: its own name
 * tells enough. */
static void info_path(struct info *i, const char *path)
{
	struct source source;
	bool is, named;

	if (!checkpoint_look(&source, path, STORE_PAGES_NONE, NULL, i->schema,
			     &i->err)) {
		failed(i);
		return;
	}
	is = checkpoint_is(&source);
	named = i->named && (is || i->where.with);
	if (named)
		whose_lines(&i->whose, &i->out, path);
	(is ? info_checkpoint : info_one)(i, path, &source);
	if (named)
		whose_end(&i->whose, &i->out);
}

static bool as_rows(const struct info *i)
{
	return i->format == RECORDS || i->format == TABLE;
}

static void summary_failed(struct info *i, const char *path)
{
	if (as_rows(i)) {
		if (!i->where.without)
			whose_lines(&i->whose, &i->out, path);
		summary_print_error(&i->out, &i->err);
		if (!i->where.without)
			whose_end(&i->whose, &i->out);
	}
	failed(i);
}

static void info_summary(struct info *i, const char *path)
{
	struct store_how whole = how(i);
	bool rows = as_rows(i);
	struct store c;

	if (!checkpoint_open(&c, path, NULL, &whole, i->schema, filter_failure,
			     &i->status, &i->err) ||
	    !store_list(&c, path, &i->err) ||
	    !store_has_images(&c, path, &i->err)) {
		summary_failed(i, path);
		checkpoint_close(&c);
		return;
	}
	if (rows && !i->where.without)
		whose_lines(&i->whose, &i->out, path);
	if (!summary_print(&c, i->zeros, &i->out, i->named && !rows ? path : NULL,
			   rows ? SUMMARY_ROW : (enum summary_format)i->format,
			   filter_warning, NULL, &i->err))
		filter_worst(&i->status, FILTER_FAILED);
	error_clear(&i->err);
	if (rows && !i->where.without)
		whose_end(&i->whose, &i->out);
	if (!out_flush(&i->out))
		failed(i);
	checkpoint_close(&c);
}

static void info_all(struct info *i, char **operand, int n)
{
	if (i->format == TABLE)
		table_begin(&i->table, &i->tables, i->summary ? summary_columns :
			    image_columns, &i->out, &i->err);
	i->lines = n > 1 || i->format == TABLE;
	i->named = (n > 1 || i->where.with) && !i->where.without;
	for (int k = 0; k < n && !i->out.failed; k++) {
		if (i->summary)
			info_summary(i, operand[k]);
		else
			info_path(i, operand[k]);
	}
	if (i->format == TABLE && !table_end(&i->table, &i->out))
		failed(i);
}

static int info(struct info *i, char **operand, int n)
{
	if (!out_open(&i->out, STDOUT_FILENO, STDOUT_NAME, &i->err))
		return filter_error(&i->err);
	info_all(i, operand, n);
	if (!i->summary && !i->status && !image_matched(&i->images, &i->err))
		failed(i);
	if (!out_flush(&i->out))
		failed(i);
	out_close(&i->out);
	schema_free(i->loaded);
	return i->status;
}

static const struct option_row rows[] = {
	OPTION_INPUT(struct info, input),
	OPTION_FLAG(0, "summary", struct info, summary,
		    "print a summary of CHECKPOINT: numbers of tasks, "
		    "files and mappings, memory, bytes by kind of image, "
		    "statistics of dump and restore"),
	OPTION_FORMAT(struct info, format, "text json records table",
		      "with --summary: text (default), json, records (one "
		      "flat JSON object per CHECKPOINT: man crit-summary), "
		      "or table; without it: table, one row per image"),
	OPTION_FLAG(0, "zero-pages", struct info, zeros,
		    "with --summary, read the memory and count pages that hold "
		    "only zeros"),
	OPTIONS_TABLE(struct info, tables),
	OPTION_SCHEMA(struct info, schema_file),
	OPTION_IMAGE(struct info, images),
	OPTIONS_CHECKPOINT(struct info, where),
	OPTIONS_MANY(struct info, where),
	OPTIONS_END
};

static const struct example examples[] = {
	{ "What is in a checkpoint?", "crit-info --summary DIR" },
	{ "The largest images:", "crit-info --sort size --top 5 DIR" },
	{ "Images by size, for scripts:",
	  "crit-info DIR | jq -r '[.size, .image] | @tsv' | sort -n" },
	{ NULL, NULL }
};

static const struct tool tool = {
	.synopsis = "[OPTION]... [FILE|CHECKPOINT]...",
	.about = "Print magic, number of entries and sizes of images.\n"
		"With no FILE, or when FILE is -, read standard input.\n\n"
		"For one FILE, print what CRIU's crit info prints: "
		"{\"magic\", \"count\"}. For\n"
		"several, or a CHECKPOINT (a directory or archive: man "
		"crit-checkpoint), print\n"
		"one line of JSON for each image: image, magic, entries, "
		"count (as CRIU's crit\n"
		"counts: without the head of a pagemap), payload and extra "
		"(bytes), size.",
	.rows = rows,
	.operand = TAKES_IMAGE,
	.examples = examples,
};

int main(int argc, char **argv)
{
	static struct info i;
	char *input[1] = { (char *)"-" };
	int first = tool_options(&tool, &i, argc, argv);

	error_clear(&i.err);
	i.schema = load_schema(i.schema_file, &i.loaded, &i.err);
	if (!i.schema)
		return filter_end(filter_error(&i.err));
	if (i.format == TEXT && table_wanted(&i.tables))
		i.format = TABLE;
	table_check(&i.tables, i.format == TABLE);
	checkpoint_check(&i.where, argc - first);
	if (i.zeros && !i.summary)
		filter_usage("--zero-pages needs --summary");
	if (i.input && first < argc)
		filter_usage("--in and operands exclude each other");
	if (i.input)
		input[0] = (char *)i.input;
	if (first < argc)
		return filter_end(info(&i, argv + first, argc - first));
	return filter_end(info(&i, input, 1));
}

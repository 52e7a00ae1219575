// SPDX-License-Identifier: MIT
/*
 * Any bytes as a checkpoint -> the explorers' answers. One byte says which
 * answer in which format, and whether the rest is a stream of records or
 * images: each a byte for its name, two for its length, its bytes. With bit 5
 * a second byte says which of all explorers, as a table.
 */
#include "common/folder.h"
#include "json/read.h"
#include "view/explorer.h"

#include <stdlib.h>

static const char *const names[] = {
	"pstree.img", "core-1.img", "core-2.img", "core-3.img", "ids-1.img",
	"ids-2.img", "fdinfo-1.img", "fdinfo-2.img", "files.img", "fs-1.img",
	"fs-2.img", "mm-1.img", "mm-2.img", "vmas-1.img", "pagemap-1.img",
	"pagemap-2.img", "reg-files.img", "pipes.img", "unixsk.img",
	"inetsk.img", "packetsk.img", "netlinksk.img", "memfd.img",
	"tty-info.img", "pipes-data.img", "timens-0.img",
};

/* Which answers, in the order that saved inputs know. */
static const char *const whats[] = { "ps", "fds", "mems", "rss", "sk" };

static void missing(void *ctx, const char *prefix, uint32_t number)
{
	(void)ctx;
	(void)prefix;
	(void)number;
}

static void report(void *ctx, const struct crit_error *err)
{
	(void)ctx;
	(void)err;
}

static void runs(void *ctx, const struct model_task *t, view_run *run,
		 void *run_ctx)
{
	if (t->seen & MODEL_PAGEMAP)
		model_runs(ctx, t, run, run_ctx);
}

static void read_image(struct model *m, const char *name, const uint8_t *p,
		       size_t n, struct crit_error *err)
{
	struct image_source s;

	if (image_source_open(&s, fuzz_input(p, n, 0), name, &crit_schema,
			      err)) {
		s.skip_extra = true;
		image_source_run(&s, &m->sink);
	} else {
		model_lost(m, name);
	}
	fuzz_close(&s.in);
	image_source_close(&s);
	error_clear(err);
}

static void read_images(struct model *m, const uint8_t *p, size_t n,
			struct crit_error *err)
{
	const uint8_t *bytes;
	size_t name, size;

	while (fuzz_next_file(&p, &n, sizeof(names) / sizeof(*names), &name,
			      &bytes, &size))
		if (model_takes(m, names[name]))
			read_image(m, names[name], bytes, size, err);
}

static void read_stream(struct model *m, const uint8_t *p, size_t n,
			struct crit_error *err)
{
	static struct json_source s;
	struct in in;

	if (!in_open(&in, fuzz_input(p, n, 0), err) ||
	    !json_source_init(&s, &crit_schema, &m->sink, err))
		abort();
	s.need_name = true;
	json_source_read(&s, &in);
	error_clear(err);
	fuzz_close(&in);
	json_source_free(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct model m;
	struct result text = { 0 };
	const struct explorer *what;
	struct table table;
	bool as_table = false;
	size_t skip = 1;
	enum view_format format;
	struct crit_error err;
	struct out out;
	struct view v;

	if (!n)
		return 0;
	error_clear(&err);
	what = explorer_find(whats[p[0] % 5]);
	format = (enum view_format)((p[0] >> 3) % 3);
	if (p[0] & 32 && n > 1 && !explorers[p[1] % n_explorers]->needs_pages &&
	    !explorers[p[1] % n_explorers]->needs_files) {
		what = explorers[p[1] % n_explorers];
		format = VIEW_RECORDS;
		as_table = true;
		skip = 2;
	}
	if (!model_init(&m, explorer_needs(what, format), &crit_schema, &err) ||
	    !out_open(&out, fuzz_output(&text), "output", &err))
		abort();
	m.report = report;
	m.sources = what->sources;
	m.n_sources = what->n_sources;
	table_init(&table, &err);
	table.width = 80;
	v = (struct view){
		.model = &m, .out = &out,
		.format = format,
		.terminal = p[0] & 64, .missing = missing, .runs = runs,
		.ctx = &m, .table = as_table ? &table : NULL,
	};
	if (p[0] & 128)
		read_stream(&m, p + skip, n - skip, &err);
	else
		read_images(&m, p + skip, n - skip, &err);
	explorer_print(what, &v);
	out_flush(&out);
	table_free(&table);
	model_free(&m);
	out_close(&out);
	result_free(&text);
	return 0;
}

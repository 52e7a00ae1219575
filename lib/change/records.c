// SPDX-License-Identifier: MIT
#include "change/records.h"

static void on_passed(void *writer, const char *name)
{
	writer_passed(writer, name);
}

bool change_records_open(struct change_records *c, struct out *out,
			 const struct writer_format *format,
			 const struct schema *schema, struct crit_error *err)
{
	memset(c, 0, sizeof(*c));
	c->err = err;
	c->writer.format = format;
	c->writer.named = true;
	if (!json_source_init(&c->source, schema, NULL, err))
		return false;
	c->source.passed = on_passed;
	c->source.passed_ctx = &c->writer;
	return writer_open(&c->writer, out, err);
}

void change_records_use(struct change_records *c, struct forward *change)
{
	c->change = change;
	c->source.sink = &change->sink;
}

bool change_records_read(struct change_records *c, struct in *in)
{
	in->drain = writer_drain;
	in->drain_arg = &c->writer;
	return documents_read(&c->source, in);
}

bool change_records_end(struct change_records *c)
{
	bool ok = json_source_end(&c->source);

	if (!ok && c->change->open && !c->writer.out->failed)
		forward_fail(&c->change->sink, c->err);
	/* with --no-end the input may lack the end record; then so does the output */
	if (ok && c->change->named && !c->source.records)
		writer_end(&c->writer);
	return writer_finish(&c->writer) && ok && !error_is(c->err);
}

void change_records_close(struct change_records *c)
{
	json_source_free(&c->source);
	writer_close(&c->writer);
}

// SPDX-License-Identifier: MIT
/*
 * The formats that are JSON: records, and CRIT's documents. And the calls
 * that are the same for all formats.
 */
#include "json/writer.h"
#include "base/alloc.h"
#include "json/write.h"

bool writer_open(struct writer *w, struct out *out, struct crit_error *err)
{
	w->out = out;
	w->state = NULL;
	return w->format->open(w, err);
}

void writer_close(struct writer *w)
{
	if (w->state)
		w->format->close(w);
	w->state = NULL;
}

void writer_drain(void *writer)
{
	struct writer *w = writer;

	w->format->flush(w, false);
	out_flush(w->out);
}

bool writer_finish(struct writer *w)
{
	w->format->flush(w, true);
	return out_flush(w->out);
}

static bool open_json(struct writer *w, enum json_format format,
		      struct crit_error *err)
{
	struct json_sink *j = alloc(sizeof(*j));

	if (!j)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	w->state = j;
	w->sink = &j->sink;
	if (!json_sink_open(j, w->out, format, err)) {
		writer_close(w);
		return false;
	}
	j->named = w->named;
	j->newline = w->newline;
	j->symbolic = w->pretty;
	return true;
}

static bool records_open(struct writer *w, struct crit_error *err)
{
	return open_json(w, JSON_RECORDS, err);
}

static bool documents_open(struct writer *w, struct crit_error *err)
{
	return open_json(w, w->pretty ? JSON_INDENTED : JSON_LINE, err);
}

static void json_refuse(struct writer *w, const char *name,
			const struct crit_error *why)
{
	json_sink_refuse(w->state, name, why);
}

static void json_passed(struct writer *w, const char *name)
{
	json_sink_passed(w->state, name);
}

static void json_end(struct writer *w)
{
	json_sink_end(w->state);
}

/* It writes to out itself. */
static void json_flush(struct writer *w, bool last)
{
	(void)w;
	(void)last;
}

static void json_close(struct writer *w)
{
	json_sink_close(w->state);
	alloc_free(w->state);
}

const struct writer_format writer_records = {
	.name = "records", .about = "JSON, one entry per line",
	.open = records_open, .refuse = json_refuse,
	.passed = json_passed, .end = json_end,
	.flush = json_flush, .close = json_close,
};

const struct writer_format writer_json = {
	.name = "json", .about = "one document for each image, as CRIU's "
		"crit prints it",
	.open = documents_open, .refuse = json_refuse,
	.passed = json_passed, .end = json_end,
	.flush = json_flush, .close = json_close,
};

// SPDX-License-Identifier: MIT
#include "yaml/write.h"
#include "base/alloc.h"
#include "json/write.h"
#include "yaml/emit.h"

#include <errno.h>

struct yaml_writer {
	struct json_sink json;
	struct out text;	/* its records, on their way to emit */
	struct yaml_emit emit;
};

/* For text.write. */
static bool give_text(void *arg, const void *p, size_t n)
{
	struct yaml_writer *y = arg;

	if (yaml_emit_text(&y->emit, p, n))
		return true;
	errno = ENOMEM;
	return false;
}

static bool yaml_open(struct writer *w, struct crit_error *err)
{
	struct yaml_writer *y = alloc_zero(sizeof(*y));

	if (!y)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	w->state = y;
	w->sink = &y->json.sink;
	if (!yaml_emit_open(&y->emit, w->out, err) ||
	    !out_open(&y->text, -1, w->out->name, err) ||
	    !json_sink_open(&y->json, &y->text, JSON_RECORDS, err)) {
		writer_close(w);
		return false;
	}
	y->text.write = give_text;
	y->text.arg = y;
	y->json.named = w->named;
	y->json.symbolic = w->pretty;
	y->json.text_max = YAML_BYTES_MAX;
	return true;
}

static void yaml_refuse(struct writer *w, const char *name,
			const struct crit_error *why)
{
	struct yaml_writer *y = w->state;

	json_sink_refuse(&y->json, name, why);
}

static void yaml_passed(struct writer *w, const char *name)
{
	struct yaml_writer *y = w->state;

	json_sink_passed(&y->json, name);
}

static void yaml_end(struct writer *w)
{
	struct yaml_writer *y = w->state;

	json_sink_end(&y->json);
}

static void yaml_flush(struct writer *w, bool last)
{
	struct yaml_writer *y = w->state;

	out_flush(&y->text);
	yaml_emit_flush(&y->emit, last);
}

static void yaml_close(struct writer *w)
{
	struct yaml_writer *y = w->state;

	json_sink_close(&y->json);
	out_close(&y->text);
	yaml_emit_close(&y->emit);
	alloc_free(y);
}

const struct writer_format writer_yaml = {
	.name = "yaml", .about = "one document for each image, in YAML",
	.open = yaml_open, .refuse = yaml_refuse,
	.passed = yaml_passed, .end = yaml_end,
	.flush = yaml_flush, .close = yaml_close,
};

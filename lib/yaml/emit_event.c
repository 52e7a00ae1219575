// SPDX-License-Identifier: MIT
/*
 * Each event goes through libyaml's emitter; and the emitter's life.
 */
#include "yaml/emit_event.h"
#include "base/alloc.h"
#include "yaml/write.h"

static int give_out(void *arg, unsigned char *p, size_t n)
{
	struct yaml_emit *e = arg;

	return out_put(e->out, p, n);
}

/* Takes an event that was made; the emitter frees it. */
static void emit(struct yaml_emit *e, yaml_event_t *event, int made)
{
	if (made && !e->failed && yaml_emitter_emit(&e->emitter, event))
		return;
	e->failed = true;
	error_set(e->err, CRIT_ENOMEM, "out of memory");
}

void yaml_emit_open_document(struct yaml_emit *e)
{
	yaml_event_t event;

	emit(e, &event, yaml_document_start_event_initialize(&event, NULL,
							     NULL, NULL, 0));
	e->document = true;
}

void yaml_emit_close_document(struct yaml_emit *e)
{
	yaml_event_t event;

	emit(e, &event, yaml_document_end_event_initialize(&event, 1));
	e->document = false;
}

void yaml_emit_open_mapping(struct yaml_emit *e)
{
	yaml_event_t event;

	emit(e, &event, yaml_mapping_start_event_initialize(&event, NULL, NULL,
						1, YAML_BLOCK_MAPPING_STYLE));
}

void yaml_emit_close_mapping(struct yaml_emit *e)
{
	yaml_event_t event;

	emit(e, &event, yaml_mapping_end_event_initialize(&event));
}

void yaml_emit_open_sequence(struct yaml_emit *e)
{
	yaml_event_t event;

	emit(e, &event, yaml_sequence_start_event_initialize(&event, NULL, NULL,
						1, YAML_BLOCK_SEQUENCE_STYLE));
}

void yaml_emit_close_sequence(struct yaml_emit *e)
{
	yaml_event_t event;

	emit(e, &event, yaml_sequence_end_event_initialize(&event));
}

/* The token as a scalar. */
void yaml_emit_scalar(struct yaml_emit *e, enum quotes quotes)
{
	yaml_event_t event;

	emit(e, &event, yaml_scalar_event_initialize(&event, NULL, NULL,
		(yaml_char_t *)e->token, (int)e->n, quotes == QUOTES_NONE, 1,
		quotes == QUOTES_DOUBLE ? YAML_DOUBLE_QUOTED_SCALAR_STYLE :
		YAML_ANY_SCALAR_STYLE));
	e->n = 0;
}

void yaml_emit_end_document(struct yaml_emit *e)
{
	if (!e->document)
		return;
	yaml_emit_close_sequence(e);
	yaml_emit_close_mapping(e);
	yaml_emit_close_document(e);
}

void yaml_emit_flush(struct yaml_emit *e, bool last)
{
	yaml_event_t event;

	if (last) {
		yaml_emit_end_document(e);
		emit(e, &event, yaml_stream_end_event_initialize(&event));
	}
	if (!e->failed && !yaml_emitter_flush(&e->emitter))
		e->failed = true;
}

bool yaml_emit_open(struct yaml_emit *e, struct out *out,
		    struct crit_error *err)
{
	yaml_event_t event;

	memset(e, 0, sizeof(*e));
	e->out = out;
	e->err = err;
	e->head = alloc(EMIT_HEAD_MAX);
	e->last_head = alloc(EMIT_HEAD_MAX);
	e->token = alloc(YAML_SCALAR_MAX + 16);
	e->opened = yaml_emitter_initialize(&e->emitter);
	if (!e->head || !e->last_head || !e->token || !e->opened)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	yaml_emitter_set_output(&e->emitter, give_out, e);
	yaml_emitter_set_unicode(&e->emitter, 1);
	yaml_emitter_set_width(&e->emitter, -1);
	emit(e, &event, yaml_stream_start_event_initialize(&event,
							   YAML_UTF8_ENCODING));
	return !e->failed;
}

void yaml_emit_close(struct yaml_emit *e)
{
	if (e->opened)
		yaml_emitter_delete(&e->emitter);
	e->opened = false;
	alloc_free(e->head);
	alloc_free(e->last_head);
	alloc_free(e->token);
	e->head = e->last_head = e->token = NULL;
}

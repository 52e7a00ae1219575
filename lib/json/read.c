// SPDX-License-Identifier: MIT
/*
 *   JSON documents ─► events
 */
#include "json/read_parts.h"
#include "base/alloc.h"

bool json_source_init(struct json_source *s, const struct schema *schema,
		      struct sink *sink, struct crit_error *err)
{
	memset(s, 0, sizeof(*s));
	s->schema = schema;
	s->sink = sink;
	s->err = err;
	s->extra_message = schema_message(schema, "ipc_msg");
	spool_init(&s->entries, err);
	spool_init(&s->extra, err);
	spool_init(&s->text, err);
	spool_init(&s->queue, err);
	spool_init(&s->name_text, err);
	spool_init(&s->raw, err);
	s->name_message = schema_message(schema, "unix_sk_entry");
	s->chunk = alloc(JSON_CHUNK + 64);
	return s->chunk || error_set(err, CRIT_ENOMEM, "out of memory");
}

void json_source_free(struct json_source *s)
{
	spool_free(&s->entries);
	spool_free(&s->extra);
	spool_free(&s->text);
	spool_free(&s->queue);
	spool_free(&s->name_text);
	spool_free(&s->raw);
	alloc_free(s->chunk);
	s->chunk = NULL;
}

bool json_source_read(struct json_source *s, struct in *in)
{
	s->j = &s->lex;
	s->prefix_len = 0;
	if (!json_open(s->j, in))
		return false;
	while (!json_at_end(s->j))
		if (!json_document(s))
			break;
	json_place_error(s);
	return !error_is(s->err);
}

bool json_source_end(struct json_source *s)
{
	if (!s->documents && !error_is(s->err))
		return error_set(s->err, CRIT_EDATA, "empty input");
	if (s->records && !s->no_end && !error_is(s->err)) {
		error_clear(s->err);
		return error_set(s->err, CRIT_EDATA, "the stream ended without "
				 "its end record: truncated? (--no-end accepts it)");
	}
	return json_close_image(s);
}

// SPDX-License-Identifier: MIT
/*
 *   key "extra" ─► events of the image's kind of extra payload
 */
#include "json/read_value.h"

static const char *const queue_names[2][2] = {
	{ "inq", "in_q" }, { "outq", "out_q" },
};

static int queue_key(struct json_source *s, int prev)
{
	char name[16];
	size_t n;

	if (prev < 0 && json_peek(s->j) == '}') {
		in_take(s->j->in, 1);
		return -1;
	}
	if (prev >= 0 && !json_next(s->j, '}'))
		return -1;
	if (!json_text(s->j, name, sizeof(name), &n) || !json_take(s->j, ':'))
		return -1;
	for (int i = 0; i < 2; i++)
		if (!strcmp(name, queue_names[i][0]) ||
		    !strcmp(name, queue_names[i][1]))
			return i;
	json_error(s->j, "unexpected key \"%s\": only inq and outq are "
		"allowed here", name);
	return -1;
}

/* outq came first: inq is read, then outq from where it was put aside. */
static bool late_queue(struct json_source *s, uint64_t line, uint64_t column)
{
	struct json_replay r;
	bool ok;

	if (!json_replay(s, &s->queue, line, column, &r))
		return false;
	ok = json_base64(s, &extra_queue[1]) || json_path(s, &extra_queue[1], -1);
	return json_replay_end(s, &r) && ok;
}

static void empty(struct json_source *s, const struct field *f)
{
	event_bytes(s->sink, f, "", 0, true);
}

static bool read_queues(struct json_source *s)
{
	bool seen[2] = { 0 }, aside = false;
	uint64_t line = 0, column = 0;
	int i = -1;

	if (!json_take(s->j, '{'))
		return false;
	event_begin(s->sink, &extra_queues);
	while ((i = queue_key(s, i)) >= 0) {
		if (seen[i])
			return json_error(s->j, "key \"%s\" appears twice",
					  queue_names[i][0]);
		seen[i] = true;
		if (i == 1 && !seen[0]) {
			aside = true;
			spool_reset(&s->queue);
			json_peek(s->j);
			json_place(s->j, &line, &column);
			if (!json_copy(s->j, &s->queue))
				return false;
		} else if (!json_base64(s, &extra_queue[i])) {
			return json_path(s, &extra_queue[i], -1);
		}
	}
	if (error_is(s->err))
		return false;
	if (!seen[0])
		empty(s, &extra_queue[0]);
	if (aside && !late_queue(s, line, column))
		return false;
	if (!seen[1])
		empty(s, &extra_queue[1]);
	event_end(s->sink);
	return true;
}

static bool read_semaphore(struct json_source *s)
{
	struct integer i;

	if (!json_integer(s->j, &i))
		return false;
	if (i.size > UINT16_MAX || (i.negative && i.size))
		return json_error(s->j, "a semaphore is 0 to 65535");
	event_number(s->sink, &extra_semaphores, i.size);
	return !error_is(s->err);
}

static bool read_ipc_message(struct json_source *s)
{
	event_begin(s->sink, &extra_messages);
	if (!json_message(s, s->extra_message, 1, false))
		return false;
	event_end(s->sink);
	if (error_is(s->err) || !json_take(s->j, ','))
		return false;
	return json_base64(s, &extra_text);
}

static bool read_list(struct json_source *s, const struct field *f,
		      bool (*element)(struct json_source *))
{
	if (!json_take(s->j, '['))
		return false;
	event_list(s->sink, f);
	if (json_peek(s->j) == ']') {
		in_take(s->j->in, 1);
	} else {
		do {
			if (!element(s))
				return false;
		} while (json_next(s->j, ']'));
	}
	if (error_is(s->err))
		return false;
	event_list_end(s->sink);
	return true;
}

/* By what its events are. */
static bool read_structure(struct json_source *s)
{
	const struct field *f = extra_forms[s->type->extra].field;

	if (f->label != LABEL_REPEATED)
		return read_queues(s);
	if (kind_is_number(f->kind))
		return read_list(s, f, read_semaphore);
	if (!s->extra_message)
		return json_error(s->j, "message ipc_msg is not defined");
	return read_list(s, f, read_ipc_message);
}

/* go-criu gives a string that holds JSON. */
static bool read_quoted(struct json_source *s)
{
	struct json_replay r;
	uint64_t line, column;
	const uint8_t *p;
	bool last = false, ok;
	size_t n;

	if (!memcmp(json_window(s->j), "\"... <", 6))
		return json_error(s->j, "the bytes were left out (--nopl)");
	json_place(s->j, &line, &column);
	in_take(s->j->in, 1);
	spool_reset(&s->text);
	while (!last)
		if (!json_piece(s->j, &p, &n, &last) ||
		    !spool_put(&s->text, p, n))
			return false;
	if (!json_replay(s, &s->text, line, column + 1, &r))
		return false;
	ok = read_structure(s);
	return json_replay_end(s, &r) && ok;
}

bool json_extra(struct json_source *s)
{
	const struct field *f = extra_forms[s->type->extra].field;

	if (f->kind == KIND_BYTES)
		return json_base64(s, f);
	return json_peek(s->j) == '"' ? read_quoted(s) : read_structure(s);
}

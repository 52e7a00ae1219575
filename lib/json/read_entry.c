// SPDX-License-Identifier: MIT
/*
 * Objects as the content of messages, their keys in whatever order.
 */
#include "json/fast_read.h"
#include "json/read_value.h"

#include <inttypes.h>
#include <stdio.h>

bool json_once(struct json_source *s, uint64_t seen[4], const struct field *f)
{
	uint64_t bit = (uint64_t)1 << (f->index & 63);

	if (seen[f->index >> 6] & bit)
		return json_error(s->j, "key \"%s\" appears twice", f->name);
	seen[f->index >> 6] |= bit;
	return true;
}

bool json_path(struct json_source *s, const struct field *f, int64_t index)
{
	char rest[sizeof(s->err->path)], at[32] = "";

	if (s->err->code != CRIT_EDATA)
		return false;
	strcpy(rest, s->err->path);
	if (index >= 0)
		snprintf(at, sizeof(at), "[%" PRId64 "]", index);
	if ((size_t)snprintf(s->err->path, sizeof(rest), "%s%s%s%s", f->name, at,
			     *rest ? "." : "", rest) >= sizeof(rest))
		strcpy(s->err->path + sizeof(rest) - 4, "...");
	return false;
}

/* One value, or one element of a list. */
static bool read_one(struct json_source *s, const struct field *f, int depth)
{
	if (f->kind != KIND_MESSAGE)
		return json_value(s, f);
	event_begin(s->sink, f);
	if (json_fast_message(s, f->message)) {
		if (__builtin_expect(s->go_watch, 0))
			json_note_message(s, f->message);
	} else if (!json_message(s, f->message, depth + 1, false)) {
		return false;
	}
	event_end(s->sink);
	return !error_is(s->err);
}

/* ["127.0.0.1"]: an address in place of its words. */
static bool read_address(struct json_source *s, const struct field *f)
{
	char text[64];
	uint32_t words[4];
	size_t n, n_words;
	const char *wrong;

	if (!json_text(s->j, text, sizeof(text), &n))
		return false;
	wrong = address_read(text, n, words, &n_words);
	if (wrong)
		return json_error(s->j, "\"%s\": %s", text, wrong);
	for (size_t i = 0; i < n_words; i++)
		event_number(s->sink, f, words[i]);
	if (json_peek(s->j) != ']')
		return json_error(s->j, "more after an IP address");
	in_take(s->j->in, 1);
	return true;
}

static bool read_elements(struct json_source *s, const struct field *f,
			  int depth)
{
	if (json_peek(s->j) == '"' && f->show == SHOW_ADDRESS)
		return read_address(s, f) || json_path(s, f, 0);
	for (int64_t i = 0; ; i++) {
		if (!read_one(s, f, depth))
			return json_path(s, f, i);
		/* the usual "},{" and "1,2" first */
		if (*json_window(s->j) == ',' &&
		    s->j->in->buf[s->j->in->pos + 1] > ' ' &&
		    s->j->in->buf[s->j->in->pos + 1] != ']')
			in_take(s->j->in, 1);
		else if (!json_next(s->j, ']'))
			return !error_is(s->err) || json_path(s, f, -1);
	}
}

static bool read_list(struct json_source *s, const struct field *f, int depth)
{
	if (!json_take(s->j, '['))
		return json_path(s, f, -1);
	event_list(s->sink, f);
	if (json_peek(s->j) == ']')
		in_take(s->j->in, 1);
	else if (!read_elements(s, f, depth))
		return false;
	event_list_end(s->sink);
	return true;
}

static bool read_field(struct json_source *s, const struct field *f, int depth)
{
	uint64_t value;

	if (f == &json_unknown)
		return json_base64(s, NULL) || json_path(s, f, -1);
	if (f->label == LABEL_REPEATED)
		return read_list(s, f, depth);
	if (json_plain(s, f, &value)) {
		if (__builtin_expect(s->go_watch, 0))
			json_note_number(s, f, false, value);
		event_number(s->sink, f, value);
		return true;
	}
	return read_one(s, f, depth) || json_path(s, f, -1);
}

/* What came before the end of its entry. */
struct early {
	uint64_t line, column;
	bool spooled, streamed, unknown;
};

/* "extra" must be given after the entry's own fields, some of which may still
 * follow. If the lookahead cannot tell: keys in schema order but not sorted mean
 * that no field follows. */
static bool is_last(struct json_source *s, const uint64_t seen[4],
		    const struct message *m)
{
	uint8_t c = json_after(s->j);
	const struct field *before = NULL;
	bool sorted = true;

	if (c)
		return c == '}';
	for (size_t i = 0; i < m->n_fields; i++) {
		const struct field *f = &m->fields[i];

		if (seen[i >> 6] >> (i & 63) & 1) {
			sorted &= strcmp(f->name, extra_bytes.name) < 0;
			before = f;
		} else if (f->required) {
			return false;
		}
	}
	return before && !sorted;
}

static bool early_extra(struct json_source *s, const uint64_t seen[4],
			const struct message *m, struct early *e)
{
	if (e->spooled || e->streamed)
		return json_error(s->j, "key \"extra\" appears twice");
	if (s->type->extra == EXTRA_NONE)
		return json_error(s->j, "key \"extra\": %s images have none",
				  s->type->name);
	if (is_last(s, seen, m)) {
		e->streamed = true;
		return json_extra(s) || json_path(s, &extra_bytes, -1);
	}
	e->spooled = true;
	spool_reset(&s->extra);
	json_peek(s->j);
	json_place(s->j, &e->line, &e->column);
	return json_copy(s->j, &s->extra);
}

static bool late_extra(struct json_source *s, struct early *e)
{
	struct json_replay r;
	bool ok;

	if (!json_replay(s, &s->extra, e->line, e->column, &r))
		return false;
	ok = json_extra(s) || json_path(s, &extra_bytes, -1);
	return json_replay_end(s, &r) && ok;
}

static bool special(struct json_source *s, const struct field *f, bool top,
		    const uint64_t seen[4], const struct message *m,
		    struct early *e)
{
	if (e->streamed)
		return json_error(s->j, "key \"%s\" after a long \"extra\"",
				  f->name);
	if (f == &extra_bytes)
		return top ? early_extra(s, seen, m, e) :
			json_no_key(s, m, f->name, f->name_len) != NULL;
	if (f != &json_unknown)
		return true;
	if (e->unknown)
		return json_error(s->j, "key \"_unknown\" appears twice");
	e->unknown = true;
	return true;
}

static bool read_message(struct json_source *s, const struct message *m, int depth,
		  bool top)
{
	uint64_t seen[4] = { 0 };
	const struct field *f = NULL;
	struct early e = { 0 };

	if (depth > WIRE_DEPTH_MAX)
		return json_error(s->j, "messages nested too deep");
	if (!json_take(s->j, '{'))
		return false;
	while ((f = json_key(s, m, f))) {
		if (f == &extra_bytes || f == &json_unknown || e.streamed) {
			if (!special(s, f, top, seen, m, &e))
				return false;
			if (f == &extra_bytes)
				continue;
		} else if (!json_once(s, seen, f)) {
			return false;
		}
		if (!read_field(s, f, depth))
			return false;
	}
	if (error_is(s->err))
		return false;
	return !e.spooled || late_extra(s, &e);
}

bool json_message(struct json_source *s, const struct message *m, int depth,
		  bool top)
{
	if (m != s->name_message || s->named)
		return read_message(s, m, depth, top);
	json_name_begin(s);
	return read_message(s, m, depth, top) && json_name_end(s);
}

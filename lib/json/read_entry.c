// SPDX-License-Identifier: MIT
#include "json/fast_read.h"
#include "json/read_value.h"

#include <inttypes.h>
#include <stdio.h>

#if defined(__SSE2__) && !defined(CRIT_PLAIN)
#include <emmintrin.h>

/* Whether the n bytes at p and at key are the same; both may be read up to a
 * multiple of SCHEMA_KEY_PAD. */
static inline bool same_key(const uint8_t *p, const char *key, size_t n)
{
	for (;; p += 16, key += 16, n -= 16) {
		__m128i a = _mm_loadu_si128((const void *)p);
		__m128i b = _mm_loadu_si128((const void *)key);
		unsigned same = (unsigned)_mm_movemask_epi8(
						_mm_cmpeq_epi8(a, b));

		if (n <= 16)
			return !((~same << (16 - n)) & 0xffff);
		if (same != 0xffff)
			return false;
	}
}
#else
static inline bool same_key(const uint8_t *p, const char *key, size_t n)
{
	return !memcmp(p, key, n);
}
#endif

const struct field json_unknown = {
	.name = "_unknown", .name_len = 8, .kind = KIND_BYTES,
};

static inline struct json_guess *guess_at(struct json_source *s,
					  const void *after)
{
	return &s->guess[((uintptr_t)after >> 4) % JSON_GUESSES];
}

/* Remembers f, which came with or without space after the colon. */
static void learn(struct json_source *s, const void *after, bool first,
		  const struct field *f, bool spaced)
{
	struct json_guess *g = guess_at(s, after);
	unsigned skip = !first ? 0 : spaced ? 2 : 1;

	g->after = after;
	g->field = f;
	g->key = (spaced ? f->key_spaced : f->key) + skip;
	g->n = f->name_len + (spaced ? 6u : 4u) - skip;
}

/* Takes the key that came here the last time, with comma and colon. */
static inline const struct field *guessed(struct json_source *s,
					  const void *after)
{
	const struct json_guess *g = guess_at(s, after);
	const uint8_t *p = json_window(s->j);

	if (g->after != after || !same_key(p, g->key, g->n) ||
	    in_avail(s->j->in) < g->n)
		return NULL;
	in_take(s->j->in, g->n);
	return g->field;
}

static const struct field *unknown_key(struct json_source *s,
				       const struct message *m,
				       const char *name, size_t n)
{
	const struct field *near = message_nearest(m, name, n);

	json_error(s->j, near ? "key \"%s\" is unknown (did you mean %s?)" :
		   "key \"%s\" is unknown", name, near ? near->name : "");
	return NULL;
}

__attribute__((noinline))
static const struct field *find_key(struct json_source *s,
				    const struct message *m,
				    const struct field *prev)
{
	char name[SCHEMA_NAME_MAX + 1];
	const struct field *f;
	size_t n;

	if (!prev && json_peek(s->j) == '}') {
		in_take(s->j->in, 1);
		return NULL;
	}
	if (prev && !json_next(s->j, '}'))
		return NULL;
	if (json_peek(s->j) != '"') {
		json_expected(s->j, prev ? "a key" : "a key or '}'");
		return NULL;
	}
	if (!json_text(s->j, name, sizeof(name), &n) || !json_take(s->j, ':'))
		return NULL;
	f = message_field_name(m, name, n);
	/* the made-up keys are in many messages: nothing follows from them */
	if (f && strlen(f->name) == n && prev != &json_unknown &&
	    prev != &extra_bytes)
		learn(s, prev ? (const void *)prev : m, !prev, f,
		      *json_window(s->j) == ' ');
	else if (!strcmp(name, json_unknown.name))
		f = &json_unknown;
	else if (!strcmp(name, extra_bytes.name))
		f = &extra_bytes;
	return f ? f : unknown_key(s, m, name, n);
}

const struct field *json_key(struct json_source *s, const struct message *m,
			     const struct field *prev)
{
	const struct field *f = guessed(s, prev ? (const void *)prev : m);

	if (f)
		return f;
	if (prev && *json_window(s->j) == '}') {
		in_take(s->j->in, 1);
		return NULL;
	}
	return find_key(s, m, prev);
}

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
			unknown_key(s, m, f->name, f->name_len) != NULL;
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

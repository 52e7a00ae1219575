// SPDX-License-Identifier: MIT
#include "json/read_value.h"
#include "codec/base64_read.h"

#include <inttypes.h>
#include <stdio.h>

enum { TEXT_MAX = 1024 };	/* of a value that stands for a number */

static bool read_bool(struct json_source *s, uint64_t *value)
{
	struct integer i;

	switch (json_peek(s->j)) {
	case 't':
		*value = 1;
		return json_word(s->j, "true", "true or false");
	case 'f':
		*value = 0;
		return json_word(s->j, "false", "true or false");
	case '0':
	case '1':
		if (!json_integer(s->j, &i))
			return false;
		*value = i.size;
		return i.size < 2 || json_error(s->j, "neither true nor false");
	default:
		return json_expected(s->j, "true or false");
	}
}

static bool read_named(struct json_source *s, const struct field *f,
		       uint64_t *value)
{
	char text[TEXT_MAX];
	const char *wrong;
	size_t n;

	if (!json_text(s->j, text, sizeof(text), &n))
		return false;
	wrong = pretty_read(f, text, n, value);
	if (wrong)
		return json_error(s->j, "\"%.100s\": %s", text, wrong);
	if (s->go_watch)
		json_note_number(s, f, true, *value);
	return true;
}

/* What jq 1.6 makes of a number above 2^53: 17 digits that count, then zeros. */
static bool is_rounded(uint64_t v)
{
	uint64_t most = UINT64_C(100000000000000000);	/* 18 digits */
	unsigned digits = v / 10 >= most ? v / 100 >= most ? 20 : 19 : 18;

	if (v < most)
		return false;
	for (; v % 10 == 0; v /= 10)
		digits--;
	return digits == 16 || digits == 17;
}

/* Addresses of mappings, and of runs of pages. */
static bool is_page(const struct field *f)
{
	static const char *const names[] = { "start", "end", "vaddr" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (f->kind == KIND_UINT64 && f->show == SHOW_HEX &&
		    !strcmp(f->name, names[i]))
			return true;
	return false;
}

static bool say_rounded(struct json_source *s, const struct field *f,
			uint64_t v)
{
	static const char why[] = "a program such as jq 1.6 may have rounded it; "
		"use records (the default)";
	struct crit_error w, *err = s->err;

	if (is_page(f) && v % 4096)
		return json_error(s->j, "%" PRIu64 " is not the address of a page; %s",
				  v, why);
	if (s->warned_rounded || !s->warn)
		return true;
	s->warned_rounded = true;
	w = *err;
	s->j->err = &w;
	json_error(s->j, "warning: %" PRIu64 ": %s", v, why);
	s->j->err = err;
	w.entry = (int64_t)s->index;
	snprintf(w.path, sizeof(w.path), "%s", f->name);
	s->warn(s->ctx, &w);
	return true;
}

__attribute__((noinline))
static bool read_number(struct json_source *s, const struct field *f,
			uint64_t *value)
{
	struct integer i;
	const char *wrong;
	uint8_t c = json_peek(s->j);

	if (f->kind == KIND_BOOL)
		return read_bool(s, value);
	if (c == '"')
		return read_named(s, f, value);
	if (c != '-' && (uint8_t)(c - '0') > 9)
		return json_expected(s->j, "a number");
	if (!json_integer(s->j, &i))
		return false;
	wrong = integer_fit(f->kind, &i, value);
	if (wrong)
		return json_error(s->j, "%s", wrong);
	return !is_rounded(i.size) || say_rounded(s, f, *value);
}

const struct field json_raw = { .name = "raw", .kind = KIND_BYTES };

static void give(struct json_source *s, const struct field *f, const void *p,
		 size_t n, bool last)
{
	if (f == &json_raw)
		s->sink->ops->raw(s->sink, p, n);
	else if (f)
		event_bytes(s->sink, f, p, n, last);
	else
		event_unknown(s->sink, p, n, last);
}

/* What base64_read stopped at: an escape is what it stands for. */
static bool odd_letter(struct json_source *s, struct base64 *b, uint8_t **out)
{
	struct json *j = s->j;
	size_t n = 1;

	if (*json_window(j) == '\\') {
		n = json_escape(j);
		if (!n)
			return false;
		if (n == 1 && base64_read(b, j->escape, 1, out) == 1)
			return true;
	}
	if (!in_avail(j->in))
		return json_error(j, "the text ends within a string: truncated?");
	return json_error(j, "not base64");
}

/* What json_base64 has decoded and not yet given away lies at s->chunk. */
static bool read_letters(struct json_source *s, const struct field *f,
			 struct base64 *b, uint8_t **out)
{
	struct json *j = s->j;
	const uint8_t *p = json_window(j);
	size_t room = JSON_CHUNK - (size_t)(*out - s->chunk);
	size_t n = in_avail(j->in), most = room / 3 * 4, k;

	if (room < JSON_CHUNK / 8) {
		give(s, f, s->chunk, (size_t)(*out - s->chunk), false);
		*out = s->chunk;
		return !error_is(s->err);
	}
	if (n > most)
		n = most;
	k = base64_read(b, p, n, out);
	if (k < n && p[k] == '\\' && p[k + 1] == 'n')
		k += 2;		/* as CRIT breaks its lines */
	else if (k < n && p[k] != '"')
		return in_take(j->in, k), odd_letter(s, b, out);
	in_take(j->in, k);
	return k || n || odd_letter(s, b, out);
}

/* One string of it, up to its closing quote. */
static bool base64_string(struct json_source *s, const struct field *f,
			  struct base64 *b, uint8_t **out)
{
	if (json_peek(s->j) != '"')
		return json_expected(s->j, "base64 text");
	if (!memcmp(json_window(s->j), "\"... <", 6))
		return json_error(s->j, "the bytes were left out (--nopl)");
	in_take(s->j->in, 1);
	while (*json_window(s->j) != '"')
		if (!read_letters(s, f, b, out))
			return false;
	return true;
}

static bool base64_list(struct json_source *s, const struct field *f,
			struct base64 *b, uint8_t **out)
{
	in_take(s->j->in, 1);
	do {
		if (!base64_string(s, f, b, out))
			return false;
		in_take(s->j->in, 1);
	} while (json_next(s->j, ']'));
	/* the last quote or bracket is what the caller takes */
	if (!error_is(s->err))
		s->j->in->pos--;
	return !error_is(s->err);
}

bool json_base64(struct json_source *s, const struct field *f)
{
	struct base64 b = { 0 };
	uint8_t *out = s->chunk;
	const char *wrong;

	if (!(json_peek(s->j) == '[' ? base64_list : base64_string)(s, f, &b,
								    &out))
		return false;
	wrong = base64_end(&b);
	if (wrong)
		return json_error(s->j, "%s", wrong);
	in_take(s->j->in, 1);
	give(s, f, s->chunk, (size_t)(out - s->chunk), true);
	return true;
}

/* {"base64": "..."} in place of a string. */
static bool wrapped(struct json_source *s, const struct field *f)
{
	char key[16];
	size_t n;

	if (!json_take(s->j, '{') || !json_text(s->j, key, sizeof(key), &n))
		return false;
	if (strcmp(key, "base64"))
		return json_error(s->j, "key \"%s\", where only \"base64\" may be",
				  key);
	return json_take(s->j, ':') && json_base64(s, f) &&
	       json_take(s->j, '}');
}

static bool read_string(struct json_source *s, const struct field *f)
{
	const uint8_t *p;
	bool last = false;
	size_t n;

	in_take(s->j->in, 1);
	while (!last) {
		if (!json_piece(s->j, &p, &n, &last))
			return false;
		event_bytes(s->sink, f, p, n, last);
		if (!last && error_is(s->err))
			return false;
	}
	return true;
}

__attribute__((noinline))
static bool read_text(struct json_source *s, const struct field *f)
{
	uint8_t c = json_peek(s->j);

	if (c == '{' && (f->kind == KIND_STRING || f->show == SHOW_NAME))
		return wrapped(s, f);
	if (f->kind == KIND_BYTES && f->show != SHOW_NAME)
		return json_base64(s, f);
	if (c != '"')
		return json_expected(s->j, "a string");
	return f->show == SHOW_NAME ? json_name(s, f) : read_string(s, f);
}

bool json_value(struct json_source *s, const struct field *f)
{
	uint64_t value;

	if (!kind_is_number(f->kind))
		return read_text(s, f);
	if (!json_plain(s, f, &value) && !read_number(s, f, &value))
		return false;
	event_number(s->sink, f, value);
	return true;
}

// SPDX-License-Identifier: MIT
/*
 * What the end record of a stream says: {"images":N,"records":N,"raw":[...]}.
 * Of use are the names of raw images, to those who write a stream themselves.
 */
#include "json/read_value.h"

enum { KEY_MAX = 64 };

static bool read_names(struct json_source *s)
{
	size_t n;

	if (!json_take(s->j, '['))
		return false;
	if (json_peek(s->j) == ']')
		return json_take(s->j, ']');
	do {
		if (!json_image_name(s, &n))
			return false;
		s->passed(s->passed_ctx, s->image);
	} while (json_next(s->j, ']'));
	return !error_is(s->err);
}

static bool read_member(struct json_source *s)
{
	char key[KEY_MAX];
	size_t n;

	if (!json_text(s->j, key, sizeof(key), &n) || !json_take(s->j, ':'))
		return false;
	return strcmp(key, "raw") ? json_skip(s->j) : read_names(s);
}

bool json_end_value(struct json_source *s)
{
	if (!s->passed || json_peek(s->j) != '{')
		return json_skip(s->j);
	in_take(s->j->in, 1);
	if (json_peek(s->j) == '}')
		return json_take(s->j, '}');
	do {
		if (!read_member(s))
			return false;
	} while (json_next(s->j, '}'));
	return !error_is(s->err);
}

// SPDX-License-Identifier: MIT
/*
 *   JSON ─► a value passed over, or copied to a spool as it is
 */
#include "json/lex.h"

static bool skip_string(struct json *j)
{
	const uint8_t *p;
	bool last = false;
	size_t n;

	in_take(j->in, 1);
	while (!last)
		if (!json_piece(j, &p, &n, &last))
			return false;
	return true;
}

static bool skip_value(struct json *j, int depth);

static bool skip_members(struct json *j, uint8_t close, int depth)
{
	if (depth == JSON_DEPTH_MAX)
		return json_error(j, "nested too deep");
	in_take(j->in, 1);
	if (json_peek(j) == close) {
		in_take(j->in, 1);
		return true;
	}
	do {
		if (close == '}' && (json_peek(j) != '"' ?
				     !json_expected(j, "a key") :
				     !skip_string(j) || !json_take(j, ':')))
			return false;
		if (!skip_value(j, depth + 1))
			return false;
	} while (json_next(j, close));
	return !error_is(j->err);
}

static bool skip_value(struct json *j, int depth)
{
	struct integer i;

	switch (json_peek(j)) {
	case '{':
		return skip_members(j, '}', depth);
	case '[':
		return skip_members(j, ']', depth);
	case '"':
		return skip_string(j);
	case 't':
		return json_word(j, "true", "a value");
	case 'f':
		return json_word(j, "false", "a value");
	case 'n':
		return json_word(j, "null", "a value");
	default:
		return json_integer(j, &i);
	}
}

bool json_skip(struct json *j)
{
	return skip_value(j, 0);
}

/* Where a value is, as far as brackets and quotes tell. */
struct extent {
	uint64_t depth;
	bool string, escaped;
	bool done;		/* the last byte looked at ended it */
	bool scalar;		/* a word or number: ends before the delimiter */
};

static bool is_delimiter(uint8_t c)
{
	return c == ',' || c == '}' || c == ']' || c <= ' ';
}

static void in_string(struct extent *e, uint8_t c)
{
	if (e->escaped)
		e->escaped = false;
	else if (c == '\\')
		e->escaped = true;
	else if (c == '"')
		e->string = false;
}

/* Looks at up to n bytes at p, the window's last ones: how many of them are
 * part of the value. */
static size_t extent(struct extent *e, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t c = p[i];

		if (e->string) {
			/* most of what is long is base64 in strings */
			if (!e->escaped && c != '"' && c != '\\')
				i = (size_t)(json_run_end(p + i + 1) - p) - 1;
			else
				in_string(e, c);
		} else if (!e->depth && e->scalar && is_delimiter(c)) {
			e->done = true;
			return i;
		} else if (c == '"') {
			e->string = true;
		} else if (c == '{' || c == '[') {
			e->depth++;
		} else if (c == '}' || c == ']') {
			e->depth -= e->depth > 0;
		} else if (!e->depth) {
			e->scalar = true;
		}
		if (!e->string && !e->depth && !e->scalar) {
			e->done = true;
			return i + 1;
		}
	}
	return n;
}

bool json_copy(struct json *j, struct spool *to)
{
	struct extent e = { 0 };

	json_peek(j);
	while (!e.done) {
		const uint8_t *p = json_window(j);
		size_t n = in_avail(j->in);

		if (!n)
			return e.scalar && !e.depth ? true :
				json_expected(j, "a value");
		n = extent(&e, p, n);
		if (!spool_put(to, p, n))
			return false;
		in_take(j->in, n);
	}
	return true;
}

uint8_t json_after(struct json *j)
{
	struct extent e = { 0 };
	const uint8_t *p, *end;

	json_peek(j);
	json_count(j);
	in_fill(j->in, IN_PEEK_MAX);
	p = j->in->buf + j->in->pos;
	end = p + in_avail(j->in);
	p += extent(&e, p, in_avail(j->in));
	while (e.done && p < end && *p <= ' ')
		p++;
	return e.done && p < end ? *p : 0;
}

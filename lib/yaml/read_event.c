// SPDX-License-Identifier: MIT
/*
 * The parser's events -> JSON text, piece by piece.
 */
#include "yaml/read_parts.h"
#include "yaml/scalar.h"

#include <stdio.h>

bool yaml_fail(struct yaml_reader *y, const yaml_mark_t *mark,
	       const char *what, const char *detail)
{
	if (!error_is(y->err))
		error_set(y->err, CRIT_EDATA, "%s%.100s", what, detail);
	if (y->err->code == CRIT_EDATA && y->err->line < 0) {
		y->err->line = (int64_t)mark->line + 1;
		y->err->column = (int64_t)mark->column + 1;
	}
	return false;
}

static bool put(struct yaml_reader *y, const char *p, size_t n)
{
	y->column += n;
	if (!yaml_text_put(&y->text, p, n))
		return error_set(y->err, CRIT_ENOMEM, "out of memory");
	return yaml_anchor_text(&y->anchors, p, n);
}

/* New lines and spaces up to a place; nothing if the text is past it. */
static bool move_to(struct yaml_reader *y, const yaml_mark_t *mark, size_t left)
{
	size_t column = mark->column > left ? mark->column - left : 0;

	if (column > YAML_DEPTH_MAX * 16)
		column = 0;
	for (; y->line < mark->line; y->line++, y->column = 0)
		if (!yaml_text_put(&y->text, "\n", 1))
			return error_set(y->err, CRIT_ENOMEM, "out of memory");
	for (; y->column < column; y->column++)
		if (!yaml_text_put(&y->text, " ", 1))
			return error_set(y->err, CRIT_ENOMEM, "out of memory");
	return true;
}

/* Before a value or a key: the comma, and white space up to its place. */
static bool before(struct yaml_reader *y, const yaml_event_t *e, size_t left)
{
	char *scope = y->depth ? &y->scope[y->depth - 1] : NULL;

	if (scope && *scope != ':') {
		if (y->some[y->depth - 1] && !put(y, ",", 1))
			return false;
		y->some[y->depth - 1] = true;
	}
	return move_to(y, &e->start_mark, left);
}

/* After it: a key is followed by its value, that by the next key. */
static bool after(struct yaml_reader *y)
{
	char *scope = y->depth ? &y->scope[y->depth - 1] : NULL;

	if (!scope || *scope == '[')
		return true;
	*scope = *scope == '{' ? ':' : '{';
	return *scope == '{' || put(y, ":", 1);
}

static bool at_key(const struct yaml_reader *y)
{
	return y->depth && y->scope[y->depth - 1] == '{';
}

/* A JSON string of it: control characters, quotes, backslashes escaped. */
static bool put_string(struct yaml_reader *y, const char *p, size_t n)
{
	size_t done = 0;

	if (!put(y, "\"", 1))
		return false;
	for (size_t i = 0; i < n; i++) {
		uint8_t c = (uint8_t)p[i];
		char escape[8];

		if (c >= ' ' && c != '"' && c != '\\')
			continue;
		snprintf(escape, sizeof(escape), "\\u%04x", c);
		if (!put(y, p + done, i - done) || !put(y, escape, 6))
			return false;
		done = i + 1;
	}
	return put(y, p + done, n - done) && put(y, "\"", 1);
}

static bool core_tag(const char *tag, const char *name)
{
	static const char core[] = "tag:yaml.org,2002:";
	size_t n = sizeof(core) - 1;

	return !strncmp(tag, core, n) && !strcmp(tag + n, name);
}

/* Whether a scalar is text whatever it looks like. False: a tag that stands
 * for nothing here. */
static bool is_text(struct yaml_reader *y, const yaml_event_t *e, bool *text)
{
	static const char *const plain[] = { "int", "float", "bool", "null" };
	const char *tag = (const char *)e->data.scalar.tag;

	*text = at_key(y) || (!tag && !e->data.scalar.plain_implicit);
	if (!tag)
		return true;
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		if (core_tag(tag, plain[i]))
			return true;
	*text = true;
	return !strcmp(tag, "!") || core_tag(tag, "str") ||
		core_tag(tag, "binary") ||
		yaml_fail(y, &e->start_mark, "unsupported tag ", tag);
}

static bool put_scalar(struct yaml_reader *y, const yaml_event_t *e, bool text)
{
	static const char *const words[] = {
		[SCALAR_TRUE] = "true", [SCALAR_FALSE] = "false",
		[SCALAR_NULL] = "null",
	};
	const char *p = (const char *)e->data.scalar.value;
	size_t n = e->data.scalar.length;
	enum scalar is = text ? SCALAR_TEXT : scalar_plain(p, n);

	if (is == SCALAR_TEXT)
		return put_string(y, p, n);
	if (is == SCALAR_NUMBER)
		return put(y, p, n);
	return put(y, words[is], strlen(words[is]));
}

static bool begin_anchor(struct yaml_reader *y, const yaml_event_t *e,
			 const yaml_char_t *name)
{
	return !name || yaml_anchor_begin(&y->anchors, (const char *)name,
					  y->depth) ||
		yaml_fail(y, &e->start_mark, "", "");
}

static bool on_scalar(struct yaml_reader *y, const yaml_event_t *e)
{
	bool quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	bool key = at_key(y), text;

	if (e->data.scalar.length > YAML_SCALAR_MAX)
		return yaml_fail(y, &e->start_mark, "a scalar of more than 64 KiB",
			       "");
	/* nothing between two ---, or nothing but comments */
	if (!y->depth && !quoted && !e->data.scalar.length)
		return true;
	/* the quote of a key or text stands before its place */
	if (!is_text(y, e, &text) || !before(y, e, key && !quoted) ||
	    !begin_anchor(y, e, e->data.scalar.anchor) ||
	    !put_scalar(y, e, text))
		return false;
	yaml_anchor_end(&y->anchors, y->depth);
	return after(y);
}

static bool on_alias(struct yaml_reader *y, const yaml_event_t *e)
{
	const char *p;
	size_t n;

	if (at_key(y))
		return yaml_fail(y, &e->start_mark, "an alias as a key", "");
	if (!before(y, e, 0))
		return false;
	if (!yaml_anchor_find(&y->anchors, (const char *)e->data.alias.anchor,
			      &p, &n))
		return yaml_fail(y, &e->start_mark, "", "");
	/* it may be kept again, in the text that it lies in */
	if (y->anchors.open) {
		size_t at = (size_t)(p - y->anchors.text.p);

		if (n > YAML_KEPT_MAX - y->anchors.text.n)
			return yaml_anchor_text(&y->anchors, p, n) ||
				yaml_fail(y, &e->start_mark, "", "");
		for (size_t k; n; at += k, n -= k) {
			char piece[512];

			k = n < sizeof(piece) ? n : sizeof(piece);
			memcpy(piece, y->anchors.text.p + at, k);
			if (!put(y, piece, k))
				return false;
		}
		return after(y);
	}
	return put(y, p, n) && after(y);
}

static bool on_open(struct yaml_reader *y, const yaml_event_t *e, char scope)
{
	const char *tag = (const char *)(scope == '{' ?
		e->data.mapping_start.tag : e->data.sequence_start.tag);

	if (at_key(y))
		return yaml_fail(y, &e->start_mark, "a key that is no scalar", "");
	if (tag && strcmp(tag, "!") && !core_tag(tag, scope == '{' ? "map" : "seq"))
		return yaml_fail(y, &e->start_mark, "unsupported tag ", tag);
	if (y->depth == YAML_DEPTH_MAX)
		return yaml_fail(y, &e->start_mark, "nested too deep", "");
	/* the bracket stands before the first key and its quote */
	if (!before(y, e, scope == '{' ? 2 : 1) ||
	    !begin_anchor(y, e, scope == '{' ? e->data.mapping_start.anchor :
			  e->data.sequence_start.anchor) || !put(y, &scope, 1))
		return false;
	y->scope[y->depth] = scope;
	y->some[y->depth++] = false;
	return true;
}

static bool on_close(struct yaml_reader *y, const char *bracket)
{
	y->depth--;
	if (!put(y, bracket, 1))
		return false;
	yaml_anchor_end(&y->anchors, y->depth);
	return after(y);
}

/* Nothing follows a document on its last line but white space. */
static bool on_document_end(struct yaml_reader *y)
{
	yaml_anchors_reset(&y->anchors);
	return put(y, " ", 1);
}

bool yaml_on_event(struct yaml_reader *y, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_SCALAR_EVENT:
		return on_scalar(y, e);
	case YAML_ALIAS_EVENT:
		return on_alias(y, e);
	case YAML_SEQUENCE_START_EVENT:
		return on_open(y, e, '[');
	case YAML_SEQUENCE_END_EVENT:
		return on_close(y, "]");
	case YAML_MAPPING_START_EVENT:
		return on_open(y, e, '{');
	case YAML_MAPPING_END_EVENT:
		return on_close(y, "}");
	case YAML_DOCUMENT_END_EVENT:
		return on_document_end(y);
	default:
		y->ended = e->type == YAML_STREAM_END_EVENT;
		return true;
	}
}

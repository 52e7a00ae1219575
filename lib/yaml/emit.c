// SPDX-License-Identifier: MIT
/*
 * Text of records, in pieces -> tokens -> events of emit_event.c.
 */
#include "yaml/emit_event.h"
#include "codec/json_escape.h"
#include "codec/utf8.h"
#include "yaml/write.h"

static void string_end(struct yaml_emit *e)
{
	if (!e->pieces || e->n)
		yaml_emit_scalar(e, scalar_quotes(e->token, e->n));
	if (e->pieces)
		yaml_emit_close_sequence(e);
	e->pieces = false;
	e->state = EMIT_BETWEEN;
}

/* Takes what is part of the string: up to a quote or backslash. */
static size_t string_part(struct yaml_emit *e, const uint8_t *p, size_t n)
{
	size_t room, k = 0;

	if (*p == '"') {
		string_end(e);
		return 1;
	}
	if (e->n >= YAML_SCALAR_MAX) {
		if (!e->pieces)
			yaml_emit_open_sequence(e);
		e->pieces = true;
		yaml_emit_scalar(e, scalar_quotes(e->token, e->n));
	}
	if (*p == '\\') {
		e->state = EMIT_ESCAPE;
		e->n_escape = 0;
		return 1;
	}
	room = YAML_SCALAR_MAX - e->n;
	while (k < n && k < room && p[k] != '"' && p[k] != '\\')
		k++;
	memcpy(e->token + e->n, p, k);
	e->n += k;
	return k;
}

static void put_character(struct yaml_emit *e, uint32_t c)
{
	if (utf8_is_first(c)) {
		e->half = c;
		return;
	}
	if (utf8_is_second(c))
		c = utf8_pair(e->half, c);
	e->n += utf8_put((uint8_t *)e->token + e->n, c);
}

/* One byte more of an escape. */
static void escape_part(struct yaml_emit *e, uint8_t c)
{
	e->escape[e->n_escape++] = c;
	if (*e->escape == 'u' && e->n_escape < 5)
		return;
	if (*e->escape == 'u')
		put_character(e, (uint32_t)json_hex4(e->escape + 1));
	else
		e->token[e->n++] = (char)json_unescape(c);
	e->state = EMIT_STRING;
}

static void close_bracket(struct yaml_emit *e, uint8_t c)
{
	e->depth--;
	if (c == ']' && e->depth == 1 && e->document) {
		e->state = EMIT_ENTRIES_END;
		return;
	}
	if (c == ']')
		yaml_emit_close_sequence(e);
	else
		yaml_emit_close_mapping(e);
	if (!e->depth) {
		yaml_emit_close_document(e);
		e->state = EMIT_HEAD;
	}
}

static void between(struct yaml_emit *e, uint8_t c)
{
	switch (c) {
	case '{':
		yaml_emit_open_mapping(e);
		e->depth++;
		break;
	case '[':
		yaml_emit_open_sequence(e);
		e->depth++;
		break;
	case '}':
	case ']':
		close_bracket(e, c);
		break;
	case '"':
		e->state = EMIT_STRING;
		break;
	case ',':
	case ':':
		break;
	default:
		e->state = EMIT_WORD;
		e->token[e->n++] = (char)c;
	}
}

static size_t word_part(struct yaml_emit *e, uint8_t c)
{
	if (c != ',' && c != '}' && c != ']') {
		e->token[e->n++] = (char)c;
		return 1;
	}
	yaml_emit_scalar(e, QUOTES_NONE);
	e->state = EMIT_BETWEEN;
	return 0;
}

/* The record ends with its entries and its document stays open, or has more
 * keys, and ends its document. */
static void entries_end(struct yaml_emit *e, uint8_t c)
{
	if (c == ',') {
		yaml_emit_close_sequence(e);
		e->state = EMIT_BETWEEN;
		return;
	}
	e->depth = 0;
	e->state = EMIT_HEAD;
}

static void head_part(struct yaml_emit *e, uint8_t c);

static size_t part(struct yaml_emit *e, const uint8_t *p, size_t n)
{
	switch (e->state) {
	case EMIT_HEAD:
		head_part(e, *p);
		return 1;
	case EMIT_STRING:
		return string_part(e, p, n);
	case EMIT_ESCAPE:
		escape_part(e, *p);
		return 1;
	case EMIT_WORD:
		return word_part(e, *p);
	case EMIT_ENTRIES_END:
		entries_end(e, *p);
		return 1;
	default:
		between(e, *p);
		return 1;
	}
}

static void text(struct yaml_emit *e, const uint8_t *p, size_t n)
{
	while (n && !e->failed) {
		size_t k = part(e, p, n);

		p += k;
		n -= k;
	}
}

/* Another image, or the end record. */
static void new_head(struct yaml_emit *e)
{
	char *last = e->last_head;

	yaml_emit_end_document(e);
	e->last_head = e->head;
	e->n_last_head = e->n_head;
	e->head = last;
	e->state = EMIT_BETWEEN;
	yaml_emit_open_document(e);
	text(e, (uint8_t *)e->last_head, e->n_last_head);
}

static void head_part(struct yaml_emit *e, uint8_t c)
{
	static const char entries[] = "\"entries\":[";
	size_t k = sizeof(entries) - 1, n;

	if (c == '\n' || e->n_head == EMIT_HEAD_MAX)
		return;
	e->head[e->n_head++] = (char)c;
	n = e->n_head;
	/* an escaped quote in a name has a backslash before it */
	if (c != '[' || n <= k || memcmp(e->head + n - k, entries, k) ||
	    e->head[n - k - 1] == '\\')
		return;
	if (e->document && n == e->n_last_head &&
	    !memcmp(e->head, e->last_head, n)) {
		e->depth = 2;
		e->state = EMIT_BETWEEN;
	} else {
		new_head(e);
	}
	e->n_head = 0;
}

bool yaml_emit_text(struct yaml_emit *e, const uint8_t *p, size_t n)
{
	text(e, p, n);
	return !e->failed && !e->out->failed;
}

// SPDX-License-Identifier: MIT
/*
 * JSON of the views: indented by four, or one object a line.
 */
#include "codec/base64.h"
#include "codec/digits.h"
#include "codec/json_escape.h"
#include "schema/pretty.h"
#include "codec/utf8.h"
#include "view/view.h"

#include <stdio.h>

static void indent(struct view *v)
{
	static const char blanks[] = "                                ";

	view_put(v, "\n", 1);
	for (int n = v->depth; n > 0; n -= 8)
		view_put(v, blanks, 4 * (size_t)(n < 8 ? n : 8));
}

static void text(struct view *v, const char *s)
{
	view_put(v, s, strlen(s));
}

/* What stands before an element. */
static void before(struct view *v, const char *key)
{
	if (v->depth && !v->first)
		text(v, ",");
	if (v->depth && v->format == VIEW_JSON)
		indent(v);
	v->first = false;
	if (!key)
		return;
	text(v, "\"");
	text(v, key);
	text(v, v->format == VIEW_JSON ? "\": " : "\":");
}

void view_open(struct view *v, const char *key, char bracket)
{
	if (v->table) {
		table_open(v->table, key, bracket);
		return;
	}
	before(v, key);
	view_put(v, &bracket, 1);
	v->depth++;
	v->first = true;
}

void view_close(struct view *v, char bracket)
{
	if (v->table) {
		table_close(v->table);
		return;
	}
	v->depth--;
	if (!v->first && v->format == VIEW_JSON)
		indent(v);
	v->first = false;
	view_put(v, &bracket, 1);
	if (!v->depth)
		text(v, "\n");
}

void view_number(struct view *v, const char *key, uint64_t n)
{
	char s[DIGITS_MAX + 2], *end = digits_u64(s + 1, n);
	bool quote = n >> 53;

	if (v->table) {
		table_number(v->table, key, n);
		return;
	}
	before(v, key);
	s[0] = *end = '"';
	view_put(v, s + !quote, (size_t)(end - s) - !quote + quote);
}

void view_hex(struct view *v, const char *key, uint64_t n)
{
	char s[DIGITS_MAX + 2], *end = digits_hex(s + 1, n);

	if (v->table) {
		table_text(v->table, key, s + 1, (size_t)(end - s - 1));
		return;
	}
	before(v, key);
	s[0] = *end = '"';
	view_put(v, s, (size_t)(end + 1 - s));
}

static void put_base64(struct view *v, const uint8_t *p, size_t n)
{
	for (size_t k; n; p += k, n -= k) {
		char s[1100];

		k = n < 768 ? n : 768;
		view_put(v, s, (size_t)(base64_put(s, p, k) - s));
	}
}

static void put_text(struct view *v, const uint8_t *p, size_t n)
{
	for (size_t k; n; p += k, n -= k) {
		char s[JSON_GROWTH * 256 + 8];

		k = n <= 256 ? n : utf8_span(p, 256, NULL);
		view_put(v, s, (size_t)(json_escape_text(s, p, k) - s));
	}
}

void view_bytes(struct view *v, const char *key, const void *p, size_t n)
{
	bool spaced = v->format == VIEW_JSON;

	if (v->table) {
		table_text(v->table, key, p, n);
		return;
	}
	before(v, key);
	if (utf8_valid(p, n)) {
		text(v, "\"");
		put_text(v, p, n);
		text(v, "\"");
		return;
	}
	text(v, spaced ? "{\"base64\": \"" : "{\"base64\":\"");
	put_base64(v, p, n);
	text(v, "\"}");
}

void view_string(struct view *v, const char *key, const char *s)
{
	view_bytes(v, key, s, strlen(s));
}

void view_value(struct view *v, const char *key)
{
	view_bytes(v, key, v->line.p ? v->line.p : "", v->line.n);
}

/* The length of the string or number that p begins with. */
static size_t token(const char *p, size_t n)
{
	size_t i = 1;

	if (*p != '"') {
		while (i < n && !strchr(",]}", p[i]))
			i++;
		return i;
	}
	while (i < n && p[i] != '"')
		i += 1 + (p[i] == '\\');
	return i + 1;
}

static void put_indented(struct view *v, const char *p, size_t n)
{
	bool key = true;	/* of the first bracket */

	for (size_t k; n; p += k, n -= k) {
		k = 1;
		if (*p == ',')
			continue;
		if (*p == '}' || *p == ']') {
			view_close(v, *p);
			key = false;
			continue;
		}
		if (!key)
			before(v, NULL);
		key = false;
		if (*p == '{' || *p == '[') {
			view_put(v, p, 1);
			v->depth++;
			v->first = true;
			continue;
		}
		k = token(p, n);
		view_put(v, p, k);
		if (k < n && p[k] == ':') {
			text(v, ": ");
			key = true;
			k++;
		}
	}
}

void view_json(struct view *v, const char *key, const char *p, size_t n)
{
	if (v->table)
		return;
	before(v, key);
	if (v->format == VIEW_JSON)
		put_indented(v, p, n);
	else
		view_put(v, p, n);
}

static const struct {
	int32_t type;
	const char *key;
	bool list;
} notes[] = {
	{ FD_MEMFD, "inode", false },
	{ FD_TTY, "info", false },
	{ FD_EVENTPOLL, "tfd", true },
	{ FD_INOTIFY, "wd", true },
	{ FD_FANOTIFY, "mark", true },
};

static void put_span(struct view *v, const char *key, struct model_span s)
{
	if (s.len)
		view_json(v, key, model_text(v->model, s), s.len);
}

static void put_notes(struct view *v, int i, const struct model_note *first)
{
	const struct model_note *list = v->model->notes.p;

	if (!notes[i].list) {
		put_span(v, notes[i].key, first->facts);
		return;
	}
	view_open(v, notes[i].key, '[');
	for (const struct model_note *n = first; n;
	     n = n->next ? &list[n->next - 1] : NULL)
		put_span(v, NULL, n->facts);
	view_close(v, ']');
}

void view_facts(struct view *v, int32_t type, uint32_t id)
{
	const struct model_file *f = model_file(v->model, type, id);

	if (f)
		put_span(v, "file", f->facts);
	view_notes(v, type, id);
}

void view_notes(struct view *v, int32_t type, uint32_t id)
{
	const struct model_file *f = model_file(v->model, type, id);
	int n = sizeof(notes) / sizeof(*notes);

	for (int i = 0; f && i < n; i++) {
		const struct model_note *note = notes[i].type == type ?
			model_note(v->model, type, notes[i].list ? id :
				   f->number) : NULL;

		if (note)
			put_notes(v, i, note);
	}
}

const char *view_name(const struct view *v, const char *map, uint64_t n)
{
	const struct symbols *s = schema_symbols(v->model->schema, map);

	return s ? pretty_name(s, n) : NULL;
}

void view_field(struct view *v, const char *key, const struct field *f,
		uint64_t n)
{
	char s[SYMBOLIC_MAX + 4];
	size_t size = (size_t)(pretty_put(s + 1, f, n, false) - s - 1);
	bool quoted = s[1] == '"';
	/* what a double cannot hold */
	bool quote = !quoted && (s[1] == '-' ? -n : n) >> 53;

	if (v->table) {
		if (quoted)
			table_text(v->table, key, s + 2, size - 2);
		else
			table_digits(v->table, key, s + 1, size);
		return;
	}
	before(v, key);
	s[0] = s[size + 1] = '"';
	view_put(v, s + !quote, size + 2 * quote);
}

void view_flags(struct view *v, const char *key, const char *map, uint64_t n)
{
	const struct field f = {
		.kind = KIND_UINT64, .show = SHOW_FLAGS,
		.symbols = schema_symbols(v->model->schema, map),
	};

	if (f.symbols)
		view_field(v, key, &f, n);
	else
		view_number(v, key, n);
}

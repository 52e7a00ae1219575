// SPDX-License-Identifier: MIT
/*
 *   keys and values ─► JSON: indented, or one object a line; or cells of a table
 */
#include "codec/digits.h"
#include "schema/pretty.h"
#include "view/view.h"

struct json_text *view_json(struct view *v)
{
	if (!v->json.depth)
		v->json = (struct json_text){
			.out = v->out, .indented = v->format == VIEW_JSON,
		};
	return &v->json;
}

void view_open(struct view *v, const char *key, char bracket)
{
	if (v->table)
		table_open(v->table, key, bracket);
	else
		json_text_open(view_json(v), key, bracket);
}

void view_close(struct view *v, char bracket)
{
	if (v->table)
		table_close(v->table);
	else
		json_text_close(&v->json, bracket);
}

void view_number(struct view *v, const char *key, uint64_t n)
{
	if (v->table)
		table_number(v->table, key, n);
	else
		json_text_number(&v->json, key, n);
}

void view_hex(struct view *v, const char *key, uint64_t n)
{
	char s[DIGITS_MAX];

	if (v->table)
		table_text(v->table, key, s, (size_t)(digits_hex(s, n) - s));
	else
		json_text_hex(&v->json, key, n);
}

void view_bool(struct view *v, const char *key, bool b)
{
	if (!v->table)
		json_text_bool(&v->json, key, b);
}

void view_bytes(struct view *v, const char *key, const void *p, size_t n)
{
	if (v->table)
		table_text(v->table, key, p, n);
	else
		json_text_text(&v->json, key, p, n);
}

void view_string(struct view *v, const char *key, const char *s)
{
	view_bytes(v, key, s, strlen(s));
}

void view_value(struct view *v, const char *key)
{
	view_bytes(v, key, v->line.p ? v->line.p : "", v->line.n);
}

const char *view_name(const struct view *v, const char *map, uint64_t n)
{
	const struct symbols *s = schema_symbols(v->model->schema, map);

	return s ? pretty_name(s, n) : NULL;
}

void view_field(struct view *v, const char *key, const struct field *f,
		uint64_t n)
{
	char s[SYMBOLIC_MAX];
	size_t size;

	if (!v->table) {
		json_text_field(&v->json, key, f, n);
		return;
	}
	size = (size_t)(pretty_put(s, f, n, false) - s);
	if (*s == '"')
		table_text(v->table, key, s + 1, size - 2);
	else
		table_digits(v->table, key, s, size);
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

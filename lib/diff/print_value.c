// SPDX-License-Identifier: MIT
/*
 *   a leaf ─► its value, for people or as JSON
 */
#include "diff/print.h"
#include "json/text.h"
#include "schema/pretty.h"

#include <inttypes.h>
#include <string.h>

const char *print_text(const struct detail *t, const struct kept *k)
{
	return (const char *)t->text.p + k->text;
}

static void put(struct out *out, const char *p, size_t n)
{
	out_put(out, p, n);
}

static void put_s(struct out *out, const char *s)
{
	put(out, s, strlen(s));
}

/* Digits and names without quotes. */
void print_number(struct out *out, const struct kept *k)
{
	char buf[SYMBOLIC_MAX];
	char *end = pretty_put(buf, k->field, k->value, false), *from = buf;

	if (*from == '"') {
		from++;
		end--;
	}
	put(out, from, (size_t)(end - from));
	if (from == end)
		put_s(out, "0");
}

static void value_bytes(const struct detail *t, struct out *out,
			const struct kept *k)
{
	const char *p = print_text(t, k) + k->path_n;
	bool text = k->field && k->field->kind == KIND_STRING;

	for (size_t i = 0; !text && i < k->bytes_n; i++)
		if (p[i] < ' ' || p[i] > '~')
			break;
		else
			text = i + 1 == k->bytes_n;
	if (text || !k->bytes_n) {
		put_s(out, "\"");
		json_text_plain(out, p, k->bytes_n);
		put_s(out, k->bytes_n < k->size ? "\"..." : "\"");
	} else {
		size_t most = k->bytes_n < 16 ? k->bytes_n : 16;

		for (size_t i = 0; i < most; i++)
			json_text_printf(out, "%02x", (uint8_t)p[i]);
		if (most < k->size)
			put_s(out, "...");
	}
	if (k->bytes_n < k->size)
		json_text_printf(out, " (%" PRIu64 " bytes)", k->size);
}

void print_value(const struct detail *t, int side, struct out *out,
		  const struct kept *k)
{
	const struct id *id;
	char buf[LABEL_MAX];

	if (!k->field || !kind_is_number(k->field->kind)) {
		value_bytes(t, out, k);
		return;
	}
	id = k->space && k->space < S_BY_STATUS && k->space != S_PID ?
		ids_find(&t->d->ids, side, k->space, k->value) : NULL;
	if (id && id->label.role)
		json_text_printf(out, "that of %s", print_label(&id->label, buf));
	else
		print_number(out, k);
}

void print_json(const struct detail *t, struct json_text *r,
			 const char *key, const struct kept *k)
{
	if (k->field && kind_is_number(k->field->kind)) {
		if (kind_is_signed(k->field->kind))
			json_text_signed(r, key, (int64_t)k->value);
		else
			json_text_number(r, key, k->value);
		return;
	}
	json_text_text(r, key, print_text(t, k) + k->path_n, k->bytes_n);
}

// SPDX-License-Identifier: MIT
#include "json/text.h"
#include "codec/base64.h"
#include "codec/digits.h"
#include "codec/json_escape.h"
#include "codec/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PIECE = 3 * 1024 };
#define SAFE ((UINT64_C(1) << 53) - 1)

static void put(struct out *out, const char *s)
{
	out_put(out, s, strlen(s));
}

static void key(struct json_text *r, const char *name)
{
	if (r->more)
		put(r->out, ",");
	r->more = true;
	if (!name)
		return;
	put(r->out, "\"");
	put(r->out, name);
	put(r->out, "\":");
}

void json_text_begin(struct json_text *r, struct out *out)
{
	r->out = out;
	r->more = false;
	put(out, "{");
}

void json_text_end(struct json_text *r)
{
	put(r->out, "}\n");
}

void json_text_number(struct json_text *r, const char *name, uint64_t v)
{
	char text[DIGITS_MAX + 1];

	*digits_u64(text, v) = 0;
	key(r, name);
	if (v > SAFE)
		put(r->out, "\"");
	put(r->out, text);
	if (v > SAFE)
		put(r->out, "\"");
}

void json_text_signed(struct json_text *r, const char *name, int64_t v)
{
	char text[DIGITS_MAX + 2];

	*digits_i64(text, v) = 0;
	if (v > (int64_t)SAFE || v < -(int64_t)SAFE) {
		json_text_string(r, name, text);
		return;
	}
	key(r, name);
	put(r->out, text);
}

void json_text_null(struct json_text *r, const char *name)
{
	key(r, name);
	put(r->out, "null");
}

void json_text_hex(struct json_text *r, const char *name, uint64_t v)
{
	char text[DIGITS_MAX + 1];

	*digits_hex(text, v) = 0;
	key(r, name);
	put(r->out, "\"");
	put(r->out, text);
	put(r->out, "\"");
}

static void put_base64(struct out *out, const uint8_t *p, size_t n)
{
	put(out, "{\"base64\":\"");
	while (n) {
		size_t k = n < PIECE ? n : PIECE;
		char *to = (char *)out_room(out, 4 * (PIECE + 2) / 3 + 64);

		out->pos += (size_t)(base64_put(to, p, k) - to);
		p += k;
		n -= k;
	}
	put(out, "\"}");
}

static void put_text(struct out *out, const uint8_t *p, size_t n)
{
	put(out, "\"");
	while (n) {
		size_t k = n < PIECE ? n : PIECE;
		char *to = (char *)out_room(out, JSON_GROWTH * PIECE + 64);

		k = utf8_span(p, k, NULL);	/* whole characters */
		out->pos += (size_t)(json_escape_text(to, p, k) - to);
		p += k;
		n -= k;
	}
	put(out, "\"");
}

void json_text_text(struct json_text *r, const char *name, const void *p, size_t n)
{
	key(r, name);
	if (utf8_valid(p, n))
		put_text(r->out, p, n);
	else
		put_base64(r->out, p, n);
}

void json_text_string(struct json_text *r, const char *name, const char *s)
{
	json_text_text(r, name, s, strlen(s));
}

void json_text_open(struct json_text *r, const char *name, char bracket)
{
	key(r, name);
	out_put(r->out, &bracket, 1);
	r->more = false;
}

void json_text_close(struct json_text *r, char bracket)
{
	out_put(r->out, &bracket, 1);
	r->more = true;
}

void json_text_plain(struct out *out, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	while (n) {
		size_t k = utf8_plain(p, n);
		const uint8_t *slash = memchr(p, '\\', k);

		k = slash ? (size_t)(slash - p) : k;
		out_put(out, p, k);
		p += k;
		n -= k;
		if (n) {
			json_text_printf(out, "\\x%02x", *p);
			p++;
			n--;
		}
	}
}

void json_text_printf(struct out *out, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n > 0)
		out_put(out, text, (size_t)n < sizeof(text) ? (size_t)n :
			sizeof(text) - 1);
}

// SPDX-License-Identifier: MIT
/*
 *   keys and values of a report ─► JSON text
 *
 * o is where to write, within the room that begin or room made.
 */
#include "json/text.h"
#include "codec/base64.h"
#include "codec/digits.h"
#include "codec/json_escape.h"
#include "codec/utf8.h"
#include "schema/pretty.h"

#include <string.h>

enum {
	PIECE = 1024,		/* bytes of a string at a time */
	ROOM = JSON_GROWTH * PIECE + 64,
};

static char *room(struct json_text *r)
{
	return (char *)out_room(r->out, ROOM);
}

static void done(struct json_text *r, const char *end)
{
	r->out->pos = (size_t)(end - (const char *)r->out->buf);
}

static char *put(char *o, const char *s, size_t n)
{
	memcpy(o, s, n);
	return o + n;
}

static char *indent(char *o, int depth)
{
	*o++ = '\n';
	memset(o, ' ', 4 * (size_t)depth);
	return o + 4 * depth;
}

/* All that stands before a value. Keys may be long. */
static char *begin(struct json_text *r, const char *name)
{
	size_t n = name ? strlen(name) : 0;
	char *o = room(r);

	if (r->more && r->depth)
		*o++ = ',';
	if (r->indented && r->depth)
		o = indent(o, r->depth);
	r->more = true;
	if (!name)
		return o;
	*o++ = '"';
	if (n > PIECE) {
		done(r, o);
		out_put(r->out, name, n);
		o = room(r);
	} else {
		o = put(o, name, n);
	}
	return put(o, "\": ", r->indented ? 3 : 2);
}

void json_text_begin(struct json_text *r, struct out *out)
{
	*r = (struct json_text){ .out = out };
	json_text_open(r, NULL, '{');
}

void json_text_end(struct json_text *r)
{
	json_text_close(r, '}');
}

/* The digits from o to end, in quotes where a double would change them. */
static void number(struct json_text *r, char *o, char *end, bool safe)
{
	if (!safe) {
		memmove(o + 1, o, (size_t)(end - o));
		*o = '"';
		end[1] = '"';
		end += 2;
	}
	done(r, end);
}

void json_text_number(struct json_text *r, const char *name, uint64_t v)
{
	char *o = begin(r, name);

	number(r, o, digits_u64(o, v), v <= JSON_SAFE);
}

void json_text_signed(struct json_text *r, const char *name, int64_t v)
{
	char *o = begin(r, name);

	number(r, o, digits_i64(o, v), v <= (int64_t)JSON_SAFE && v >= -(int64_t)JSON_SAFE);
}

void json_text_field(struct json_text *r, const char *name,
		     const struct field *f, uint64_t v)
{
	char *o = begin(r, name), *end = pretty_put(o, f, v, false);

	number(r, o, end, *o == '"' || (*o == '-' ? -v : v) <= JSON_SAFE);
}

static void word(struct json_text *r, const char *name, const char *s)
{
	done(r, put(begin(r, name), s, strlen(s)));
}

void json_text_null(struct json_text *r, const char *name)
{
	word(r, name, "null");
}

void json_text_bool(struct json_text *r, const char *name, bool v)
{
	word(r, name, v ? "true" : "false");
}

void json_text_hex(struct json_text *r, const char *name, uint64_t v)
{
	char *o = begin(r, name);

	*o++ = '"';
	o = digits_hex(o, v);
	*o++ = '"';
	done(r, o);
}

/* In quotes: base64, or text of whole characters. */
static char *quoted(struct json_text *r, char *o, const uint8_t *p, size_t n,
		    bool base64)
{
	enum { WHOLE = PIECE / 3 * 3 };

	*o++ = '"';
	for (size_t k; n; p += k, n -= k) {
		done(r, o);
		o = room(r);
		k = n < WHOLE ? n : base64 ? WHOLE : utf8_span(p, WHOLE, NULL);
		o = base64 ? base64_put(o, p, k) : json_escape_text(o, p, k);
	}
	*o++ = '"';
	return o;
}

void json_text_base64(struct json_text *r, const char *name, const void *p,
		      size_t n)
{
	done(r, quoted(r, begin(r, name), p, n, true));
}

void json_text_text(struct json_text *r, const char *name, const void *p, size_t n)
{
	char *o = begin(r, name);

	if (utf8_valid(p, n)) {
		done(r, quoted(r, o, p, n, false));
		return;
	}
	o = put(o, "{\"base64\": ", r->indented ? 11 : 10);
	o = quoted(r, o, p, n, true);
	*o++ = '}';
	done(r, o);
}

void json_text_string(struct json_text *r, const char *name, const char *s)
{
	json_text_text(r, name, s, strlen(s));
}

void json_text_message(struct json_text *r, const char *name, const char *text)
{
	char own[512];
	size_t n = strnlen(text, sizeof(own) - 1);

	for (size_t i = 0; i < n; i++) {
		size_t k = utf8_span((const uint8_t *)text + i, n - i, NULL);

		memcpy(own + i, text + i, k);
		i += k;
		if (i < n)
			own[i] = '?';
	}
	json_text_text(r, name, own, n);
}

void json_text_open(struct json_text *r, const char *name, char bracket)
{
	char *o = begin(r, name);

	*o++ = bracket;
	r->depth++;
	r->more = false;
	done(r, o);
}

void json_text_close(struct json_text *r, char bracket)
{
	char *o = room(r);

	r->depth--;
	if (r->more && r->indented)
		o = indent(o, r->depth);
	*o++ = bracket;
	if (!r->depth)
		*o++ = '\n';
	r->more = true;
	done(r, o);
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
			out_printf(out, "\\x%02x", *p);
			p++;
			n--;
		}
	}
}

// SPDX-License-Identifier: MIT
/*
 * Strings and bytes of a message in memory, in pieces that fit into the room.
 */
#include "json/fast_write.h"
#include "codec/base64.h"
#include "codec/json_escape.h"
#include "codec/quopri.h"
#include "codec/utf8.h"
#include "event/message.h"

#include <string.h>

char *json_flat_spill(struct json_sink *j, char *o)
{
	bool missing = false;

	if (j->unit) {
		j->verdict = message_check(j->unit, j->unit_at, j->unit_size,
					&missing);
		if (j->verdict != FLAT_OK || (missing && j->complete))
			return NULL;
		j->unit = NULL;
	}
	j->out->pos = (size_t)(o - (char *)j->out->buf);
	out_flush(j->out);
	return (char *)j->out->buf + j->out->pos;
}

static char *put_string(struct json_sink *j, char *o, const uint8_t *p, size_t n)
{
	*o++ = '"';
	while (n) {
		size_t k = n;

		if (k > JSON_PIECE)
			k = utf8_span(p, JSON_PIECE, NULL);
		o = json_flat_room(j, o);
		if (!o)
			return NULL;
		o = json_escape_text(o, p, k);
		p += k;
		n -= k;
	}
	*o++ = '"';
	return o;
}

/* In lines of 57 bytes, or in one. */
static char *put_base64(struct json_sink *j, char *o, const uint8_t *p,
			size_t n, bool lines)
{
	size_t piece = lines ? 57 : JSON_PIECE / 3 * 3;

	*o++ = '"';
	while (n) {
		size_t k = n < piece ? n : piece;

		o = json_flat_room(j, o);
		if (!o)
			return NULL;
		o = base64_put(o, p, k);
		if (lines) {
			*o++ = '\\';
			*o++ = 'n';
		}
		p += k;
		n -= k;
	}
	*o++ = '"';
	return o;
}

/* A string that is not UTF-8. */
static char *put_odd_string(struct json_sink *j, char *o, const uint8_t *p,
			    size_t n, int depth)
{
	static const char *const open[] = {
		"{\"base64\":", "{\"base64\": ", "{",
	};
	size_t k = strlen(open[j->format]);

	memcpy(o, open[j->format], k);
	o += k;
	if (j->format == JSON_INDENTED) {
		o = json_indent(o, depth + 1);
		memcpy(o, "\"base64\": ", 10);
		o += 10;
	}
	o = put_base64(j, o, p, n, j->format != JSON_RECORDS);
	if (!o)
		return NULL;
	if (j->format == JSON_INDENTED)
		o = json_indent(o, depth);
	*o++ = '}';
	return o;
}

/* The name of a unix socket. */
static char *put_name(struct json_sink *j, char *o, const uint8_t *p, size_t n)
{
	enum { PIECE = JSON_PIECE / QUOPRI_GROWTH };
	const uint8_t *lf = memchr(p, '\n', n);
	struct quopri q;

	quopri_begin(&q, lf && lf > p && lf[-1] == '\r');
	*o++ = '"';
	while (n) {
		char text[JSON_PIECE], *end;
		size_t k = n < PIECE ? n : PIECE, used;

		o = json_flat_room(j, o);
		if (!o)
			return NULL;
		end = quopri_put(&q, text, p, k, k == n, &used);
		o = json_escape_text(o, (uint8_t *)text, (size_t)(end - text));
		p += used;
		n -= used;
	}
	*o++ = '"';
	return o;
}

char *json_flat_text(struct json_sink *j, char *o, const struct field *f,
		      const uint8_t *p, size_t n, int depth)
{
	if ((f->kind == KIND_STRING || f->show == SHOW_NAME) &&
	    json_sink_long(j, f, n))
		return put_odd_string(j, o, p, n, depth);
	if (f->show == SHOW_NAME)
		return put_name(j, o, p, n);
	if (f->kind == KIND_BYTES)
		return put_base64(j, o, p, n, j->format != JSON_RECORDS);
	if (utf8_valid(p, n))
		return put_string(j, o, p, n);
	return put_odd_string(j, o, p, n, depth);
}

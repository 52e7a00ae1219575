// SPDX-License-Identifier: MIT
/*
 * A message in memory -> text in one pass. The fields come as they were
 * declared, nearly always: the next tag is compared with that of the next
 * field before it is looked up. Room is checked once a field. What turns out
 * irregular or bad is taken back: nothing of the unit has been sent by then,
 * or (spill) all of it has been checked before its first part was sent.
 *
 * The function for a message is made three times, for each format: the
 * branches on it are gone from the loop.
 */
#include "json_flat.h"
#include "base64.h"
#include "digits.h"
#include "json_put.h"
#include "quopri.h"
#include "symbolic.h"
#include "utf8.h"
#include "walk.h"

#define INLINE static inline __attribute__((always_inline))

/* The state of one message. */
struct level {
	const struct message *m;
	const struct field *next;	/* the one to expect */
	const struct field *list;	/* open */
	const uint8_t *end;
	uint64_t seen;
	uint32_t last;			/* number of the field before */
	bool last_known, unknown, first, hex;
	int depth;			/* of its elements, for indentation */
	int nested;			/* messages around it, of the unit */
};

static char *limit(const struct json_sink *j)
{
	return (char *)j->out->buf + j->out->cap - JSON_ROOM;
}

/* Sends what there is. Once a part of the unit is sent it cannot be taken
 * back: so all of it is checked before. NULL where it turns out no good. */
static char *spill(struct json_sink *j, char *o)
{
	bool missing;

	if (j->unit) {
		j->verdict = walk_check(j->unit, j->unit_at, j->unit_size,
					&missing);
		if (j->verdict != FLAT_OK)
			return NULL;
		j->unit = NULL;
	}
	j->out->pos = (size_t)(o - (char *)j->out->buf);
	out_flush(j->out);
	return (char *)j->out->buf + j->out->pos;
}

INLINE char *room(struct json_sink *j, char *o)
{
	return __builtin_expect(o > limit(j), 0) ? spill(j, o) : o;
}

static char *refuse(struct json_sink *j, enum flat why)
{
	j->verdict = why;
	return NULL;
}

INLINE char *put_key(char *o, const char *key, size_t n)
{
	for (size_t i = 0; i < n; i += SCHEMA_KEY_PAD)
		memcpy(o + i, key + i, SCHEMA_KEY_PAD);
	return o + n;
}

/* Comma, indentation and key of a value. */
INLINE char *put_field_key(char *o, struct level *l, const struct field *f,
			   enum json_format format)
{
	size_t skip = l->first ? (format == JSON_RECORDS ? 1 : 2) : 0;

	l->first = false;
	if (format == JSON_RECORDS)
		return put_key(o, f->key + skip, f->name_len + 4u - skip);
	if (format == JSON_LINE)
		return put_key(o, f->key_spaced + skip, f->name_len + 6u - skip);
	if (!skip)
		*o++ = ',';
	o = json_indent(o, l->depth);
	return put_key(o, f->key_spaced + 2, f->name_len + 4u);
}

INLINE char *separate(char *o, bool first, int depth, enum json_format format)
{
	if (format == JSON_INDENTED) {
		if (!first)
			*o++ = ',';
		return json_indent(o, depth);
	}
	if (first)
		return o;
	*o++ = ',';
	if (format == JSON_LINE)
		*o++ = ' ';
	return o;
}

/* Text in pieces that fit into the room. */

static char *put_string(struct json_sink *j, char *o, const uint8_t *p, size_t n)
{
	*o++ = '"';
	while (n) {
		size_t k = n;

		if (k > JSON_PIECE)
			k = utf8_span(p, JSON_PIECE, NULL);
		o = room(j, o);
		if (!o)
			return NULL;
		o = json_put_text(o, p, k);
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

		o = room(j, o);
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

		o = room(j, o);
		if (!o)
			return NULL;
		end = quopri_put(&q, text, p, k, k == n, &used);
		o = json_put_text(o, (uint8_t *)text, (size_t)(end - text));
		p += used;
		n -= used;
	}
	*o++ = '"';
	return o;
}

static char *put_text(struct json_sink *j, char *o, const struct field *f,
		      const uint8_t *p, size_t n, int depth)
{
	if (f->show == SHOW_NAME)
		return put_name(j, o, p, n);
	if (f->kind == KIND_BYTES)
		return put_base64(j, o, p, n, j->format != JSON_RECORDS);
	if (utf8_valid(p, n))
		return put_string(j, o, p, n);
	return put_odd_string(j, o, p, n, depth);
}

INLINE char *put_number(struct json_sink *j, char *o, const struct field *f,
			uint64_t raw, bool hex, enum json_format format)
{
	if (!j->symbolic) {
		switch (f->kind) {
		case KIND_UINT64:
		case KIND_FIXED64:
			if (format == JSON_RECORDS && raw > JSON_SAFE)
				break;
			return digits_u64(o, raw);
		case KIND_UINT32:
		case KIND_FIXED32:
			return digits_u64(o, raw);
		default:
			break;
		}
	}
	return json_number(o, j, f, walk_value(f->kind, raw), hex);
}

/* A list that is one address under --pretty: *p is after the tag of its first
 * element, and comes out after the last. NULL where it is not one (*p stays),
 * or not regular. */
static char *put_address(char *o, struct level *l, const struct field *f,
			 const uint8_t **p, enum json_format format)
{
	const uint8_t *q = *p, *end;
	uint32_t words[4];
	size_t n = 0;

	for (;;) {
		unsigned sloppy = 0;
		uint64_t v, tag;

		end = q = wire_varint(q, &v, &sloppy);
		if (!q || q > l->end || sloppy || v > UINT32_MAX || n == 4)
			return NULL;
		words[n++] = (uint32_t)v;
		if (q == l->end)
			break;
		q = wire_varint(q, &tag, &sloppy);
		if (!q || sloppy || tag != f->tag)
			break;
	}
	if (n != 1 && n != 4)
		return NULL;
	o = put_field_key(o, l, f, format);
	*o++ = '[';
	if (format == JSON_INDENTED)
		o = json_indent(o, l->depth + 1);
	o = symbolic_address(o, words, n);
	if (format == JSON_INDENTED)
		o = json_indent(o, l->depth);
	*o++ = ']';
	*p = end;
	return o;
}

/* The field that this tag means, where the guesses failed. NULL: unknown (and
 * then *p is after it), or out of order, or bad (j->verdict says). */
static const struct field *look_up(struct json_sink *j, struct level *l,
				   const uint8_t *start, const uint8_t **p,
				   uint64_t tag)
{
	uint32_t number = (uint32_t)(tag >> 3);
	const struct field *f;
	struct wire_field w;
	const char *what;

	if (!number || tag > UINT32_MAX) {
		j->verdict = FLAT_BAD;
		return NULL;
	}
	f = message_field(l->m, number);
	if (f && walk_fit(f, tag & 7) == FIT_UNKNOWN)
		f = NULL;
	if (number < l->last || (number == l->last && l->last_known) ||
	    (f && f->tag != tag)) {
		j->verdict = FLAT_IRREGULAR;
		return NULL;
	}
	l->last = number;
	l->last_known = f;
	if (f)
		return f;
	l->unknown = true;
	*p = wire_field(start, l->end, &w, &what);
	if (!*p)
		j->verdict = FLAT_BAD;
	else if (w.sloppy)
		j->verdict = FLAT_IRREGULAR;
	/* what may come next: a known field of this number or above */
	while (l->next < l->m->fields + l->m->n_fields &&
	       l->next->number < number)
		l->next++;
	return NULL;
}

/* The unknown fields of a message as one base64 value. */
static char *put_unknown(struct json_sink *j, char *o, struct level *l,
			 const uint8_t *p, enum json_format format)
{
	uint8_t piece[JSON_PIECE / 3 * 3];
	size_t n = 0;

	o = room(j, o);
	if (!o)
		return NULL;
	o = put_field_key(o, l, &json_unknown, format);
	*o++ = '"';
	while (p < l->end) {
		struct wire_field w;
		const char *what;

		p = wire_field(p, l->end, &w, &what);
		if (walk_fit(message_field(l->m, w.number), w.type) != FIT_UNKNOWN)
			continue;
		while (w.start < w.end) {
			size_t k = sizeof(piece) - n, left;

			left = (size_t)(w.end - w.start);
			k = k < left ? k : left;
			memcpy(piece + n, w.start, k);
			w.start += k;
			n += k;
			if (n < sizeof(piece))
				continue;
			o = room(j, o);
			if (!o)
				return NULL;
			o = base64_put(o, piece, n);
			n = 0;
		}
	}
	o = room(j, o);
	if (!o)
		return NULL;
	o = base64_put(o, piece, n);
	*o++ = '"';
	return o;
}

static char *fields_records(struct json_sink *, char *, struct level *,
			    const uint8_t *);
static char *fields_line(struct json_sink *, char *, struct level *,
			 const uint8_t *);
static char *fields_indented(struct json_sink *, char *, struct level *,
			     const uint8_t *);

INLINE char *put_message(struct json_sink *j, char *o, struct level *l,
			 const struct field *f, const uint8_t *p, size_t n,
			 int depth, enum json_format format)
{
	struct level in = {
		.m = f->message, .next = f->message->fields, .end = p + n,
		.first = true, .hex = l->hex || f->show == SHOW_HEX,
		.depth = depth + 1, .nested = l->nested + 1,
	};

	if (__builtin_expect(in.nested == WIRE_DEPTH_MAX, 0))
		return refuse(j, FLAT_BAD);
	*o++ = '{';
	o = format == JSON_RECORDS ? fields_records(j, o, &in, p) :
		format == JSON_LINE ? fields_line(j, o, &in, p) :
		fields_indented(j, o, &in, p);
	if (!o)
		return NULL;
	if (format == JSON_INDENTED && !in.first)
		o = json_indent(o, depth);
	*o++ = '}';
	return o;
}

/* The elements of a packed list. */
INLINE char *put_packed(struct json_sink *j, char *o, struct level *l,
			const struct field *f, const uint8_t *p,
			const uint8_t *end, enum json_format format)
{
	bool first = true;

	if (p == end)
		return refuse(j, FLAT_IRREGULAR);
	while (p < end) {
		unsigned sloppy = 0;
		uint64_t raw;

		if (kind_wire(f->kind) == WIRE_VARINT) {
			p = wire_varint(p, &raw, &sloppy);
		} else {
			size_t size = kind_wire(f->kind) == WIRE_I32 ? 4 : 8;

			raw = size == 4 ? wire_get32(p) : wire_get64(p);
			p += size;
		}
		if (!p || p > end)
			return refuse(j, FLAT_BAD);
		if (sloppy || !walk_canonical(f->kind, raw))
			return refuse(j, FLAT_IRREGULAR);
		o = room(j, o);
		if (!o)
			return NULL;
		o = separate(o, first, l->depth + 1, format);
		o = put_number(j, o, f, raw, l->hex, format);
		first = false;
	}
	return o;
}

INLINE char *close_list(char *o, struct level *l, enum json_format format)
{
	if (format == JSON_INDENTED)
		o = json_indent(o, l->depth);
	*o++ = ']';
	l->list = NULL;
	return o;
}

/* The value of a length-delimited field at *p. */
INLINE char *put_len(struct json_sink *j, char *o, struct level *l,
		     const struct field *f, const uint8_t **at,
		     enum json_format format)
{
	int depth = l->depth + (l->list == f);
	unsigned sloppy = 0;
	const uint8_t *p;
	uint64_t n;

	p = wire_varint(*at, &n, &sloppy);
	if (!p || p > l->end || n > (uint64_t)(l->end - p))
		return refuse(j, FLAT_BAD);
	if (sloppy)
		return refuse(j, FLAT_IRREGULAR);
	*at = p + n;
	if (f->kind == KIND_MESSAGE)
		return put_message(j, o, l, f, p, n, depth, format);
	if (f->kind == KIND_STRING || f->kind == KIND_BYTES)
		return put_text(j, o, f, p, n, depth);
	return put_packed(j, o, l, f, p, p + n, format);
}

INLINE char *put_value(struct json_sink *j, char *o, struct level *l,
		       const struct field *f, const uint8_t **at,
		       enum json_format format)
{
	unsigned sloppy = 0;
	const uint8_t *p;
	uint64_t raw;

	switch (f->tag & 7) {
	case WIRE_VARINT:
		p = wire_varint(*at, &raw, &sloppy);
		if (__builtin_expect(!p || p > l->end, 0))
			return refuse(j, FLAT_BAD);
		if (__builtin_expect(sloppy || !walk_canonical(f->kind, raw), 0))
			return refuse(j, FLAT_IRREGULAR);
		*at = p;
		return put_number(j, o, f, raw, l->hex, format);
	case WIRE_LEN:
		return put_len(j, o, l, f, at, format);
	default: {
		size_t size = (f->tag & 7) == WIRE_I32 ? 4 : 8;

		if ((size_t)(l->end - *at) < size)
			return refuse(j, FLAT_BAD);
		raw = size == 4 ? wire_get32(*at) : wire_get64(*at);
		*at += size;
		return put_number(j, o, f, raw, l->hex, format);
	}
	}
}

INLINE char *fields(struct json_sink *j, char *o, struct level *l,
		    const uint8_t *p, enum json_format format)
{
	const uint8_t *begin = p;
	const struct field *last_field = l->m->fields + l->m->n_fields;

	while (p < l->end) {
		const uint8_t *start = p;
		const struct field *f;
		unsigned sloppy = 0;
		uint64_t tag;

		p = wire_varint(p, &tag, &sloppy);
		if (__builtin_expect(!p || p > l->end, 0))
			return refuse(j, FLAT_BAD);
		if (__builtin_expect(sloppy, 0))
			return refuse(j, FLAT_IRREGULAR);
		o = room(j, o);
		if (!o)
			return NULL;
		if (l->list && tag == l->list->tag) {
			f = l->list;
			o = separate(o, false, l->depth + 1, format);
			goto value;
		}
		if (l->next < last_field && tag == l->next->tag) {
			f = l->next;
			l->last = f->number;
			l->last_known = true;
		} else {
			f = look_up(j, l, start, &p, tag);
			if (!f && j->verdict != FLAT_OK)
				return NULL;
			if (!f) {
				if (l->list)
					o = close_list(o, l, format);
				continue;
			}
		}
		if (l->list)
			o = close_list(o, l, format);
		l->next = f + 1;
		l->seen |= f->required;
		if (f->label == LABEL_REPEATED) {
			if (f->show == SHOW_ADDRESS && j->symbolic) {
				char *q = put_address(o, l, f, &p, format);

				if (q) {
					o = q;
					continue;
				}
			}
			o = put_field_key(o, l, f, format);
			*o++ = '[';
			l->list = f;
			if (!f->packed)
				o = separate(o, true, l->depth + 1, format);
		} else {
			o = put_field_key(o, l, f, format);
		}
value:
		o = put_value(j, o, l, f, &p, format);
		if (!o)
			return NULL;
		if (f->packed)
			o = close_list(o, l, format);
	}
	if (l->list)
		o = close_list(o, l, format);
	if (l->unknown)
		o = put_unknown(j, o, l, begin, format);
	if (l->seen != l->m->required)
		j->sink.missing = true;
	return o;
}

static char *fields_records(struct json_sink *j, char *o, struct level *l,
			    const uint8_t *p)
{
	return fields(j, o, l, p, JSON_RECORDS);
}

static char *fields_line(struct json_sink *j, char *o, struct level *l,
			 const uint8_t *p)
{
	return fields(j, o, l, p, JSON_LINE);
}

static char *fields_indented(struct json_sink *j, char *o, struct level *l,
			     const uint8_t *p)
{
	return fields(j, o, l, p, JSON_INDENTED);
}

enum flat json_flat(struct sink *sink, const struct message *m,
		    const uint8_t *p, size_t n)
{
	static char *(*const formats[])(struct json_sink *, char *,
					struct level *, const uint8_t *) = {
		fields_records, fields_line, fields_indented,
	};
	struct json_sink *j = (struct json_sink *)sink;
	struct level l = {
		.m = m, .next = m->fields, .end = p + n,
		.first = j->first[j->depth - 1], .hex = j->hex[j->depth - 1],
		.depth = j->depth,
	};
	char *o = (char *)out_room(j->out, JSON_ROOM);
	size_t mark = j->out->pos;

	j->unit = m;
	j->unit_at = p;
	j->unit_size = n;
	j->verdict = FLAT_OK;
	o = formats[j->format](j, o, &l, p);
	if (!o) {
		j->out->pos = mark;
		return j->verdict;
	}
	j->first[j->depth - 1] = l.first;
	j->out->pos = (size_t)(o - (char *)j->out->buf);
	return FLAT_OK;
}

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
#include "json/fast_write.h"
#include "codec/base64.h"
#include "codec/digits.h"
#include "codec/json_escape.h"
#include "schema/pretty.h"
#include "event/message.h"

#define INLINE static inline __attribute__((always_inline))

/* How values are written: two formats made for speed, the rest as one. */
enum way { RECORDS, LINE, GENERAL };

/* One message. */
struct level {
	const struct message *m;
	const uint8_t *end;
	int depth;		/* of its elements, for indentation */
	int nested;		/* messages around it, of the unit */
	bool hex;		/* its numbers are hexadecimal under --pretty */
};

static char *limit(const struct json_sink *j)
{
	return (char *)j->out->buf + j->out->cap - JSON_ROOM;
}

static char *refuse(struct json_sink *j, enum flat why)
{
	j->verdict = why;
	return NULL;
}

/* A key is copied in pieces, past its end; nearly all fit into the first. */
INLINE char *put_key(char *o, const char *key, size_t n)
{
	memcpy(o, key, SCHEMA_KEY_PAD);
	if (__builtin_expect(n > SCHEMA_KEY_PAD, 0))
		for (size_t i = SCHEMA_KEY_PAD; i < n; i += SCHEMA_KEY_PAD)
			memcpy(o + i, key + i, SCHEMA_KEY_PAD);
	return o + n;
}

/* Comma, indentation and key of a value. */
INLINE char *put_field_key(const struct json_sink *j, char *o,
			   const struct field *f, bool first, int depth,
			   enum way way)
{
	if (way == RECORDS || (way == GENERAL && j->format == JSON_RECORDS))
		return put_key(o, f->key + first, f->name_len + 4u - first);
	if (way == LINE || j->format == JSON_LINE)
		return put_key(o, f->key_spaced + 2 * first,
			       f->name_len + 6u - 2 * first);
	if (!first)
		*o++ = ',';
	o = json_indent(o, depth);
	return put_key(o, f->key_spaced + 2, f->name_len + 4u);
}

INLINE char *separate(const struct json_sink *j, char *o, bool first,
		      int depth, enum way way)
{
	if (way == GENERAL && j->format == JSON_INDENTED) {
		if (!first)
			*o++ = ',';
		return json_indent(o, depth);
	}
	if (first)
		return o;
	*o++ = ',';
	if (way == LINE || (way == GENERAL && j->format == JSON_LINE))
		*o++ = ' ';
	return o;
}

INLINE char *put_number(struct json_sink *j, char *o, const struct field *f,
			uint64_t raw, bool hex, enum way way)
{
	if (way != GENERAL || (f->show == SHOW_PLAIN && !hex)) {
		if (raw < 10 && f->kind <= KIND_INT64) {
			*o = (char)('0' + raw);
			return o + 1;
		}
		switch (f->kind) {
		case KIND_UINT64:
		case KIND_FIXED64:
			if (way != LINE && raw > JSON_SAFE)
				break;
			return digits_u64(o, raw);
		case KIND_UINT32:
		case KIND_FIXED32:
			return digits_u64(o, raw);
		default:
			break;
		}
	}
	return json_number(o, j, f, kind_value(f->kind, raw), hex);
}

/* kind_canonical, without a call for the frequent kinds. */
INLINE bool canonical(uint8_t kind, uint64_t raw)
{
	if (kind == KIND_UINT64)
		return true;
	return kind == KIND_UINT32 ? raw <= UINT32_MAX :
		kind_canonical(kind, raw);
}

/* A list that is one address under --pretty: *p is after the tag of its first
 * element, and comes out after the last. NULL where it is not one (*p stays),
 * or not regular. */
static char *put_address(struct json_sink *j, char *o, const struct level *l,
			 const struct field *f, const uint8_t **p, bool first)
{
	const uint8_t *q = *p, *end;
	bool lines = j->format == JSON_INDENTED;
	uint32_t words[4];
	size_t n = 0;

	if (!j->symbolic)
		return NULL;
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
	o = put_field_key(j, o, f, first, l->depth, GENERAL);
	*o++ = '[';
	if (lines)
		o = json_indent(o, l->depth + 1);
	o = pretty_address(o, words, n);
	if (lines)
		o = json_indent(o, l->depth);
	*o++ = ']';
	*p = end;
	return o;
}

/* What has been seen of a message: number of the field before. */
struct seen {
	uint32_t last;
	bool last_known, unknown;
};

/* The field that this tag means, where it is not plain that it may stand
 * here. NULL: unknown (then *p is after it), or out of order, or bad
 * (j->verdict says). */
__attribute__((noinline))
static const struct field *look_up(struct json_sink *j, const struct level *l,
				   struct seen *seen, const uint8_t *start,
				   const uint8_t **p, uint64_t tag)
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
	if (f && message_fit(f, tag & 7) == FIT_UNKNOWN) {
		j->verdict = FLAT_MISFIT;
		return NULL;
	}
	if (number < seen->last || (number == seen->last && seen->last_known) ||
	    (f && f->tag != tag)) {
		j->verdict = FLAT_IRREGULAR;
		return NULL;
	}
	seen->last = number;
	seen->last_known = f;
	if (f)
		return f;
	seen->unknown = true;
	*p = wire_field(start, l->end, &w, &what);
	if (!*p)
		j->verdict = FLAT_BAD;
	else if (w.sloppy)
		j->verdict = FLAT_IRREGULAR;
	return NULL;
}

/* The unknown fields of a message as one base64 value. */
static char *put_unknown(struct json_sink *j, char *o, const struct level *l,
			 const uint8_t *p, bool first)
{
	uint8_t piece[JSON_PIECE / 3 * 3];
	size_t n = 0;

	o = json_flat_room(j, o);
	if (!o)
		return NULL;
	o = put_field_key(j, o, &json_field_unknown, first, l->depth, GENERAL);
	*o++ = '"';
	while (p < l->end) {
		struct wire_field w;
		const char *what;

		p = wire_field(p, l->end, &w, &what);
		if (message_fit(message_field(l->m, w.number), w.type) != FIT_UNKNOWN)
			continue;
		while (w.start < w.end) {
			size_t k = sizeof(piece) - n;
			size_t left = (size_t)(w.end - w.start);

			k = k < left ? k : left;
			memcpy(piece + n, w.start, k);
			w.start += k;
			n += k;
			if (n < sizeof(piece))
				continue;
			o = json_flat_room(j, o);
			if (!o)
				return NULL;
			o = base64_put(o, piece, n);
			n = 0;
		}
	}
	o = json_flat_room(j, o);
	if (!o)
		return NULL;
	o = base64_put(o, piece, n);
	*o++ = '"';
	return o;
}

static char *fields_records(struct json_sink *, char *, const struct level *,
			    const uint8_t *, bool *);
static char *fields_line(struct json_sink *, char *, const struct level *,
			 const uint8_t *, bool *);
static char *fields_general(struct json_sink *, char *, const struct level *,
			    const uint8_t *, bool *);

INLINE char *put_message(struct json_sink *j, char *o, const struct level *l,
			 const struct field *f, const uint8_t *p, size_t n,
			 int depth, enum way way)
{
	struct level in = {
		.m = f->message, .end = p + n,
		.hex = l->hex || f->show == SHOW_HEX,
		.depth = depth + 1, .nested = l->nested + 1,
	};
	bool first = true;

	if (__builtin_expect(in.nested == WIRE_DEPTH_MAX, 0))
		return refuse(j, FLAT_BAD);
	*o++ = '{';
	o = way == RECORDS ? fields_records(j, o, &in, p, &first) :
		way == LINE ? fields_line(j, o, &in, p, &first) :
		fields_general(j, o, &in, p, &first);
	if (!o)
		return NULL;
	if (way == GENERAL && j->format == JSON_INDENTED && !first) {
		/* many messages may end at once */
		o = json_flat_room(j, o);
		if (!o)
			return NULL;
		o = json_indent(o, depth);
	}
	*o++ = '}';
	return o;
}

/* The elements of a packed list. */
INLINE char *put_packed(struct json_sink *j, char *o, const struct level *l,
			const struct field *f, const uint8_t *p,
			const uint8_t *end, enum way way)
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
		if (sloppy || !kind_canonical(f->kind, raw))
			return refuse(j, sloppy ? FLAT_IRREGULAR : FLAT_MISFIT);
		o = json_flat_room(j, o);
		if (!o)
			return NULL;
		o = separate(j, o, first, l->depth + 1, way);
		o = put_number(j, o, f, raw, l->hex, way);
		first = false;
	}
	return o;
}

INLINE char *close_list(const struct json_sink *j, char *o,
			const struct level *l, enum way way)
{
	if (way == GENERAL && j->format == JSON_INDENTED)
		o = json_indent(o, l->depth);
	*o++ = ']';
	return o;
}

/* The value of a length-delimited field at *p. */
INLINE char *put_len(struct json_sink *j, char *o, const struct level *l,
		     const struct field *f, const uint8_t **at, enum way way)
{
	int depth = l->depth + (f->label == LABEL_REPEATED);
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
		return put_message(j, o, l, f, p, n, depth, way);
	if (f->kind == KIND_STRING || f->kind == KIND_BYTES)
		return json_flat_text(j, o, f, p, n, depth);
	return put_packed(j, o, l, f, p, p + n, way);
}

INLINE char *put_fixed(struct json_sink *j, char *o, const struct level *l,
		       const struct field *f, const uint8_t **at, enum way way)
{
	size_t size = (f->tag & 7) == WIRE_I32 ? 4 : 8;
	uint64_t raw;

	if ((size_t)(l->end - *at) < size)
		return refuse(j, FLAT_BAD);
	raw = size == 4 ? wire_get32(*at) : wire_get64(*at);
	*at += size;
	return put_number(j, o, f, raw, l->hex, way);
}

INLINE char *put_varint(struct json_sink *j, char *o, const struct level *l,
			const struct field *f, const uint8_t **at, bool hex,
			enum way way)
{
	unsigned sloppy = 0;
	uint64_t raw;

	*at = wire_varint(*at, &raw, &sloppy);
	if (__builtin_expect(!*at || *at > l->end, 0))
		return refuse(j, FLAT_BAD);
	if (__builtin_expect(sloppy || !canonical(f->kind, raw), 0))
		return refuse(j, sloppy ? FLAT_IRREGULAR : FLAT_MISFIT);
	return put_number(j, o, f, raw, hex, way);
}

INLINE char *put_value(struct json_sink *j, char *o, const struct level *l,
		       const struct field *f, const uint8_t **at, enum way way)
{
	switch (f->tag & 7) {
	case WIRE_LEN:
		return put_len(j, o, l, f, at, way);
	case WIRE_VARINT:
		return put_varint(j, o, l, f, at, l->hex, way);
	default:
		return put_fixed(j, o, l, f, at, way);
	}
}

/* How far a message has come. */
struct progress {
	const struct field *list;	/* the open one */
	uint32_t last;			/* number of the field before */
	uint32_t odd;			/* the same where it was unknown */
	bool first, unknown;
	uint64_t required;
};

/* The next field as it was declared, as nearly always; NULL: anything else. */
INLINE const struct field *expected(const struct message *m, uint32_t last,
				    uint64_t tag)
{
	uint64_t number = tag >> 3;
	unsigned i;

	if (number <= last || number >= m->dense)
		return NULL;
	i = m->by_number[number];
	return i && m->fields[i - 1].tag == tag ? &m->fields[i - 1] : NULL;
}

/* The field of a tag; NULL as look_up has it. */
INLINE const struct field *field_of(struct json_sink *j, const struct level *l,
				    struct progress *s, const uint8_t *start,
				    const uint8_t **p, uint64_t tag)
{
	const struct field *f = expected(l->m, s->last, tag);
	struct seen now;

	if (__builtin_expect(f != NULL, 1)) {
		s->last = (uint32_t)(tag >> 3);
		return f;
	}
	now = (struct seen){ s->last, s->odd != s->last, s->unknown };
	f = look_up(j, l, &now, start, p, tag);
	s->last = now.last;
	s->unknown = now.unknown;
	s->odd = f ? 0 : now.last;
	return f;
}

/* What is before the value of a field: its key, and where it is a list, the
 * bracket. */
INLINE char *open_field(struct json_sink *j, char *o, const struct level *l,
			struct progress *s, const struct field *f, enum way way)
{
	s->required |= f->required;
	o = put_field_key(j, o, f, s->first, l->depth, way);
	s->first = false;
	if (f->label != LABEL_REPEATED)
		return o;
	*o++ = '[';
	if (f->packed)
		return o;
	s->list = f;
	return separate(j, o, true, l->depth + 1, way);
}

INLINE char *put_one(struct json_sink *j, char *o, const struct level *l,
		     const struct field *f, const uint8_t **p, enum way way)
{
	/* the most frequent kinds, without a look at the wire type */
	if (way != GENERAL && f->kind <= KIND_UINT64 && !f->packed)
		return put_varint(j, o, l, f, p, false, way);
	o = put_value(j, o, l, f, p, way);
	return o && f->packed ? close_list(j, o, l, way) : o;
}

INLINE char *end_fields(struct json_sink *j, char *o, const struct level *l,
			const uint8_t *begin, struct progress *s, bool *first,
			enum way way)
{
	if (s->list)
		o = close_list(j, o, l, way);
	if (s->unknown) {
		o = put_unknown(j, o, l, begin, s->first);
		s->first = false;
	}
	if (s->required != l->m->required)
		j->sink.missing = true;
	*first = s->first;
	return o;
}

INLINE char *fields(struct json_sink *j, char *o, const struct level *l,
		    const uint8_t *p, bool *first, enum way way)
{
	struct progress s = { .first = *first };
	const uint8_t *begin = p;

	while (p < l->end) {
		const struct field *f = s.list;
		const uint8_t *start = p;
		unsigned sloppy = 0;
		uint64_t tag;
		char *q;

		p = wire_varint(p, &tag, &sloppy);
		if (__builtin_expect(!p || p > l->end, 0))
			return refuse(j, FLAT_BAD);
		if (__builtin_expect(sloppy, 0))
			return refuse(j, FLAT_IRREGULAR);
		o = json_flat_room(j, o);
		if (__builtin_expect(!o, 0))
			return NULL;
		if (f && tag == f->tag) {
			o = separate(j, o, false, l->depth + 1, way);
		} else {
			if (f)
				o = close_list(j, o, l, way);
			s.list = NULL;
			f = field_of(j, l, &s, start, &p, tag);
			if (!f && j->verdict != FLAT_OK)
				return NULL;
			if (!f)
				continue;
			if (way == GENERAL && f->show == SHOW_ADDRESS &&
			    (q = put_address(j, o, l, f, &p, s.first))) {
				o = q;
				s.first = false;
				s.required |= f->required;
				continue;
			}
			o = open_field(j, o, l, &s, f, way);
		}
		o = put_one(j, o, l, f, &p, way);
		if (__builtin_expect(!o, 0))
			return NULL;
	}
	return end_fields(j, o, l, begin, &s, first, way);
}

static char *fields_records(struct json_sink *j, char *o, const struct level *l,
			    const uint8_t *p, bool *first)
{
	return fields(j, o, l, p, first, RECORDS);
}

static char *fields_line(struct json_sink *j, char *o, const struct level *l,
			 const uint8_t *p, bool *first)
{
	return fields(j, o, l, p, first, LINE);
}

static char *fields_general(struct json_sink *j, char *o, const struct level *l,
			    const uint8_t *p, bool *first)
{
	return fields(j, o, l, p, first, GENERAL);
}

typedef char *fields_fn(struct json_sink *, char *, const struct level *,
			const uint8_t *, bool *);

static fields_fn *choose(const struct json_sink *j)
{
	if (j->symbolic || j->format == JSON_INDENTED)
		return fields_general;
	return j->format == JSON_RECORDS ? fields_records : fields_line;
}

static void set_unit(struct json_sink *j, const struct message *m,
		     const uint8_t *p, size_t n)
{
	j->unit = m;
	j->unit_at = p;
	j->unit_size = n;
	j->verdict = FLAT_OK;
}

enum flat json_flat(struct sink *sink, const struct message *m,
		    const uint8_t *p, size_t n)
{
	struct json_sink *j = (struct json_sink *)sink;
	struct level l = {
		.m = m, .end = p + n, .hex = j->hex[j->depth - 1],
		.depth = j->depth,
	};
	bool first = j->first[j->depth - 1];
	char *o = (char *)out_room(j->out, JSON_ROOM);
	size_t mark = j->out->pos;

	j->limit = limit(j);
	j->complete = false;
	set_unit(j, m, p, n);
	o = choose(j)(j, o, &l, p, &first);
	if (!o) {
		j->out->pos = mark;
		return j->verdict;
	}
	j->first[j->depth - 1] = first;
	j->out->pos = (size_t)(o - (char *)j->out->buf);
	return FLAT_OK;
}

INLINE char *begin_entry(struct json_sink *j, char *o)
{
	if (j->format == JSON_RECORDS) {
		o = put_key(o, j->prefix, j->prefix_len);
	} else {
		o = separate(j, o, j->first[1], 2, GENERAL);
	}
	*o++ = '{';
	return o;
}

INLINE char *end_entry(struct json_sink *j, char *o, bool empty)
{
	if (j->format == JSON_RECORDS) {
		memcpy(o, "}]}\n", 4);
		return o + 4;
	}
	if (j->format == JSON_INDENTED && !empty)
		o = json_indent(o, 2);
	*o++ = '}';
	j->first[1] = false;
	return o;
}

size_t json_run(struct sink *sink, const struct message *m, const uint8_t *p,
		size_t n, uint64_t *count)
{
	struct json_sink *j = (struct json_sink *)sink;
	fields_fn *put = choose(j);
	struct level l = { .m = m, .depth = 3 };
	const uint8_t *start = p, *end = p + n;
	char *o = (char *)out_room(j->out, JSON_ROOM), *mark;

	j->limit = limit(j);
	j->complete = true;
	sink->missing = false;
	while (end - p >= 4) {
		size_t size = wire_get32(p);
		bool first = true;

		if (size > (size_t)(end - p) - 4)
			break;
		j->unit = NULL;
		mark = o = json_flat_room(j, o);
		set_unit(j, m, p + 4, size);
		l.end = p + 4 + size;
		o = put(j, begin_entry(j, o), &l, p + 4, &first);
		if (!o || sink->missing) {
			o = mark;
			break;
		}
		o = end_entry(j, o, first);
		p = l.end;
		++*count;
	}
	j->out->pos = (size_t)(o - (char *)j->out->buf);
	j->records += *count;
	j->image_records += *count;
	return (size_t)(p - start);
}

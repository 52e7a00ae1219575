// SPDX-License-Identifier: MIT
/*
 * The fields of a message in memory -> text in one pass. They come as they
 * were declared, nearly always: the next tag is compared with that of the next
 * field before it is looked up. Room is checked once a field. What turns out
 * irregular or bad is taken back: nothing of the unit has been sent by then,
 * or (spill) all of it has been checked before its first part was sent.
 *
 * The function for a message is made three times, for each format: the
 * branches on it are gone from the loop.
 */
#include "json/fast_write_parts.h"

static fields_fn fields_records, fields_line, fields_general;

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
	f = json_flat_look_up(j, l, &now, start, p, tag);
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
		o = json_flat_unknown(j, o, l, begin, s->first);
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
			    (q = json_flat_address(j, o, l, f, &p, s.first))) {
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

fields_fn *json_flat_fields(const struct json_sink *j)
{
	if (j->symbolic || j->format == JSON_INDENTED)
		return fields_general;
	return j->format == JSON_RECORDS ? fields_records : fields_line;
}

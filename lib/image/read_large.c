// SPDX-License-Identifier: MIT
/*
 * A message too large for the window, field by field.
 */
#include "image/read_parts.h"
#include "event/message.h"

struct level {
	const struct message *m;
	uint64_t end;			/* offset */
	uint32_t last;
	const struct field *list;	/* open in the sink */
	uint64_t seen, unknown_at;	/* where its unknown fields begin */
	bool last_known, unknown;
};

static bool stream_bytes(struct image_source *s, const struct field *f,
			 uint64_t n)
{
	const uint8_t *p;

	if (!n)
		s->sink->ops->bytes(s->sink, f, "", 0, true);
	while (n) {
		size_t k = in_some(&s->in, n < IN_PEEK_MAX ? n : IN_PEEK_MAX, &p);

		if (!k)
			return image_bad(s, "cut short");
		n -= k;
		s->sink->ops->bytes(s->sink, f, p, k, !n);
		if (error_is(s->err))
			return false;
	}
	return true;
}

static bool read_varint(struct image_source *s, uint64_t end, uint64_t *v,
			bool *odd)
{
	uint64_t left = end - in_offset(&s->in);
	unsigned sloppy = 0;
	const uint8_t *p, *q;
	size_t n;

	in_peek(&s->in, WIRE_VARINT_MAX);
	n = in_avail(&s->in);
	if (n > left)
		n = (size_t)left;
	p = s->in.buf + s->in.pos;
	q = wire_varint(p, v, &sloppy);
	if (!q || (size_t)(q - p) > n)
		return image_bad(s, n < WIRE_VARINT_MAX ?
					"truncated varint" :
					"varint runs past 10 bytes");
	*odd |= sloppy;
	in_take(&s->in, (size_t)(q - p));
	return true;
}

static bool read_fixed(struct image_source *s, uint64_t end, size_t size,
		       uint64_t *v)
{
	const uint8_t *p = in_peek(&s->in, size);

	if (!p || end - in_offset(&s->in) < size)
		return image_bad(s, "truncated value");
	*v = size == 4 ? wire_get32(p) : wire_get64(p);
	in_take(&s->in, size);
	return true;
}

static bool read_scalar(struct image_source *s, uint64_t end, uint8_t wire,
			uint64_t *raw, bool *odd)
{
	if (wire == WIRE_I32)
		return read_fixed(s, end, 4, raw);
	if (wire == WIRE_I64)
		return read_fixed(s, end, 8, raw);
	return read_varint(s, end, raw, odd);
}

static void give_number(struct image_source *s, const struct field *f,
			uint64_t raw, bool *odd)
{
	uint64_t v = message_value(f->kind, raw);

	*odd |= !message_canonical(f->kind, raw);
	if (s->depth == 1 && s->image.type->extra)
		extra_note(&s->says, s->image.type, f, v);
	s->sink->ops->number(s->sink, f, v);
}

static bool stream_packed(struct image_source *s, const struct field *f,
			  uint64_t n, bool *odd)
{
	uint64_t end = in_offset(&s->in) + n, raw;

	*odd |= !f->packed || !n;
	while (in_offset(&s->in) < end && !error_is(s->err)) {
		if (!read_scalar(s, end, kind_wire(f->kind), &raw, odd))
			return false;
		give_number(s, f, raw, odd);
	}
	return !error_is(s->err);
}

static bool stream_message(struct image_source *s, const struct field *f,
			   uint64_t n)
{
	const uint8_t *p = n <= CRIT_FLAT_MAX ? in_peek(&s->in, (size_t)n) : NULL;
	bool ok;

	s->sink->ops->begin(s->sink, f);
	if (p) {
		uint64_t at = in_offset(&s->in);

		ok = image_flat(s, f->message, p, (size_t)n, at);
		in_take(&s->in, (size_t)n);
	} else {
		ok = image_stream(s, f->message, n);
	}
	if (ok)
		s->sink->ops->end(s->sink);
	return ok;
}

/* Copies n bytes of an unknown field aside. */
static bool keep_bytes(struct image_source *s, uint64_t n)
{
	const uint8_t *p;

	while (n) {
		size_t k = in_some(&s->in, n, &p);

		if (!k)
			return image_bad(s, "cut short");
		if (!spool_put(&s->unknown, p, k))
			return false;
		n -= k;
	}
	return true;
}

static bool keep_varint(struct image_source *s, uint64_t v)
{
	uint8_t b[WIRE_VARINT_MAX];

	return spool_put(&s->unknown, b, (size_t)(wire_put_varint(b, v) - b));
}

/* Puts an unknown field aside, its tag first; groups with all they hold. */
static bool keep(struct image_source *s, uint64_t end, uint64_t tag, bool *odd)
{
	uint32_t open[WIRE_DEPTH_MAX];
	uint64_t v;
	int depth = 0;

	for (;;) {
		uint32_t number = (uint32_t)(tag >> 3);

		if (!keep_varint(s, tag))
			return false;
		switch (tag & 7) {
		case WIRE_VARINT:
			if (!read_varint(s, end, &v, odd) || !keep_varint(s, v))
				return false;
			break;
		case WIRE_I64:
		case WIRE_I32:
			v = (tag & 7) == WIRE_I64 ? 8 : 4;
			if (end - in_offset(&s->in) < v)
				return image_bad(s, "truncated value");
			if (!keep_bytes(s, v))
				return false;
			break;
		case WIRE_LEN:
			if (!read_varint(s, end, &v, odd) || !keep_varint(s, v))
				return false;
			if (v > end - in_offset(&s->in))
				return image_bad(s, "length runs past the end of its "
					   "message");
			if (!keep_bytes(s, v))
				return false;
			break;
		case WIRE_GROUP:
			if (depth == WIRE_DEPTH_MAX)
				return image_bad(s, "groups nested too deep");
			open[depth++] = number;
			break;
		case WIRE_GROUP_END:
			if (!depth || open[--depth] != number)
				return image_bad(s, "end of a group that did not begin");
			break;
		default:
			return image_bad(s, "invalid wire type");
		}
		if (!depth)
			return true;
		if (in_offset(&s->in) >= end)
			return image_bad(s, "unterminated group");
		if (!read_varint(s, end, &tag, odd))
			return false;
		if (!(tag >> 3) || tag > UINT32_MAX)
			return image_bad(s, "invalid field number");
	}
}

static bool give_unknown(struct image_source *s, struct level *l)
{
	uint8_t buf[4096];
	size_t n;

	for (uint64_t at = l->unknown_at; at < spool_size(&s->unknown); at += n) {
		n = spool_read(&s->unknown, at, buf, sizeof(buf));
		if (!n)
			return false;
		s->sink->ops->unknown(s->sink, buf, n, false);
	}
	s->sink->ops->unknown(s->sink, "", 0, true);
	spool_cut(&s->unknown, l->unknown_at);
	return true;
}

/* Whether field number may come now; out of order is too much for a message
 * that does not fit into memory. */
static bool in_order(struct image_source *s, struct level *l, uint32_t number,
		     const struct field *f)
{
	bool again = number == l->last;
	bool repeated = f && f->label == LABEL_REPEATED && !f->packed;

	if (number < l->last || (again && l->last_known && !repeated))
		return image_bad(s, "fields out of order in a message too large to "
			   "put it in order");
	l->last = number;
	l->last_known = f;
	return true;
}

static void enter_field(struct image_source *s, struct level *l,
			const struct field *f)
{
	struct image_frame *at = &s->frame[s->depth - 1];
	bool repeated = f && f->label == LABEL_REPEATED;

	if (l->list && l->list != f) {
		s->sink->ops->list_end(s->sink);
		l->list = NULL;
	}
	if (f && at->field == f && repeated) {
		at->index++;
	} else {
		at->field = f;
		at->index = repeated ? 0 : -1;
	}
	if (repeated && !l->list) {
		s->sink->ops->list(s->sink, f);
		l->list = f;
	}
}

static bool stream_value(struct image_source *s, struct level *l,
			 const struct field *f, uint8_t wire, bool *odd)
{
	uint64_t v;

	if (wire != WIRE_LEN) {
		if (!read_scalar(s, l->end, wire, &v, odd))
			return false;
		*odd |= f->packed;
		give_number(s, f, v, odd);
		return !error_is(s->err);
	}
	if (!read_varint(s, l->end, &v, odd))
		return false;
	if (v > l->end - in_offset(&s->in))
		return image_bad(s, "length runs past the end of its message");
	if (f->kind == KIND_MESSAGE)
		return stream_message(s, f, v);
	if (kind_is_number(f->kind))
		return stream_packed(s, f, v, odd);
	return stream_bytes(s, f, v);
}

static bool stream_field(struct image_source *s, struct level *l)
{
	uint64_t at = in_offset(&s->in), tag;
	const struct field *f;
	bool odd = false, ok;

	if (!read_varint(s, l->end, &tag, &odd))
		return false;
	if (!(tag >> 3) || tag > UINT32_MAX)
		return image_bad(s, "invalid field number");
	f = message_field(l->m, (uint32_t)(tag >> 3));
	if (message_fit(f, tag & 7) == FIT_UNKNOWN)
		f = NULL;
	enter_field(s, l, f);
	if (!in_order(s, l, (uint32_t)(tag >> 3), f))
		return false;
	if (f) {
		l->seen |= f->required;
		ok = stream_value(s, l, f, tag & 7, &odd);
	} else {
		l->unknown = true;
		ok = keep(s, l->end, tag, &odd);
	}
	if (ok && odd)
		image_odd(s, at);
	return ok;
}

bool image_stream(struct image_source *s, const struct message *m, uint64_t n)
{
	struct level l = {
		.m = m, .end = in_offset(&s->in) + n,
		.unknown_at = spool_size(&s->unknown),
	};

	if (s->depth == WIRE_DEPTH_MAX)
		return image_bad(s, "messages nested too deep");
	s->frame[s->depth++] = (struct image_frame){ NULL, -1 };
	while (in_offset(&s->in) < l.end)
		if (!stream_field(s, &l))
			return false;
	enter_field(s, &l, NULL);
	s->depth--;
	if (l.seen != m->required)
		image_warn_missing(s, m, NULL, 0, l.seen);
	return !l.unknown || give_unknown(s, &l);
}

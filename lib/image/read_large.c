// SPDX-License-Identifier: MIT
/*
 * A message too large for the window, field by field.
 */
#include "event/bulk.h"
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
		event_bytes(s->sink, f, "", 0, true);
	while (n) {
		size_t k = in_some(&s->in, n < IN_PEEK_MAX ? n : IN_PEEK_MAX, &p);

		if (!k)
			return image_bad(s, "cut short");
		n -= k;
		event_bytes(s->sink, f, p, k, !n);
		if (error_is(s->err))
			return false;
	}
	return true;
}

static void give_number(struct image_source *s, const struct field *f,
			uint64_t raw)
{
	uint64_t v = kind_value(f->kind, raw);

	if (s->depth == 1 && s->image.type->extra)
		extra_note(&s->says, s->image.type, f, v);
	event_number(s->sink, f, v);
}

static bool stream_packed(struct image_source *s, const struct field *f,
			  uint64_t n, bool *odd)
{
	uint64_t end = in_offset(&s->in) + n, raw;

	*odd |= !f->packed || !n;
	while (in_offset(&s->in) < end && !error_is(s->err)) {
		if (!image_read_scalar(s, end, kind_wire(f->kind), &raw, odd))
			return false;
		give_number(s, f, raw);
	}
	return !error_is(s->err);
}

static bool stream_message(struct image_source *s, const struct field *f,
			   uint64_t n)
{
	const uint8_t *p = n <= CRIT_FLAT_MAX ? in_peek(&s->in, (size_t)n) : NULL;
	bool ok;

	event_begin(s->sink, f);
	if (p) {
		uint64_t at = in_offset(&s->in);

		ok = image_flat(s, f->message, p, (size_t)n, at);
		in_take(&s->in, (size_t)n);
	} else {
		ok = image_stream(s, f->message, n);
	}
	if (ok)
		event_end(s->sink);
	return ok;
}

/* Whether this field number may come now. f: its field, or NULL if unknown;
 * list: a list that the value does not fit. */
static bool in_order(const struct level *l, uint32_t number,
		     const struct field *f, bool list)
{
	bool again = number == l->last;
	bool repeated = f && f->label == LABEL_REPEATED && !f->packed;

	return number > l->last ||
	       (again && (!l->last_known || repeated || list));
}

/* Too much for a message that is not in memory. */
static bool out_of_order(struct image_source *s)
{
	return image_bad(s, "fields out of order in a message too large to put "
			 "it in order");
}

static void passed(struct level *l, uint32_t number, const struct field *f,
		   bool known)
{
	l->last = number;
	l->last_known = known;
	l->seen |= f ? f->required : 0;
}

static void leave_list(struct image_source *s, struct level *l,
		       const struct field *f)
{
	if (l->list && l->list != f) {
		event_list_end(s->sink);
		l->list = NULL;
	}
}

static void enter_field(struct image_source *s, struct level *l,
			const struct field *f)
{
	struct image_frame *at = &s->frame[s->depth - 1];
	bool repeated = f && f->label == LABEL_REPEATED;

	leave_list(s, l, f);
	if (f && at->field == f && repeated) {
		at->index++;
	} else {
		at->field = f;
		at->index = repeated ? 0 : -1;
	}
	if (repeated && !l->list) {
		event_list(s->sink, f);
		l->list = f;
	}
}

static bool stream_value(struct image_source *s, struct level *l,
			 const struct field *f, uint8_t wire, bool *odd)
{
	uint64_t v;

	if (wire != WIRE_LEN) {
		if (!image_read_scalar(s, l->end, wire, &v, odd))
			return false;
		*odd |= f->packed;
		give_number(s, f, v);
		return !error_is(s->err);
	}
	if (!image_read_varint(s, l->end, &v, odd))
		return false;
	if (v > l->end - in_offset(&s->in))
		return image_bad(s, "length runs past the end of its message");
	if (f->kind == KIND_MESSAGE)
		return stream_message(s, f, v);
	if (kind_is_number(f->kind))
		return stream_packed(s, f, v, odd);
	return stream_bytes(s, f, v);
}

static void warn_misfit(struct image_source *s, const struct field *f,
			uint64_t at)
{
	struct image_frame *frame = &s->frame[s->depth - 1];
	bool list = f->label == LABEL_REPEATED;

	frame->index = !list ? -1 : frame->field == f ? frame->index + 1 : 0;
	frame->field = f;
	image_misfit(s, NULL, NULL, 0, at);
}

/* A message that lies in the window, its length at the cursor, for a sink that
 * finds out whether it is one; w is filled. */
static bool is_quick(struct image_source *s, const struct level *l,
		     const struct field *f, struct wire_field *w)
{
	return f->kind == KIND_MESSAGE && sink_bulk(s->sink)->flat &&
	       sink_bulk(s->sink)->mark &&
	       image_peek_value(s, l->end, WIRE_LEN, w) && w->value <= CRIT_FLAT_MAX;
}

/* False: it is not one, and nothing was done. */
static bool quick_message(struct image_source *s, struct level *l,
			  const struct field *f, const struct wire_field *w,
			  bool *ok)
{
	size_t head = (size_t)(w->data - (s->in.buf + s->in.pos));
	const struct bulk_ops *ops = sink_bulk(s->sink);
	struct image_frame *frame = &s->frame[s->depth - 1], before = *frame;
	const struct field *list;
	enum flat r;

	leave_list(s, l, f);
	list = l->list;
	ops->mark(s->sink);
	enter_field(s, l, f);
	event_begin(s->sink, f);
	s->sink->missing = false;
	r = ops->flat(s->sink, f->message, w->data, (size_t)w->value);
	if (r != FLAT_OK && !error_is(s->err) && !message_holds(f, w)) {
		ops->rewind(s->sink);
		*frame = before;
		l->list = list;
		return false;
	}
	*ok = image_settle(s, f->message, w->data, (size_t)w->value,
			   in_offset(&s->in) + head, r);
	if (*ok)
		event_end(s->sink);
	in_take(&s->in, head + (size_t)w->value);
	return true;
}

/* A field that the schema does not know, or with a value that does not fit. */
static bool unknown_field(struct image_source *s, struct level *l,
			  const struct field *f, uint64_t tag, bool *odd)
{
	enter_field(s, l, NULL);
	if (!in_order(l, (uint32_t)(tag >> 3), NULL,
		      f && f->label == LABEL_REPEATED))
		return out_of_order(s);
	passed(l, (uint32_t)(tag >> 3), f, false);
	l->unknown = true;
	return image_keep(s, l->end, tag, odd);
}

/* Of a list, all after what does not fit is unknown, too. */
static bool may_fit(const struct level *l, const struct field *f, uint64_t tag)
{
	return (tag == f->tag || message_fit(f, tag & 7) != FIT_UNKNOWN) &&
	       !(f->label == LABEL_REPEATED && tag >> 3 == l->last &&
		 !l->last_known);
}

static bool known_field(struct image_source *s, struct level *l,
			const struct field *f, uint64_t tag, uint64_t at,
			bool *odd)
{
	struct wire_field w;
	bool ok, known = may_fit(l, f, tag);

	if (known && in_order(l, f->number, f, false) && is_quick(s, l, f, &w)) {
		*odd |= w.sloppy;
		known = quick_message(s, l, f, &w, &ok);
		if (known)
			return passed(l, f->number, f, true), ok;
	}
	if (!known || !image_holds(s, l->end, f, tag & 7)) {
		warn_misfit(s, f, at);
		return unknown_field(s, l, f, tag, odd);
	}
	enter_field(s, l, f);
	if (!in_order(l, f->number, f, false))
		return out_of_order(s);
	passed(l, f->number, f, true);
	return stream_value(s, l, f, tag & 7, odd);
}

static bool stream_field(struct image_source *s, struct level *l)
{
	uint64_t at = in_offset(&s->in), tag;
	const struct field *f;
	bool odd = false, ok;

	if (!image_read_varint(s, l->end, &tag, &odd))
		return false;
	if (!(tag >> 3) || tag > UINT32_MAX)
		return image_bad(s, "invalid field number");
	f = message_field(l->m, (uint32_t)(tag >> 3));
	ok = f ? known_field(s, l, f, tag, at, &odd) :
		unknown_field(s, l, NULL, tag, &odd);
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
	return !l.unknown || image_give_unknown(s, l.unknown_at);
}

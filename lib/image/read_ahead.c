// SPDX-License-Identifier: MIT
/*
 * Whether the value at the cursor is what its field should be. Bytes that do not
 * fit into the window are read once before they are read, where the input can be
 * (a file or memory; a pipe cannot).
 */
#include "image/read_parts.h"
#include "event/message.h"

enum { PIECE = 4096, FIELD = 2 * WIRE_VARINT_MAX };

struct ahead {
	struct in *in;
	uint64_t at, end;	/* of what follows the piece; where it ends */
	const uint8_t *p, *stop;
	bool lost;		/* it cannot be read: nothing is known */
	uint8_t buf[PIECE + WIRE_SLOP];
};

/* Makes the next FIELD bytes contiguous, or all that are left. */
static bool fill(struct ahead *a)
{
	size_t kept = (size_t)(a->stop - a->p), n = PIECE - kept, got;

	if (kept >= FIELD || a->at == a->end)
		return kept != 0;
	memmove(a->buf, a->p, kept);
	if (n > a->end - a->at)
		n = (size_t)(a->end - a->at);
	got = in_ahead(a->in, a->at, a->buf + kept, n);
	a->lost |= got != n;
	a->at += got;
	a->p = a->buf;
	a->stop = a->buf + kept + got;
	memset(a->buf + kept + got, 0, WIRE_SLOP);
	return !a->lost && a->p < a->stop;
}

static bool skip(struct ahead *a, uint64_t n)
{
	uint64_t here = (uint64_t)(a->stop - a->p);

	if (n > here + (a->end - a->at))
		return false;
	a->p += n < here ? n : here;
	a->at += n < here ? 0 : n - here;
	return true;
}

static bool varint(struct ahead *a, uint64_t *v)
{
	unsigned sloppy = 0;
	const uint8_t *p = fill(a) ? wire_varint(a->p, v, &sloppy) : NULL;

	if (!p || p > a->stop)
		return false;
	a->p = p;
	return true;
}

static bool value(struct ahead *a, unsigned type)
{
	uint64_t v;

	switch (type) {
	case WIRE_VARINT:
		return varint(a, &v);
	case WIRE_I64:
		return skip(a, 8);
	case WIRE_I32:
		return skip(a, 4);
	case WIRE_LEN:
		return varint(a, &v) && skip(a, v);
	default:
		return false;
	}
}

static bool are_fields(struct ahead *a)
{
	uint32_t open[WIRE_DEPTH_MAX];
	unsigned depth = 0;
	uint64_t tag;

	while (fill(a)) {
		if (!varint(a, &tag) || !(tag >> 3) || tag > UINT32_MAX)
			return false;
		if ((tag & 7) == WIRE_GROUP && depth < WIRE_DEPTH_MAX)
			open[depth++] = (uint32_t)(tag >> 3);
		else if ((tag & 7) == WIRE_GROUP_END && depth &&
			 open[depth - 1] == tag >> 3)
			depth--;
		else if (!value(a, tag & 7))
			return false;
	}
	return !depth;
}

static bool are_numbers(struct ahead *a, uint8_t kind)
{
	uint64_t v;

	while (fill(a))
		if (kind_wire(kind) != WIRE_VARINT ? !value(a, kind_wire(kind)) :
		    !varint(a, &v) || !kind_canonical(kind, v))
			return false;
	return true;
}

/* Whether the n bytes at offset at, which are not in the window, are a message
 * or a packed list of f; true if that cannot be found out. */
static bool message_ahead(struct image_source *s, const struct field *f,
			  uint64_t at, uint64_t n)
{
	struct ahead a = { .in = &s->in, .at = at, .end = at + n };

	a.p = a.stop = a.buf;
	return (f->kind == KIND_MESSAGE ? are_fields(&a) :
		are_numbers(&a, f->kind)) || a.lost;
}

bool image_peek_value(struct image_source *s, uint64_t end, uint8_t wire,
		      struct wire_field *w)
{
	uint64_t left = end - in_offset(&s->in);
	unsigned sloppy = 0;
	const uint8_t *p = in_peek(&s->in, WIRE_VARINT_MAX);
	size_t head;

	if (!p)
		p = s->in.buf + s->in.pos;
	w->data = wire_varint(p, &w->value, &sloppy);
	w->type = wire;
	w->sloppy = sloppy != 0;
	if (!w->data || (uint64_t)(w->data - p) > left)
		return w->data = NULL, false;
	if (wire != WIRE_LEN)
		return true;
	head = (size_t)(w->data - p);
	if (w->value > left - head || w->value > IN_PEEK_MAX - WIRE_VARINT_MAX)
		return false;
	if (head + w->value <= in_avail(&s->in)) {
		w->end = w->data + w->value;
		return true;
	}
	p = in_peek(&s->in, head + (size_t)w->value);
	w->data = NULL;
	if (!p)
		return false;
	w->data = p + head;
	w->end = w->data + w->value;
	return true;
}

static bool fits_ahead(struct image_source *s, uint64_t end,
		       const struct field *f, const struct wire_field *w)
{
	uint64_t at = in_offset(&s->in) +
		(uint64_t)(w->data - (s->in.buf + s->in.pos));

	return at > end || w->value > end - at || w->type != WIRE_LEN ||
	       message_ahead(s, f, at, w->value);
}

bool image_holds(struct image_source *s, uint64_t end, const struct field *f,
		 uint8_t wire)
{
	struct wire_field w;

	if (wire == WIRE_I32 || wire == WIRE_I64 || f->kind == KIND_STRING ||
	    f->kind == KIND_BYTES)
		return true;
	if (image_peek_value(s, end, wire, &w))
		return message_holds(f, &w);
	return !w.data || fits_ahead(s, end, f, &w);
}

// SPDX-License-Identifier: MIT
/*
 *   fields of a level, in any order ─► runs of equal numbers ─► number order
 */
#include "image/write_parts.h"
#include "base/buffer.h"
#include "event/message.h"

#include <errno.h>
#include <unistd.h>

/* Values of one known field, which lie side by side, for keys are unique. */
struct run {
	uint32_t number;
	uint64_t from, to;
};

struct sorter {
	struct image_sink *s;
	struct image_level *l;
	uint64_t end;		/* offset in the part after the level's last byte */
	bool file;		/* all lies there */
	uint64_t to;		/* where the next byte in order goes */
	struct run runs[SCHEMA_FIELDS_MAX + 1];
	size_t n;
};

static bool no_fields(struct sorter *t)
{
	return error_set(t->s->sink.err, CRIT_EDATA,
			 "_unknown: not whole fields of the wire format");
}

/* Over the part's bytes from this offset on, up to the level's end. */
static bool open_at(struct sorter *t, struct in *in, uint64_t from)
{
	struct image_sink *s = t->s;

	if (!t->file) {
		in_memory(in, image_at(s, from), (size_t)(t->end - from),
			  s->sink.err);
		return true;
	}
	if (lseek(s->spill, (off_t)from, SEEK_SET) < 0)
		return error_sys(s->sink.err, errno,
				 "cannot read a temporary file");
	return in_open(in, s->spill, s->sink.err);
}

static bool take_varint(struct in *in, uint64_t *v)
{
	unsigned sloppy = 0;
	const uint8_t *p, *q;

	in_fill(in, WIRE_VARINT_MAX);
	p = in->buf + in->pos;
	q = wire_varint(p, v, &sloppy);
	if (!q || (size_t)(q - p) > in_avail(in))
		return false;
	in_take(in, (size_t)(q - p));
	return true;
}

/* The number of the field at the cursor; 0 where there is none. */
static uint32_t peek_number(struct in *in)
{
	unsigned sloppy = 0;
	uint64_t tag;

	in_fill(in, WIRE_VARINT_MAX);
	if (!wire_varint(in->buf + in->pos, &tag, &sloppy) || tag > UINT32_MAX)
		return 0;
	return (uint32_t)(tag >> 3);
}

/* Passes over one field. */
static bool take_field(struct in *in, uint64_t *tag, int depth)
{
	uint64_t v;

	if (!take_varint(in, tag) || !(*tag >> 3) || *tag > UINT32_MAX)
		return false;
	switch (*tag & 7) {
	case WIRE_VARINT:
		return take_varint(in, &v);
	case WIRE_I64:
		return in_skip(in, 8);
	case WIRE_I32:
		return in_skip(in, 4);
	case WIRE_LEN:
		return take_varint(in, &v) && in_skip(in, v);
	case WIRE_GROUP:
		do {
			if (depth == WIRE_DEPTH_MAX ||
			    !take_field(in, &v, depth + 1))
				return false;
		} while ((v & 7) != WIRE_GROUP_END);
		return v >> 3 == *tag >> 3;
	default:
		return (*tag & 7) == WIRE_GROUP_END && depth;
	}
}

/* Whether the field at the cursor is a value of f. Where it is too large to be
 * looked at as a whole, it is believed to be none. */
static bool fits(struct in *in, const struct field *f)
{
	struct wire_field w;
	const uint8_t *p;
	const char *what;

	in_fill(in, IN_PEEK_MAX);
	p = in->buf + in->pos;
	return wire_field(p, p + in_avail(in), &w, &what) &&
	       message_fit(f, w.type) != FIT_UNKNOWN && message_holds(f, &w);
}

/* Whether the unknown fields are that, and in order; to their end. Of a list,
 * all after the first are unknown. */
static bool check_unknown(struct sorter *t, struct in *in, uint64_t from)
{
	uint64_t tag, last = 0;

	while (from + in_offset(in) < t->l->unknown[1]) {
		const struct field *f;
		uint32_t number = peek_number(in);
		bool known;

		f = number ? message_field(t->l->message, number) : NULL;
		known = f && (number != last || f->label != LABEL_REPEATED) &&
			fits(in, f);
		if (!take_field(in, &tag, 0) ||
		    from + in_offset(in) > t->l->unknown[1])
			return no_fields(t);
		if (known)
			return error_set(t->s->sink.err, CRIT_EDATA,
				"_unknown holds field %u, which is known as %s",
				f->number, f->name);
		if (number < last)
			return error_set(t->s->sink.err, CRIT_EDATA,
				"_unknown: fields not in ascending order");
		last = number;
		t->l->required |= f ? f->required : 0;
	}
	return true;
}

static bool add_run(struct sorter *t, uint32_t number, uint64_t from,
		    uint64_t to)
{
	size_t i = t->n;

	for (size_t k = 0; k < t->n; k++)
		if (t->runs[k].number == number && t->runs[k].to == from) {
			t->runs[k].to = to;
			return true;
		}
	if (t->n == SCHEMA_FIELDS_MAX)
		return no_fields(t);
	for (; i && t->runs[i - 1].number > number; i--)
		t->runs[i] = t->runs[i - 1];
	t->runs[i] = (struct run){ number, from, to };
	t->n++;
	return true;
}

static bool find_runs(struct sorter *t)
{
	uint64_t start = t->l->start, at = start, tag;
	struct in in;
	bool ok = open_at(t, &in, start);

	if (!ok)
		return false;
	while (ok && at < t->end) {
		if (at == t->l->unknown[0] && t->l->unknown[1] > at)
			ok = check_unknown(t, &in, start);
		else
			ok = (take_field(&in, &tag, 0) || no_fields(t)) &&
			     add_run(t, (uint32_t)(tag >> 3), at,
				     start + in_offset(&in));
		at = start + in_offset(&in);
	}
	in_close(&in);
	return ok;
}

static bool move(struct sorter *t, uint64_t from, uint64_t to)
{
	uint64_t n = to - from;

	if (t->file) {
		if (!image_file_copy(t->s, from, t->to, n))
			return false;
	} else {
		memcpy(image_at(t->s, t->to), image_at(t->s, from), (size_t)n);
	}
	t->to += n;
	return true;
}

/* Moves unknown fields up to this number; in is at the first of them. */
static bool move_unknown(struct sorter *t, struct in *in, uint64_t *at,
			 uint32_t number)
{
	uint64_t base = *at - in_offset(in), from = *at, tag;

	while (*at < t->l->unknown[1]) {
		if (peek_number(in) > number)
			break;
		if (!take_field(in, &tag, 0))
			return no_fields(t);
		*at = base + in_offset(in);
	}
	return move(t, from, *at);
}

/* Those that come before the values of this field: of a list, they follow. */
static uint32_t up_to(const struct sorter *t, uint32_t number)
{
	const struct field *f = message_field(t->l->message, number);

	return f && f->label == LABEL_REPEATED ? number - 1 : number;
}

/* All runs and unknown fields behind the level's bytes, in order; then back. */
static bool move_all(struct sorter *t)
{
	uint64_t at = t->l->unknown[0], n = t->end - t->l->start;
	struct in in;
	bool ok = open_at(t, &in, at);

	if (!ok)
		return false;
	for (size_t i = 0; ok && i < t->n; i++)
		ok = move_unknown(t, &in, &at, up_to(t, t->runs[i].number)) &&
		     move(t, t->runs[i].from, t->runs[i].to);
	ok = ok && move_unknown(t, &in, &at, UINT32_MAX);
	in_close(&in);
	if (!ok)
		return false;
	t->to = t->l->start;
	return move(t, t->end, t->end + n);
}

void image_sort(struct image_sink *s, struct image_level *l)
{
	struct sorter t = { .s = s, .l = l };
	uint64_t n = image_offset(s) - l->start;

	t.file = n > IMAGE_BUFFER / 4 || l->start < s->spilled;
	if (t.file ? !image_spill_all(s) : !image_room(s, (size_t)n))
		return;
	t.file |= l->start < s->spilled;
	t.end = t.to = image_offset(s);
	if (l->unknown[0] == l->unknown[1])
		l->unknown[0] = l->unknown[1] = t.end;
	if (find_runs(&t))
		move_all(&t);
}

// SPDX-License-Identifier: MIT
/*
 *   bytes of a message ─► check: are they as a writer puts them?
 *                      ─► emit: events for the fields, unknown ones at the end
 */
#include "event/message.h"

/* The next raw scalar of a packed list; NULL at its end or where it is cut. */
static const uint8_t *packed_next(const uint8_t *p, const uint8_t *end,
				  uint8_t kind, uint64_t *raw, unsigned *sloppy)
{
	switch (kind_wire(kind)) {
	case WIRE_I32:
		*raw = wire_get32(p);
		return end - p < 4 ? NULL : p + 4;
	case WIRE_I64:
		*raw = wire_get64(p);
		return end - p < 8 ? NULL : p + 8;
	default:
		p = wire_varint(p, raw, sloppy);
		return p && p <= end ? p : NULL;
	}
}

/* Whether the bytes are numbers of this kind; *odd: not as a writer puts them. */
static bool packed_holds(const struct field *f, const struct wire_field *w,
			 unsigned *odd)
{
	const uint8_t *p = w->data;

	*odd |= !f->packed || p == w->end;
	while (p < w->end) {
		uint64_t raw;

		p = packed_next(p, w->end, f->kind, &raw, odd);
		if (!p || !kind_canonical(f->kind, raw))
			return false;
	}
	return true;
}

/* Whether the bytes are fields of a message, whichever. */
static bool are_fields(const uint8_t *p, const uint8_t *end)
{
	struct wire_field w;
	const char *what;

	while (p && p < end)
		p = wire_field(p, end, &w, &what);
	return p;
}

bool message_holds(const struct field *f, const struct wire_field *w)
{
	unsigned odd = 0;

	if (f->kind == KIND_MESSAGE)
		return are_fields(w->data, w->end);
	if (!kind_is_number(f->kind))
		return true;
	return w->type == WIRE_LEN ? packed_holds(f, w, &odd) :
		kind_canonical(f->kind, w->value);
}

/* What has been found of a message and those in it. */
struct verdict {
	bool missing, misfit, odd;
	bool deep;		/* nested too deep: nothing can be made of it */
};

/* What has been seen of a message, to tell what may come next. */
struct order {
	uint32_t last;		/* number of the field before */
	bool last_known, repeats;
};

/* Whether the field may stand here: ascending, again only in a list, what does
 * not fit before a value, and behind those of a list. */
static bool in_order(struct order *o, const struct field *f, uint32_t number,
		     bool known)
{
	bool list = f && f->label == LABEL_REPEATED;
	bool ok = number > o->last || !o->last;

	if (number == o->last)
		ok = o->last_known ? (known ? o->repeats : list) : true;
	o->last = number;
	o->last_known = known;
	o->repeats = list && !f->packed;
	return ok;
}

static bool check(struct verdict *v, const struct message *m, const uint8_t *p,
		  size_t n, int depth);

/* Whether it is a value of f; else v is as before. */
static bool check_value(struct verdict *v, const struct field *f,
			const struct wire_field *w, int depth)
{
	struct verdict before = *v;
	unsigned odd = 0;

	if (f->kind == KIND_MESSAGE) {
		if (check(v, f->message, w->data, w->value, depth + 1))
			return true;
		before.deep = v->deep;
		*v = before;
		return false;
	}
	if (!kind_is_number(f->kind))
		return true;
	if (w->type != WIRE_LEN) {
		if (!kind_canonical(f->kind, w->value))
			return false;
		v->odd |= f->packed;
		return true;
	}
	if (!packed_holds(f, w, &odd))
		return false;
	v->odd |= odd;
	return true;
}

/* Whether it is a message. */
static bool check(struct verdict *v, const struct message *m, const uint8_t *p,
		  size_t n, int depth)
{
	const uint8_t *end = p + n;
	struct order order = { 0 };
	uint64_t seen = 0;

	v->deep = depth == WIRE_DEPTH_MAX;
	while (p < end && !v->deep) {
		const struct field *f;
		struct wire_field w;
		const char *what;
		bool known;

		p = wire_field(p, end, &w, &what);
		if (!p)
			return false;
		f = message_field(m, w.number);
		known = message_fit(f, w.type) != FIT_UNKNOWN &&
			!(w.number == order.last && !order.last_known &&
			  f->label == LABEL_REPEATED) &&
			check_value(v, f, &w, depth);
		v->odd |= w.sloppy | !in_order(&order, f, w.number, known);
		v->misfit |= f && !known;
		seen |= f ? f->required : 0;
	}
	v->missing |= seen != m->required;
	return !v->deep;
}

enum flat message_check(const struct message *m, const uint8_t *p, size_t n,
		     bool *missing)
{
	struct verdict v = { 0 };

	if (!check(&v, m, p, n, 0))
		return FLAT_BAD;
	*missing |= v.missing;
	return v.odd ? FLAT_IRREGULAR : v.misfit ? FLAT_MISFIT : FLAT_OK;
}

static void emit_unknown(struct sink *sink, struct message_walk k)
{
	const char *what;

	while (message_next(&k, &what))
		if (k.fit == FIT_UNKNOWN)
			event_unknown(sink, k.w.start,
					   (size_t)(k.w.end - k.w.start), false);
	event_unknown(sink, k.end, 0, true);
}

void message_emit_unknown(struct sink *sink, const struct message *m,
			  const uint8_t *p, size_t n)
{
	emit_unknown(sink, message_walk(m, p, n, false));
}

static void emit_packed(struct sink *sink, const struct field *f,
			const struct wire_field *w)
{
	const uint8_t *p = w->data;

	while (p < w->end) {
		unsigned sloppy = 0;
		uint64_t raw;

		p = packed_next(p, w->end, f->kind, &raw, &sloppy);
		event_number(sink, f, kind_value(f->kind, raw));
	}
}

static void emit(struct sink *sink, struct message_walk k);

static void emit_value(struct sink *sink, const struct message_walk *k)
{
	const struct field *f = k->f;

	if (f->kind == KIND_MESSAGE) {
		event_begin(sink, f);
		emit(sink, message_walk(f->message, k->w.data, k->w.value,
					k->careful));
		event_end(sink);
	} else if (!kind_is_number(f->kind)) {
		event_bytes(sink, f, k->w.data, k->w.value, true);
	} else if (k->fit == FIT_PACKED) {
		emit_packed(sink, f, &k->w);
	} else {
		event_number(sink, f, kind_value(f->kind, k->w.value));
	}
}

static void emit(struct sink *sink, struct message_walk k)
{
	const struct message_walk start = k;
	const struct field *list = NULL;
	bool unknown = false;
	const char *what;

	while (message_next(&k, &what)) {
		if (k.fit == FIT_UNKNOWN) {
			unknown = true;
			continue;
		}
		if (list && list != k.f)
			event_list_end(sink);
		if (list != k.f && k.f->label == LABEL_REPEATED)
			event_list(sink, k.f);
		list = k.f->label == LABEL_REPEATED ? k.f : NULL;
		emit_value(sink, &k);
	}
	if (list)
		event_list_end(sink);
	if (unknown)
		emit_unknown(sink, start);
}

void message_emit(struct sink *sink, const struct message *m, const uint8_t *p,
	       size_t n)
{
	emit(sink, message_walk(m, p, n, false));
}

enum flat message_whole(struct sink *sink, const struct message *m,
			const uint8_t *p, size_t n)
{
	enum flat r = message_check(m, p, n, &sink->missing);

	if (r == FLAT_OK)
		message_emit(sink, m, p, n);
	return r;
}

void message_emit_misfit(struct sink *sink, const struct message *m,
			 const uint8_t *p, size_t n)
{
	emit(sink, message_walk(m, p, n, true));
}

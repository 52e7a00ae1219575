// SPDX-License-Identifier: MIT
/*
 * A message in memory, in one pass, by its plan. Whether it is as a writer would
 * have put it is nothing to those who look at a few fields: of a field that comes
 * twice the last one wins, and of a message the fields add up, by themselves.
 */
#include "checkpoint/plan_steps.h"
#include "event/message.h"

/* wire_field, quicker for small tags. */
static inline const uint8_t *next(const uint8_t *p, const uint8_t *end,
				  struct wire_field *w)
{
	unsigned type = *p & 7, sloppy = 0;
	const char *what;

	if (*p >= 0x80 || *p < 8 || (type != WIRE_VARINT && type != WIRE_LEN))
		return wire_field(p, end, w, &what);
	w->number = *p >> 3;
	w->type = (uint8_t)type;
	p = wire_varint(p + 1, &w->value, &sloppy);
	if (!p || p > end || type == WIRE_VARINT)
		return p <= end ? p : NULL;
	if (w->value > (uint64_t)(end - p))
		return NULL;
	w->data = p;
	return w->end = p + w->value;
}

static bool packed(struct sink *sink, const struct field *f,
		   const struct wire_field *w)
{
	unsigned wire = kind_wire(f->kind), sloppy = 0;
	const uint8_t *p = w->data;
	uint64_t v;

	while (p < w->end) {
		if (wire == WIRE_VARINT) {
			p = wire_varint(p, &v, &sloppy);
			if (!p)
				return false;
		} else {
			v = wire == WIRE_I32 ? wire_get32(p) : wire_get64(p);
			p += wire == WIRE_I32 ? 4 : 8;
		}
		if (p > w->end)
			return false;
		if (!kind_canonical(f->kind, v))
			return false;
		event_number(sink, f, kind_value(f->kind, v));
	}
	return true;
}

static bool content(struct plan *plan, struct sink *sink, const struct message *m,
		    const uint8_t *p, size_t n, int depth);

static bool value(struct plan *plan, struct sink *sink, const struct field *f,
		  const struct wire_field *w, int depth)
{
	bool ok;

	if (f->kind == KIND_MESSAGE) {
		event_begin(sink, f);
		ok = content(plan, sink, f->message, w->data, w->value,
			     depth + 1);
		event_end(sink);
		return ok;
	}
	if (kind_is_number(f->kind) && !kind_canonical(f->kind, w->value))
		return false;
	if (kind_is_number(f->kind))
		event_number(sink, f, kind_value(f->kind, w->value));
	else
		event_bytes(sink, f, w->data, w->value, true);
	return true;
}

/* Any field, through the events. */
static const uint8_t *ask(struct plan *plan, struct sink *sink, const struct message *m,
			  const uint8_t *p, const uint8_t *end, int depth)
{
	const struct field *f;
	struct wire_field w;

	p = next(p, end, &w);
	f = p ? message_field(m, w.number) : NULL;
	if (!f)
		return p;
	if (w.type == kind_wire(f->kind))
		return value(plan, sink, f, &w, depth) ? p : NULL;
	if (w.type == WIRE_LEN && f->label == LABEL_REPEATED &&
	    !packed(sink, f, &w))
		return NULL;
	return p;
}

/* The fields from p on that the plan knows, without a call each; returns where
 * it does not, or NULL. */
static const uint8_t *known(struct plan *to, const struct plan_steps *plan,
			    const uint8_t *p, const uint8_t *end)
{
	uint64_t seen = 0, v = 0, *values = to->value;
	unsigned tag, step, sloppy = 0;

	while (p < end && (step = plan->step[tag = *p]) != STEP_ASK) {
		if (p[1] < 0x80) {
			v = p[1];
			p += 2;
		} else if (!(p = wire_varint(p + 1, &v, &sloppy))) {
			return NULL;
		}
		if (step == STEP_PASS) {
			if (p > end || v > (uint64_t)(end - p))
				return NULL;
			p += v;
			continue;
		}
		if (v >= 1u << 31 && !kind_canonical(plan->kind[tag >> 3], v))
			return NULL;
		values[step] = v;
		seen |= 1ull << step;
	}
	to->seen |= seen;
	return p <= end ? p : NULL;
}

static bool content(struct plan *plan, struct sink *sink, const struct message *m,
		    const uint8_t *p, size_t n, int depth)
{
	bool wanted;
	const struct plan_steps *steps = plan_steps(plan, m, &wanted);
	const uint8_t *end = p + n;

	if (depth == WIRE_DEPTH_MAX)
		return false;
	if (!wanted)
		return true;
	while (p && p < end) {
		if (steps)
			p = known(plan, steps, p, end);
		if (p && p < end)
			p = ask(plan, sink, m, p, end, depth);
	}
	return p;
}

bool plan_read(struct plan *p, struct sink *sink, const struct message *m,
	       const uint8_t *b, size_t n)
{
	return content(p, sink, m, b, n, 0);
}

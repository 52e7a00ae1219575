// SPDX-License-Identifier: MIT
/*
 * A message in memory, in one pass, by its plan. Whether it is as a writer would
 * have put it is nothing to those who look at a few fields: of a field that comes
 * twice the last one wins, and of a message the fields add up, by themselves.
 */
#include "checkpoint/plan_steps.h"
#include "event/message.h"

/* The numbers of a packed list: all of them fit, or none is taken. */
static bool packed(struct sink *sink, const struct field *f,
		   const struct wire_field *w)
{
	unsigned wire = kind_wire(f->kind), sloppy = 0;
	const uint8_t *p = w->data;
	uint64_t v;

	if (!message_holds(f, w))
		return false;
	while (p < w->end) {
		if (wire == WIRE_VARINT) {
			p = wire_varint(p, &v, &sloppy);
			if (!p)
				return false;
		} else {
			v = wire == WIRE_I32 ? wire_get32(p) : wire_get64(p);
			p += wire == WIRE_I32 ? 4 : 8;
		}
		event_number(sink, f, kind_value(f->kind, v));
	}
	return true;
}

struct reading {
	struct plan *plan;
	struct sink *sink;
	int depth;
	bool bad;		/* nested too deep, or what does not fit */
};

static bool content(struct reading *r, const struct message *m, const uint8_t *p,
		    size_t n);

static void message(struct reading *r, const struct field *f,
		    const struct wire_field *w)
{
	event_begin(r->sink, f);
	r->depth++;
	r->bad |= !content(r, f->message, w->data, w->value);
	r->depth--;
	event_end(r->sink);
}

/* False: it does not fit the field. */
static bool value(struct reading *r, const struct field *f,
		  const struct wire_field *w)
{
	enum fit fit = message_fit(f, w->type);

	if (fit != FIT_VALUE)
		return fit == FIT_PACKED && packed(r->sink, f, w);
	if (f->kind == KIND_MESSAGE) {
		if (r->plan->pass_misfits && !message_holds(f, w))
			return false;
		message(r, f, w);
	} else if (!kind_is_number(f->kind)) {
		event_bytes(r->sink, f, w->data, w->value, true);
	} else if (kind_canonical(f->kind, w->value)) {
		event_number(r->sink, f, kind_value(f->kind, w->value));
	} else {
		return false;
	}
	return true;
}

/* Of a list, what follows an element that does not fit is unknown, too. */
static uint64_t list_bit(const struct field *f)
{
	return f->label == LABEL_REPEATED && f->index < 64 ?
		UINT64_C(1) << f->index : 0;
}

/* Any field, through the events. */
static const uint8_t *ask(struct reading *r, const struct message *m,
			  const uint8_t *p, const uint8_t *end,
			  uint64_t *spoiled)
{
	const struct field *f;
	struct wire_field w;
	const char *what;

	p = wire_field(p, end, &w, &what);
	f = p ? message_field(m, w.number) : NULL;
	if (f && !(*spoiled & list_bit(f))) {
		if (value(r, f, &w))
			return r->bad ? NULL : p;
		*spoiled |= list_bit(f);
		if (!r->plan->pass_misfits)
			return NULL;
	}
	if (p)
		event_unknown(r->sink, w.start, (size_t)(w.end - w.start), true);
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
		if (v >= 1u << 31 && !kind_canonical(plan->kind[tag >> 3], v)) {
			if (to->pass_misfits)
				continue;
			return NULL;
		}
		values[step] = v;
		seen |= 1ull << step;
	}
	to->seen |= seen;
	return p <= end ? p : NULL;
}

static bool content(struct reading *r, const struct message *m, const uint8_t *p,
		    size_t n)
{
	const struct plan_message *plan = plan_message(r->plan, m);
	const struct plan_steps *steps = plan ? plan->steps : NULL;
	const uint8_t *end = p + n;
	uint64_t spoiled = 0;

	if (r->depth == WIRE_DEPTH_MAX)
		return false;
	if (plan && !plan->wanted)
		return true;
	while (p && p < end) {
		if (steps)
			p = known(r->plan, steps, p, end);
		if (p && p < end)
			p = ask(r, m, p, end, &spoiled);
	}
	return p;
}

bool plan_read(struct plan *p, struct sink *sink, const struct message *m,
	       const uint8_t *b, size_t n)
{
	struct reading r = { .plan = p, .sink = sink };

	return content(&r, m, b, n);
}

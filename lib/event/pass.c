// SPDX-License-Identifier: MIT
/*
 *   bytes of a message ─► events, as long as they are as a writer puts them
 *
 * message_check and message_emit in one pass, for sinks that can take back what
 * they were given before something was not as it should be.
 */
#include "event/message.h"

struct pass {
	struct sink *sink;
	bool missing;
	int depth;
};

static bool content(struct pass *s, const struct message *m, const uint8_t *p,
		    size_t n);

static bool packed(struct pass *s, const struct field *f,
		   const struct wire_field *w)
{
	const uint8_t *p = w->data;
	unsigned wire = kind_wire(f->kind), sloppy = 0;
	uint64_t raw;

	while (p < w->end) {
		if (wire == WIRE_VARINT) {
			p = wire_varint(p, &raw, &sloppy);
			if (!p)
				return false;
		} else {
			raw = wire == WIRE_I32 ? wire_get32(p) : wire_get64(p);
			p += wire == WIRE_I32 ? 4 : 8;
		}
		if (p > w->end || sloppy || !kind_canonical(f->kind, raw))
			return false;
		event_number(s->sink, f, kind_value(f->kind, raw));
	}
	return p > w->data;
}

static bool message(struct pass *s, const struct field *f,
		    const struct wire_field *w)
{
	bool ok;

	event_begin(s->sink, f);
	s->depth++;
	ok = content(s, f->message, w->data, w->value);
	s->depth--;
	event_end(s->sink);
	return ok;
}

static bool value(struct pass *s, const struct field *f,
		  const struct wire_field *w)
{
	if (f->kind == KIND_MESSAGE)
		return message(s, f, w);
	if (f->packed)
		return packed(s, f, w);
	if (!kind_is_number(f->kind)) {
		event_bytes(s->sink, f, w->data, w->value, true);
		return true;
	}
	if (!kind_canonical(f->kind, w->value))
		return false;
	event_number(s->sink, f, kind_value(f->kind, w->value));
	return true;
}

/* The first occurrence of a field; *list: more elements may follow. */
static bool first(struct pass *s, const struct field *f,
		  const struct wire_field *w, const struct field **list)
{
	bool ok;

	if ((f->tag & 7) != w->type)
		return false;
	if (f->label != LABEL_REPEATED)
		return value(s, f, w);
	event_list(s->sink, f);
	ok = value(s, f, w);
	if (f->packed)
		event_list_end(s->sink);
	else
		*list = f;
	return ok;
}

static bool content(struct pass *s, const struct message *m, const uint8_t *p,
		    size_t n)
{
	const uint8_t *start = p, *end = p + n;
	const struct field *list = NULL, *f = NULL;
	uint32_t last = 0;
	uint64_t seen = 0;
	bool unknown = false, ok = s->depth < WIRE_DEPTH_MAX;
	struct wire_field w;
	const char *what;

	while (ok && p < end) {
		p = wire_field(p, end, &w, &what);
		if (!p || w.sloppy)
			return false;
		if (list && w.number == last) {
			ok = w.type == (f->tag & 7) && value(s, f, &w);
			continue;
		}
		if (list)
			event_list_end(s->sink);
		list = NULL;
		if (w.number <= last && (f || w.number < last))
			return false;
		last = w.number;
		f = message_field(m, last);
		unknown |= !f;
		seen |= f ? f->required : 0;
		ok = !f || first(s, f, &w, &list);
	}
	if (list)
		event_list_end(s->sink);
	if (ok && unknown)
		message_emit_unknown(s->sink, m, start, n);
	s->missing |= seen != m->required;
	return ok;
}

enum flat message_pass(struct sink *sink, const struct message *m,
		       const uint8_t *p, size_t n)
{
	struct pass s = { .sink = sink };

	if (!content(&s, m, p, n))
		return FLAT_IRREGULAR;
	sink->missing |= s.missing;
	return FLAT_OK;
}

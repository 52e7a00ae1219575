// SPDX-License-Identifier: MIT
#include "event/message.h"

#include <stdio.h>

bool message_canonical(uint8_t kind, uint64_t raw)
{
	switch (kind) {
	case KIND_UINT32:
	case KIND_SINT32:
		return raw <= UINT32_MAX;
	case KIND_INT32:
	case KIND_ENUM:
		return raw == (uint64_t)(int64_t)(int32_t)raw;
	case KIND_BOOL:
		return raw <= 1;
	default:
		return true;
	}
}

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

static enum flat check_packed(const struct field *f, const struct wire_field *w)
{
	const uint8_t *p = w->data;
	unsigned odd = !f->packed || p == w->end;

	while (p < w->end) {
		uint64_t raw;

		p = packed_next(p, w->end, f->kind, &raw, &odd);
		if (!p)
			return FLAT_BAD;
		odd |= !message_canonical(f->kind, raw);
	}
	return odd ? FLAT_IRREGULAR : FLAT_OK;
}

/* What has been seen of a message, to tell what may come next. */
struct order {
	uint32_t last;		/* number of the field before */
	bool last_known, repeats;
};

/* Whether the field may stand here. */
static bool in_order(struct order *o, uint32_t number, const struct field *f)
{
	bool ok = number > o->last || !o->last ||
		  (number == o->last && (!o->last_known || (f && o->repeats)));

	o->last = number;
	o->last_known = f;
	o->repeats = f && f->label == LABEL_REPEATED && !f->packed;
	return ok;
}

static enum flat check(const struct message *m, const uint8_t *p, size_t n,
		       bool *missing, int depth)
{
	const uint8_t *end = p + n;
	struct order order = { 0 };
	uint64_t seen = 0;
	bool odd = false;

	if (depth == WIRE_DEPTH_MAX)
		return FLAT_BAD;
	while (p < end) {
		const struct field *f;
		struct wire_field w;
		enum flat r = FLAT_OK;
		enum fit fit;
		const char *what;

		p = wire_field(p, end, &w, &what);
		if (!p)
			return FLAT_BAD;
		f = message_field(m, w.number);
		fit = message_fit(f, w.type);
		odd |= w.sloppy | !in_order(&order, w.number,
					    fit == FIT_UNKNOWN ? NULL : f);
		if (fit == FIT_UNKNOWN)
			continue;
		seen |= f->required;
		if (fit == FIT_PACKED)
			r = check_packed(f, &w);
		else if (f->kind == KIND_MESSAGE)
			r = check(f->message, w.data, w.value, missing, depth + 1);
		else if (kind_is_number(f->kind))
			odd |= f->packed || !message_canonical(f->kind, w.value);
		if (r == FLAT_BAD)
			return r;
		odd |= r == FLAT_IRREGULAR;
	}
	if (seen != m->required)
		*missing = true;
	return odd ? FLAT_IRREGULAR : FLAT_OK;
}

enum flat message_check(const struct message *m, const uint8_t *p, size_t n,
		     bool *missing)
{
	return check(m, p, n, missing, 0);
}

static void emit_unknown(struct sink *sink, const struct message *m,
			 const uint8_t *p, const uint8_t *end)
{
	while (p < end) {
		struct wire_field w;
		const char *what;

		p = wire_field(p, end, &w, &what);
		if (message_fit(message_field(m, w.number), w.type) == FIT_UNKNOWN)
			sink->ops->unknown(sink, w.start, (size_t)(w.end - w.start),
					   false);
	}
	sink->ops->unknown(sink, end, 0, true);
}

static void emit_packed(struct sink *sink, const struct field *f,
			const struct wire_field *w)
{
	const uint8_t *p = w->data;

	while (p < w->end) {
		unsigned sloppy = 0;
		uint64_t raw;

		p = packed_next(p, w->end, f->kind, &raw, &sloppy);
		sink->ops->number(sink, f, message_value(f->kind, raw));
	}
}

static void emit_value(struct sink *sink, const struct field *f,
		       const struct wire_field *w)
{
	if (f->kind == KIND_MESSAGE) {
		sink->ops->begin(sink, f);
		message_emit(sink, f->message, w->data, w->value);
		sink->ops->end(sink);
	} else if (!kind_is_number(f->kind)) {
		sink->ops->bytes(sink, f, w->data, w->value, true);
	} else if (message_fit(f, w->type) == FIT_PACKED) {
		emit_packed(sink, f, w);
	} else {
		sink->ops->number(sink, f, message_value(f->kind, w->value));
	}
}

void message_emit(struct sink *sink, const struct message *m, const uint8_t *p,
	       size_t n)
{
	const uint8_t *start = p, *end = p + n;
	const struct field *list = NULL;
	bool unknown = false;

	while (p < end) {
		const struct field *f;
		struct wire_field w;
		const char *what;

		p = wire_field(p, end, &w, &what);
		f = message_field(m, w.number);
		if (message_fit(f, w.type) == FIT_UNKNOWN) {
			unknown = true;
			continue;
		}
		if (list && list != f)
			sink->ops->list_end(sink);
		if (list != f && f->label == LABEL_REPEATED)
			sink->ops->list(sink, f);
		list = f->label == LABEL_REPEATED ? f : NULL;
		emit_value(sink, f, &w);
	}
	if (list)
		sink->ops->list_end(sink);
	if (unknown)
		emit_unknown(sink, m, start, end);
}

void message_path(struct crit_error *err, const char *name, int64_t index)
{
	size_t n = strlen(err->path);
	char *p = err->path + n;

	snprintf(p, sizeof(err->path) - n, index < 0 ? "%s%s" : "%s%s[%lld]",
		 n ? "." : "", name, (long long)index);
}

/* Where the walk is: names of the fields on the way, and elements so far. */
struct place {
	const struct field *f;
	int64_t index;
};

static void count_place(struct place *at, const struct field *f)
{
	if (f && f == at->f)
		at->index++;
	else
		*at = (struct place){ f, f && f->label == LABEL_REPEATED ? 0 : -1 };
}

static void add_place(struct crit_error *err, const struct place *at,
		      uint32_t number)
{
	char name[32];

	if (at->f) {
		message_path(err, at->f->name, at->index);
		return;
	}
	snprintf(name, sizeof(name), "field %u", number);
	message_path(err, name, -1);
}

/* The number in a tag that may be cut; 0 where there is none. */
static uint32_t peek_number(const uint8_t *p, const uint8_t *end)
{
	unsigned sloppy = 0;
	uint64_t tag;
	const uint8_t *q = wire_varint(p, &tag, &sloppy);

	return q && q <= end && tag <= UINT32_MAX ? (uint32_t)(tag >> 3) : 0;
}

static bool explain(const struct message *m, const uint8_t *start,
		    const uint8_t *p, size_t n, struct crit_error *err, int depth)
{
	const uint8_t *end = p + n;
	struct place at = { NULL, -1 };
	size_t mark = strlen(err->path);

	if (depth == WIRE_DEPTH_MAX) {
		err->offset = p - start;
		error_set(err, CRIT_EDATA, "messages nested too deep");
		return true;
	}
	while (p < end) {
		const struct field *f;
		const uint8_t *q;
		struct wire_field w;
		const char *what;
		enum fit fit;
		uint32_t number = peek_number(p, end);

		f = number ? message_field(m, number) : NULL;
		count_place(&at, f);
		q = wire_field(p, end, &w, &what);
		if (!q) {
			if (number)
				add_place(err, &at, number);
			err->offset = p - start;
			error_set(err, CRIT_EDATA, "%s", what);
			return true;
		}
		p = q;
		fit = message_fit(f, w.type);
		if (fit == FIT_PACKED && check_packed(f, &w) == FLAT_BAD) {
			add_place(err, &at, number);
			err->offset = w.data - start;
			error_set(err, CRIT_EDATA, "truncated packed list");
			return true;
		}
		if (fit != FIT_VALUE || f->kind != KIND_MESSAGE)
			continue;
		add_place(err, &at, number);
		if (explain(f->message, start, w.data, w.value, err, depth + 1))
			return true;
		err->path[mark] = 0;
	}
	return false;
}

void message_explain(const struct message *m, const uint8_t *p, size_t n,
		  struct crit_error *err)
{
	if (!explain(m, p, p, n, err, 0))
		error_set(err, CRIT_EDATA, "malformed message");
}

void message_say_missing(const struct message *m, uint64_t seen,
		      struct crit_error *err)
{
	char text[200];
	size_t n = 0;

	for (size_t i = 0; i < m->n_fields && n < sizeof(text) - 1; i++)
		if (m->fields[i].required & ~seen)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
					      n ? ", " : "", m->fields[i].name);
	error_set(err, CRIT_EDATA, "missing required %s", text);
}

static bool missing(const struct message *m, const uint8_t *p, size_t n,
		    struct crit_error *err)
{
	const uint8_t *end = p + n;
	struct place at = { NULL, -1 };
	size_t mark = strlen(err->path);
	uint64_t seen = 0;

	while (p < end) {
		const struct field *f;
		struct wire_field w;
		const char *what;
		enum fit fit;

		p = wire_field(p, end, &w, &what);
		if (!p)
			return false;
		f = message_field(m, w.number);
		count_place(&at, f);
		fit = message_fit(f, w.type);
		if (fit == FIT_UNKNOWN)
			continue;
		seen |= f->required;
		if (f->kind != KIND_MESSAGE)
			continue;
		add_place(err, &at, w.number);
		if (missing(f->message, w.data, w.value, err))
			return true;
		err->path[mark] = 0;
	}
	if (seen == m->required)
		return false;
	message_say_missing(m, seen, err);
	return true;
}

void message_missing(const struct message *m, const uint8_t *p, size_t n,
		  struct crit_error *err)
{
	missing(m, p, n, err);
}

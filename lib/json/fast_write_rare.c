// SPDX-License-Identifier: MIT
/*
 * What few messages have: fields that do not come as they were declared,
 * unknown fields, addresses under --pretty.
 */
#include "json/fast_write_parts.h"
#include "codec/base64.h"
#include "schema/pretty.h"

char *json_flat_address(struct json_sink *j, char *o, const struct level *l,
			const struct field *f, const uint8_t **p, bool first)
{
	const uint8_t *q = *p, *end;
	bool lines = j->format == JSON_INDENTED;
	struct address_words words = { .n = 0 };

	if (!j->symbolic)
		return NULL;
	for (;;) {
		unsigned sloppy = 0;
		uint64_t v, tag;

		end = q = wire_varint(q, &v, &sloppy);
		if (!q || q > l->end || sloppy || v > UINT32_MAX ||
		    !address_keep(&words, v))
			return NULL;
		if (q == l->end)
			break;
		q = wire_varint(q, &tag, &sloppy);
		if (!q || sloppy || tag != f->tag)
			break;
	}
	if (!address_is(&words))
		return NULL;
	o = put_field_key(j, o, f, first, l->depth, GENERAL);
	*o++ = '[';
	if (lines)
		o = json_indent(o, l->depth + 1);
	o = pretty_address(o, words.word, words.n);
	if (lines)
		o = json_indent(o, l->depth);
	*o++ = ']';
	*p = end;
	return o;
}

const struct field *json_flat_look_up(struct json_sink *j,
				      const struct level *l, struct seen *seen,
				      const uint8_t *start, const uint8_t **p,
				      uint64_t tag)
{
	uint32_t number = (uint32_t)(tag >> 3);
	const struct field *f;
	struct wire_field w;
	const char *what;

	if (!number || tag > UINT32_MAX) {
		j->verdict = FLAT_BAD;
		return NULL;
	}
	f = message_field(l->m, number);
	if (f && message_fit(f, tag & 7) == FIT_UNKNOWN) {
		j->verdict = FLAT_MISFIT;
		return NULL;
	}
	if (number < seen->last || (number == seen->last && seen->last_known) ||
	    (f && f->tag != tag)) {
		j->verdict = FLAT_IRREGULAR;
		return NULL;
	}
	seen->last = number;
	seen->last_known = f;
	if (f)
		return f;
	seen->unknown = true;
	*p = wire_field(start, l->end, &w, &what);
	if (!*p)
		j->verdict = FLAT_BAD;
	else if (w.sloppy)
		j->verdict = FLAT_IRREGULAR;
	return NULL;
}

char *json_flat_unknown(struct json_sink *j, char *o, const struct level *l,
			const uint8_t *p, bool first)
{
	uint8_t piece[JSON_PIECE / 3 * 3];
	size_t n = 0;

	o = json_flat_room(j, o);
	if (!o)
		return NULL;
	o = put_field_key(j, o, &json_field_unknown, first, l->depth, GENERAL);
	*o++ = '"';
	while (p < l->end) {
		struct wire_field w;
		const char *what;

		p = wire_field(p, l->end, &w, &what);
		if (message_fit(message_field(l->m, w.number), w.type) != FIT_UNKNOWN)
			continue;
		while (w.start < w.end) {
			size_t k = sizeof(piece) - n;
			size_t left = (size_t)(w.end - w.start);

			k = k < left ? k : left;
			memcpy(piece + n, w.start, k);
			w.start += k;
			n += k;
			if (n < sizeof(piece))
				continue;
			o = json_flat_room(j, o);
			if (!o)
				return NULL;
			o = base64_put(o, piece, n);
			n = 0;
		}
	}
	o = json_flat_room(j, o);
	if (!o)
		return NULL;
	o = base64_put(o, piece, n);
	*o++ = '"';
	return o;
}

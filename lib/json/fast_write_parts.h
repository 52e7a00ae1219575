/* SPDX-License-Identifier: MIT
 *
 * Between the parts of the fast way: fast_write.c writes the fields of a
 * message, fast_write_rare.c what few messages have, fast_run.c whole
 * messages and runs of entries.
 */
#ifndef CRIT_JSON_FAST_WRITE_PARTS_H
#define CRIT_JSON_FAST_WRITE_PARTS_H

#include "json/fast_write.h"
#include "codec/digits.h"
#include "codec/json_escape.h"
#include "event/message.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))

/* How values are written: two formats made for speed, the rest as one. */
enum way { RECORDS, LINE, GENERAL };

/* One message. */
struct level {
	const struct message *m;
	const uint8_t *end;
	int depth;		/* of its elements, for indentation */
	int nested;		/* messages around it, of the unit */
	bool hex;		/* its numbers are hexadecimal under --pretty */
};

/* Fields from p on, up to the end of their message; *first: none was written
 * so far. NULL: j->verdict. */
typedef char *fields_fn(struct json_sink *, char *, const struct level *,
			const uint8_t *, bool *);

/* That for the format. */
fields_fn *json_flat_fields(const struct json_sink *j);

static inline char *refuse(struct json_sink *j, enum flat why)
{
	j->verdict = why;
	return NULL;
}

/* A key is copied in pieces, past its end; nearly all fit into the first. */
INLINE char *put_key(char *o, const char *key, size_t n)
{
	memcpy(o, key, SCHEMA_KEY_PAD);
	if (__builtin_expect(n > SCHEMA_KEY_PAD, 0))
		for (size_t i = SCHEMA_KEY_PAD; i < n; i += SCHEMA_KEY_PAD)
			memcpy(o + i, key + i, SCHEMA_KEY_PAD);
	return o + n;
}

/* Comma, indentation and key of a value. */
INLINE char *put_field_key(const struct json_sink *j, char *o,
			   const struct field *f, bool first, int depth,
			   enum way way)
{
	if (way == RECORDS || (way == GENERAL && j->format == JSON_RECORDS))
		return put_key(o, f->key + first, f->name_len + 4u - first);
	if (way == LINE || j->format == JSON_LINE)
		return put_key(o, f->key_spaced + 2 * first,
			       f->name_len + 6u - 2 * first);
	if (!first)
		*o++ = ',';
	o = json_indent(o, depth);
	return put_key(o, f->key_spaced + 2, f->name_len + 4u);
}

INLINE char *separate(const struct json_sink *j, char *o, bool first,
		      int depth, enum way way)
{
	if (way == GENERAL && j->format == JSON_INDENTED) {
		if (!first)
			*o++ = ',';
		return json_indent(o, depth);
	}
	if (first)
		return o;
	*o++ = ',';
	if (way == LINE || (way == GENERAL && j->format == JSON_LINE))
		*o++ = ' ';
	return o;
}

INLINE char *close_list(const struct json_sink *j, char *o,
			const struct level *l, enum way way)
{
	if (way == GENERAL && j->format == JSON_INDENTED)
		o = json_indent(o, l->depth);
	*o++ = ']';
	return o;
}

INLINE char *put_number(struct json_sink *j, char *o, const struct field *f,
			uint64_t raw, bool hex, enum way way)
{
	if (way != GENERAL || (f->show == SHOW_PLAIN && !hex)) {
		if (raw < 10 && f->kind <= KIND_INT64) {
			*o = (char)('0' + raw);
			return o + 1;
		}
		switch (f->kind) {
		case KIND_UINT64:
		case KIND_FIXED64:
			if (way != LINE && raw > JSON_SAFE)
				break;
			return digits_u64(o, raw);
		case KIND_UINT32:
		case KIND_FIXED32:
			return digits_u64(o, raw);
		default:
			break;
		}
	}
	return json_number(o, j, f, kind_value(f->kind, raw), hex);
}

/* kind_canonical, without a call for the frequent kinds. */
INLINE bool canonical(uint8_t kind, uint64_t raw)
{
	if (kind == KIND_UINT64)
		return true;
	return kind == KIND_UINT32 ? raw <= UINT32_MAX :
		kind_canonical(kind, raw);
}

/* fast_write_rare.c */

/* What has been seen of a message: number of the field before. */
struct seen {
	uint32_t last;
	bool last_known, unknown;
};

/* The field that this tag means, where it is not plain that it may stand
 * here. NULL: unknown (then *p is after it), or out of order, or bad
 * (j->verdict says). */
const struct field *json_flat_look_up(struct json_sink *j,
				      const struct level *l, struct seen *seen,
				      const uint8_t *start, const uint8_t **p,
				      uint64_t tag);

/* A list that is one address under --pretty: *p is after the tag of its first
 * element, and comes out after the last. NULL where it is not one (*p stays),
 * or not regular. */
char *json_flat_address(struct json_sink *j, char *o, const struct level *l,
			const struct field *f, const uint8_t **p, bool first);

/* The unknown fields of a message as one base64 value. */
char *json_flat_unknown(struct json_sink *j, char *o, const struct level *l,
			const uint8_t *p, bool first);

#endif

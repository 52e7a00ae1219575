// SPDX-License-Identifier: MIT
#include "codec/wire.h"

static const uint8_t *group_end(const uint8_t *p, const uint8_t *end,
				uint32_t number, struct wire_field *f,
				const char **what)
{
	uint32_t open[WIRE_DEPTH_MAX];
	struct wire_field inner;
	int depth = 0;

	for (open[depth++] = number; depth; ) {
		unsigned sloppy = 0;
		uint64_t tag;
		const uint8_t *q;

		if (p >= end)
			return *what = "unterminated group", NULL;
		q = wire_varint(p, &tag, &sloppy);
		if (q && q <= end && (tag & 7) == WIRE_GROUP_END) {
			if (tag >> 3 != open[--depth])
				return *what = "end of another group", NULL;
			f->sloppy |= sloppy;
			p = q;
		} else if (q && q <= end && (tag & 7) == WIRE_GROUP) {
			if (depth == WIRE_DEPTH_MAX)
				return *what = "groups nested too deep", NULL;
			if (!(tag >> 3) || tag > UINT32_MAX)
				return *what = "invalid field number", NULL;
			f->sloppy |= sloppy;
			open[depth++] = (uint32_t)(tag >> 3);
			p = q;
		} else {
			p = wire_field(p, end, &inner, what);
			if (!p)
				return NULL;
			f->sloppy |= inner.sloppy;
		}
	}
	return p;
}

/* What is wrong with the varint at p; bytes after end are not looked at. */
static const char *bad_varint(const uint8_t *p, const uint8_t *end)
{
	return end - p < WIRE_VARINT_MAX ? "truncated varint" :
		"varint runs past 10 bytes";
}

const uint8_t *wire_any_field(const uint8_t *p, const uint8_t *end,
			      struct wire_field *f, const char **what)
{
	const uint8_t *q;
	unsigned sloppy = 0;
	uint64_t tag;

	f->start = p;
	f->data = NULL;
	q = wire_varint(p, &tag, &sloppy);
	if (!q || q > end)
		return *what = bad_varint(p, end), NULL;
	p = q;
	if (!(tag >> 3) || tag > UINT32_MAX)
		return *what = "invalid field number", NULL;
	f->number = (uint32_t)(tag >> 3);
	f->type = tag & 7;
	f->sloppy = 0;
	switch (f->type) {
	case WIRE_VARINT:
		q = wire_varint(p, &f->value, &sloppy);
		if (!q || q > end)
			return *what = bad_varint(p, end), NULL;
		p = q;
		break;
	case WIRE_I64:
		if (end - p < 8)
			return *what = "truncated 64-bit value", NULL;
		f->value = wire_get64(p);
		p += 8;
		break;
	case WIRE_I32:
		if (end - p < 4)
			return *what = "truncated 32-bit value", NULL;
		f->value = wire_get32(p);
		p += 4;
		break;
	case WIRE_LEN:
		q = wire_varint(p, &f->value, &sloppy);
		if (!q || q > end)
			return *what = bad_varint(p, end), NULL;
		p = q;
		if (f->value > (uint64_t)(end - p))
			return *what = "length runs past the end of its message", NULL;
		f->data = p;
		p += f->value;
		break;
	case WIRE_GROUP:
		f->data = p;
		p = group_end(p, end, f->number, f, what);
		if (!p)
			return NULL;
		break;
	case WIRE_GROUP_END:
		return *what = "end of a group that did not begin", NULL;
	default:
		return *what = "invalid wire type", NULL;
	}
	f->sloppy |= (uint8_t)sloppy;
	f->end = p;
	return p;
}

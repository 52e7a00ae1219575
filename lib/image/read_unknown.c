// SPDX-License-Identifier: MIT
/*
 *   unknown fields of a message that is read field by field ─► spool ─► one
 *   event behind the fields that are known
 */
#include "image/read_parts.h"
#include "codec/wire.h"

/* Copies n bytes of an unknown field aside. */
static bool keep_bytes(struct image_source *s, uint64_t n)
{
	const uint8_t *p;

	while (n) {
		size_t k = in_some(&s->in, n, &p);

		if (!k)
			return image_bad(s, "cut short");
		if (!spool_put(&s->unknown, p, k))
			return false;
		n -= k;
	}
	return true;
}

static bool keep_varint(struct image_source *s, uint64_t v)
{
	uint8_t b[WIRE_VARINT_MAX];

	return spool_put(&s->unknown, b, (size_t)(wire_put_varint(b, v) - b));
}

bool image_keep(struct image_source *s, uint64_t end, uint64_t tag, bool *odd)
{
	uint32_t open[WIRE_DEPTH_MAX];
	uint64_t v;
	int depth = 0;

	for (;;) {
		uint32_t number = (uint32_t)(tag >> 3);

		if (!keep_varint(s, tag))
			return false;
		switch (tag & 7) {
		case WIRE_VARINT:
			if (!image_read_varint(s, end, &v, odd) || !keep_varint(s, v))
				return false;
			break;
		case WIRE_I64:
		case WIRE_I32:
			v = (tag & 7) == WIRE_I64 ? 8 : 4;
			if (end - in_offset(&s->in) < v)
				return image_bad(s, "truncated value");
			if (!keep_bytes(s, v))
				return false;
			break;
		case WIRE_LEN:
			if (!image_read_varint(s, end, &v, odd) || !keep_varint(s, v))
				return false;
			if (v > end - in_offset(&s->in))
				return image_bad(s, "length runs past the end of its "
					   "message");
			if (!keep_bytes(s, v))
				return false;
			break;
		case WIRE_GROUP:
			if (depth == WIRE_DEPTH_MAX)
				return image_bad(s, "groups nested too deep");
			open[depth++] = number;
			break;
		case WIRE_GROUP_END:
			if (!depth || open[--depth] != number)
				return image_bad(s, "end of a group that did not begin");
			break;
		default:
			return image_bad(s, "invalid wire type");
		}
		if (!depth)
			return true;
		if (in_offset(&s->in) >= end)
			return image_bad(s, "unterminated group");
		if (!image_read_varint(s, end, &tag, odd))
			return false;
		if (!(tag >> 3) || tag > UINT32_MAX)
			return image_bad(s, "invalid field number");
	}
}

bool image_give_unknown(struct image_source *s, uint64_t from)
{
	uint8_t buf[4096];
	size_t n;

	for (uint64_t at = from; at < spool_size(&s->unknown); at += n) {
		n = spool_read(&s->unknown, at, buf, sizeof(buf));
		if (!n)
			return false;
		event_unknown(s->sink, buf, n, false);
	}
	event_unknown(s->sink, "", 0, true);
	spool_cut(&s->unknown, from);
	return true;
}

// SPDX-License-Identifier: MIT
/*
 * Numbers of a message too large for the window.
 */
#include "image/read_parts.h"
#include "codec/wire.h"

bool image_read_varint(struct image_source *s, uint64_t end, uint64_t *v,
			bool *odd)
{
	uint64_t left = end - in_offset(&s->in);
	unsigned sloppy = 0;
	const uint8_t *p, *q;
	size_t n;

	in_peek(&s->in, WIRE_VARINT_MAX);
	n = in_avail(&s->in);
	if (n > left)
		n = (size_t)left;
	p = s->in.buf + s->in.pos;
	q = wire_varint(p, v, &sloppy);
	if (!q || (size_t)(q - p) > n)
		return image_bad(s, n < WIRE_VARINT_MAX ?
					"truncated varint" :
					"varint runs past 10 bytes");
	*odd |= sloppy;
	in_take(&s->in, (size_t)(q - p));
	return true;
}

static bool read_fixed(struct image_source *s, uint64_t end, size_t size,
		       uint64_t *v)
{
	const uint8_t *p = in_peek(&s->in, size);

	if (!p || end - in_offset(&s->in) < size)
		return image_bad(s, "truncated value");
	*v = size == 4 ? wire_get32(p) : wire_get64(p);
	in_take(&s->in, size);
	return true;
}

bool image_read_scalar(struct image_source *s, uint64_t end, uint8_t wire,
		       uint64_t *raw, bool *odd)
{
	if (wire == WIRE_I32)
		return read_fixed(s, end, 4, raw);
	if (wire == WIRE_I64)
		return read_fixed(s, end, 8, raw);
	return image_read_varint(s, end, raw, odd);
}

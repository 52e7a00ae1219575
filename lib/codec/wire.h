/* SPDX-License-Identifier: MIT
 *
 * The protobuf wire format: varints, tags, little-endian words. No schema.
 */
#ifndef CRIT_CODEC_WIRE_H
#define CRIT_CODEC_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Windows and buffers are so many times smaller: fuzzers cross every seam. */
#ifndef CRIT_SCALE
#define CRIT_SCALE 1
#endif

enum wire_type {
	WIRE_VARINT, WIRE_I64, WIRE_LEN, WIRE_GROUP, WIRE_GROUP_END, WIRE_I32,
};

enum {
	WIRE_VARINT_MAX = 10,	/* bytes of the longest varint */
	WIRE_SLOP = 16,		/* readable bytes that a buffer keeps past its end */
	WIRE_DEPTH_MAX = 100,	/* messages and groups inside one another */
};

/* Reads a varint at p. The ten bytes at p must be readable, whatever they
 * hold; the caller compares the result with its end. Returns the byte after
 * the varint, or NULL where it runs past ten bytes (or 64 bits). Sets *sloppy
 * where fewer bytes would have done. */
static inline const uint8_t *wire_varint(const uint8_t *p, uint64_t *value,
					 unsigned *sloppy)
{
	uint64_t v = p[0];
	unsigned shift = 7;

	if (v < 0x80) {
		*value = v;
		return p + 1;
	}
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && !defined(CRIT_PLAIN)
	/* eight bytes at once: mask what follows the last (ends is 0 where it
	 * is not among them), then close the gaps between the sevens by pairs,
	 * fours and eights */
	uint64_t ends;

	memcpy(&v, p, 8);
	ends = ~v & UINT64_C(0x8080808080808080);
	v &= (ends ^ (ends - 1)) & UINT64_C(0x7f7f7f7f7f7f7f7f);
	if (ends) {
		unsigned n = (unsigned)__builtin_ctzll(ends) / 8;

		*sloppy |= v < UINT64_C(1) << 8 * n;
		p += n + 1;
	}
	v = (v & UINT64_C(0x007f007f007f007f)) |
		(v & UINT64_C(0x7f007f007f007f00)) >> 1;
	v = (v & UINT64_C(0x00003fff00003fff)) |
		(v & UINT64_C(0x3fff00003fff0000)) >> 2;
	v = (v & UINT64_C(0x000000000fffffff)) |
		(v & UINT64_C(0x0fffffff00000000)) >> 4;
	if (ends) {
		*value = v;
		return p;
	}
	p += 8;
	shift = 56;
#else
	v &= 0x7f;
	p++;
#endif
	for (; shift < 63; shift += 7, p++) {
		v |= (uint64_t)(*p & 0x7f) << shift;
		if (*p < 0x80) {
			*value = v;
			*sloppy |= *p == 0;
			return p + 1;
		}
	}
	if (*p > 1)
		return NULL;
	*value = v | (uint64_t)*p << 63;
	*sloppy |= *p == 0;
	return p + 1;
}

/* Writes a varint at p (room for ten bytes); returns the byte after it. */
static inline uint8_t *wire_put_varint(uint8_t *p, uint64_t v)
{
	while (v >= 0x80) {
		*p++ = (uint8_t)(v | 0x80);
		v >>= 7;
	}
	*p++ = (uint8_t)v;
	return p;
}

static inline size_t wire_varint_size(uint64_t v)
{
	return v < 0x80 ? 1 : (size_t)(70 - __builtin_clzll(v)) / 7;
}

static inline uint64_t wire_zigzag(int64_t v)
{
	return (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
}

static inline int64_t wire_unzigzag(uint64_t v)
{
	return (int64_t)(v >> 1 ^ -(v & 1));
}

static inline uint32_t wire_get32(const void *p)
{
	const uint8_t *b = p;

	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
	       (uint32_t)b[3] << 24;
}

static inline uint64_t wire_get64(const void *p)
{
	return wire_get32(p) | (uint64_t)wire_get32((const uint8_t *)p + 4) << 32;
}

static inline void wire_put32(void *p, uint32_t v)
{
	uint8_t *b = p;

	b[0] = (uint8_t)v;
	b[1] = (uint8_t)(v >> 8);
	b[2] = (uint8_t)(v >> 16);
	b[3] = (uint8_t)(v >> 24);
}

static inline void wire_put64(void *p, uint64_t v)
{
	wire_put32(p, (uint32_t)v);
	wire_put32((uint8_t *)p + 4, (uint32_t)(v >> 32));
}

/* A field as it stands on the wire. */
struct wire_field {
	uint32_t number;
	uint8_t type;			/* enum wire_type */
	uint8_t sloppy;			/* tag, length or value not minimal */
	uint64_t value;			/* of a scalar, or the length */
	const uint8_t *start, *data, *end;	/* data: of WIRE_LEN or a group */
};

/* Reads the field at p, which lies before end; WIRE_SLOP bytes after end are
 * readable. Groups are taken whole. Returns NULL and sets *what to the reason
 * where the bytes are no field. */
const uint8_t *wire_any_field(const uint8_t *p, const uint8_t *end,
			      struct wire_field *f, const char **what);

/* The same, quicker for the usual ones: numbers below 16, varints and lengths. */
static inline const uint8_t *wire_field(const uint8_t *p, const uint8_t *end,
					struct wire_field *f, const char **what)
{
	unsigned tag = *p, type = tag & 7, sloppy = 0;
	const uint8_t *q;

	if (tag - 8 >= 0x78 || (type != WIRE_VARINT && type != WIRE_LEN))
		return wire_any_field(p, end, f, what);
	q = wire_varint(p + 1, &f->value, &sloppy);
	if (!q || q > end)
		return wire_any_field(p, end, f, what);
	f->number = tag >> 3;
	f->type = (uint8_t)type;
	f->sloppy = (uint8_t)sloppy;
	f->start = p;
	f->data = NULL;
	if (type == WIRE_LEN) {
		if (f->value > (uint64_t)(end - q))
			return wire_any_field(p, end, f, what);
		f->data = q;
		q += f->value;
	}
	return f->end = q;
}

#endif

// SPDX-License-Identifier: MIT
#include "codec/utf8.h"

#include <string.h>

/* Length of the character that begins with c, and the range of its second
 * byte; 0 where none begins. */
static unsigned lead(uint8_t c, uint8_t *lo, uint8_t *hi)
{
	*lo = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
	*hi = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
	if (c >= 0xc2 && c <= 0xdf)
		return 2;
	if (c >= 0xe0 && c <= 0xef)
		return 3;
	return c >= 0xf0 && c <= 0xf4 ? 4 : 0;
}

static size_t ascii(const uint8_t *p, size_t n)
{
	size_t i = 0;

	for (; n - i >= 8; i += 8) {
		uint64_t w;

		memcpy(&w, p + i, 8);
		if (w & UINT64_C(0x8080808080808080))
			break;
	}
	while (i < n && p[i] < 0x80)
		i++;
	return i;
}

size_t utf8_span(const uint8_t *p, size_t n, bool *partial)
{
	size_t i = 0;

	if (partial)
		*partial = false;
	while (i += ascii(p + i, n - i), i < n) {
		uint8_t lo, hi;
		unsigned len = lead(p[i], &lo, &hi), k;

		for (k = 1; k < len && i + k < n; k++, lo = 0x80, hi = 0xbf)
			if (p[i + k] < lo || p[i + k] > hi)
				return i;
		if (!len)
			return i;
		if (k < len) {
			if (partial)
				*partial = true;
			return i;
		}
		i += len;
	}
	return n;
}

uint32_t utf8_char(const uint8_t *p, size_t *size)
{
	*size = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	switch (*size) {
	case 1:
		return p[0];
	case 2:
		return (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
	case 3:
		return (p[0] & 0xfu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
	default:
		return (p[0] & 7u) << 18 | (p[1] & 0x3fu) << 12 |
		       (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu);
	}
}

size_t utf8_put(uint8_t *p, uint32_t c)
{
	if (c < 0x80) {
		p[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		p[0] = (uint8_t)(0xc0 | c >> 6);
		p[1] = (uint8_t)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		p[0] = (uint8_t)(0xe0 | c >> 12);
		p[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		p[2] = (uint8_t)(0x80 | (c & 0x3f));
		return 3;
	}
	p[0] = (uint8_t)(0xf0 | c >> 18);
	p[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
	p[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	p[3] = (uint8_t)(0x80 | (c & 0x3f));
	return 4;
}

size_t utf8_plain(const uint8_t *p, size_t n)
{
	size_t at = 0;

	while (at < n) {
		size_t size = n - at < 4 ? n - at : 4;
		uint32_t c;

		if (!utf8_span(p + at, size, NULL))
			return at;
		c = utf8_char(p + at, &size);
		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			return at;
		at += size;
	}
	return at;
}

// SPDX-License-Identifier: MIT
/*
 *   text ─► columns of a terminal
 */
#include "view/table_print.h"
#include "codec/utf8.h"

/* Characters that take no column, or two. */
static const struct { uint32_t from, to; uint8_t width; } widths[] = {
	{ 0x0300, 0x036f, 0 }, { 0x1100, 0x115f, 2 }, { 0x200b, 0x200f, 0 },
	{ 0x2e80, 0x303e, 2 }, { 0x3041, 0xa4cf, 2 }, { 0xac00, 0xd7a3, 2 },
	{ 0xf900, 0xfaff, 2 }, { 0xfe00, 0xfe0f, 0 }, { 0xfe30, 0xfe6f, 2 },
	{ 0xff00, 0xff60, 2 }, { 0xffe0, 0xffe6, 2 }, { 0x1f300, 0x1f64f, 2 },
	{ 0x1f680, 0x1f6ff, 2 }, { 0x1f900, 0x1f9ff, 2 },
	{ 0x20000, 0x3fffd, 2 },
};

static size_t width_of(uint32_t c)
{
	for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++)
		if (c >= widths[i].from && c <= widths[i].to)
			return widths[i].width;
	return 1;
}

size_t table_width(const void *text, size_t n)
{
	const uint8_t *p = text, *end = p + n;
	size_t width = 0;

	while (p < end) {
		const uint8_t *plain = p + utf8_plain(p, (size_t)(end - p));
		size_t k;

		for (; p < plain; p += k)
			width += width_of(utf8_char(p, &k));
		if (p < end) {
			width += 4;
			p++;
		}
	}
	return width;
}

size_t table_fill(const void *text, size_t n, size_t width)
{
	const uint8_t *p = text;
	size_t used = 0;

	while (used < n) {
		bool plain = utf8_plain(p + used, n - used) > 0;
		size_t k = 1, w = plain ? width_of(utf8_char(p + used, &k)) : 4;

		if (w > width)
			break;
		width -= w;
		used += k;
	}
	return used;
}

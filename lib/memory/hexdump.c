// SPDX-License-Identifier: MIT
#include "memory/hexdump.h"

#include <string.h>

static const char digits[] = "0123456789abcdef";

static char *put_address(char *p, uint64_t v)
{
	int n = v >> 32 ? (67 - __builtin_clzll(v)) / 4 : 8;

	while (n--)
		*p++ = digits[v >> 4 * n & 15];
	return p;
}

static char *put_hex(char *p, const struct hexdump *h)
{
	for (unsigned i = 0; i < 16; i++) {
		*p++ = ' ';
		if (i == 8)
			*p++ = ' ';
		*p++ = i < h->n ? digits[h->row[i] >> 4] : ' ';
		*p++ = i < h->n ? digits[h->row[i] & 15] : ' ';
	}
	return p;
}

static void put_row(struct hexdump *h)
{
	char *start = (char *)out_room(h->out, 128), *p = start;

	p = put_address(p, h->addr);
	*p++ = ' ';
	p = put_hex(p, h);
	*p++ = ' ';
	*p++ = ' ';
	*p++ = '|';
	for (unsigned i = 0; i < h->n; i++)
		*p++ = (char)(h->row[i] < 0x20 || h->row[i] > 0x7e ? '.' :
			      h->row[i]);
	*p++ = '|';
	*p++ = '\n';
	h->out->pos += (size_t)(p - start);
}

/* The row that is there, unless it repeats the one before. */
static void row(struct hexdump *h)
{
	bool same = h->have_last && h->n == 16 && !memcmp(h->row, h->last, 16);

	if (!same)
		put_row(h);
	else if (!h->squeezing)
		out_put(h->out, "*\n", 2);
	h->squeezing = same;
	h->have_last = h->n == 16;
	memcpy(h->last, h->row, 16);
	h->addr += h->n;
	h->n = 0;
}

void hexdump_begin(struct hexdump *h, struct out *out, uint64_t addr)
{
	memset(h, 0, sizeof(*h));
	h->out = out;
	h->addr = addr;
}

void hexdump_bytes(struct hexdump *h, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	while (n) {
		unsigned k = 16 - h->n;

		if (k > n)
			k = (unsigned)n;
		memcpy(h->row + h->n, p, k);
		h->n += k;
		p += k;
		n -= k;
		if (h->n == 16)
			row(h);
	}
}

void hexdump_zeros(struct hexdump *h, uint64_t n)
{
	static const uint8_t zeros[48];

	if (n >= sizeof(zeros)) {
		unsigned k = (16 - h->n) % 16 + 32;

		/* two rows of zeros: what follows is squeezed */
		hexdump_bytes(h, zeros, k);
		n -= k;
		h->addr += n & ~UINT64_C(15);
		n &= 15;
	}
	hexdump_bytes(h, zeros, (size_t)n);
}

void hexdump_end(struct hexdump *h)
{
	char *start = (char *)out_room(h->out, 32), *p;

	if (h->n) {
		row(h);
		start = (char *)out_room(h->out, 32);
	}
	p = put_address(start, h->addr);
	*p++ = '\n';
	h->out->pos += (size_t)(p - start);
}

/* SPDX-License-Identifier: MIT
 *
 * Integers as text, two digits at a time. Each writes at p and returns the
 * byte after; there must be room for DIGITS_MAX.
 */
#ifndef CRIT_CODEC_DIGITS_H
#define CRIT_CODEC_DIGITS_H

#include <stdint.h>
#include <string.h>

enum { DIGITS_MAX = 24 };

static const char digits_pairs[201] =
	"00010203040506070809101112131415161718192021222324"
	"25262728293031323334353637383940414243444546474849"
	"50515253545556575859606162636465666768697071727374"
	"75767778798081828384858687888990919293949596979899";

/* The eight digits of v < 10^8, one a byte, the first in the lowest: halves,
 * then quarters, then digits, all lanes of a word at once. */
static inline uint64_t digits_word(uint32_t v)
{
	uint64_t w, t;

	w = v / 10000 | (uint64_t)(v % 10000) << 32;
	t = (w * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
	w = t | (w - 100 * t) << 16;
	t = (w * 103 >> 10) & UINT64_C(0x000f000f000f000f);
	return t | (w - 10 * t) << 8;
}

#define DIGITS_ZEROS UINT64_C(0x3030303030303030)

static inline void digits_store(char *p, uint64_t w)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	memcpy(p, &w, 8);
}

static inline char *digits_8(char *p, uint32_t v)
{
	digits_store(p, digits_word(v) | DIGITS_ZEROS);
	return p + 8;
}

/* Below 10^8, without leading zeros. */
static inline char *digits_medium(char *p, uint32_t v)
{
	uint64_t w;
	int zeros;

	if (v < 10) {
		*p = (char)('0' + v);
		return p + 1;
	}
	if (v < 100) {
		memcpy(p, digits_pairs + 2 * v, 2);
		return p + 2;
	}
	w = digits_word(v);
	zeros = __builtin_ctzll(w) & ~7;
	digits_store(p, (w | DIGITS_ZEROS) >> zeros);
	return p + 8 - zeros / 8;
}

static inline char *digits_u64(char *p, uint64_t v)
{
	uint64_t high;

	if (v < 100000000)
		return digits_medium(p, (uint32_t)v);
	high = v / 100000000;
	if (high >= 100000000) {
		p = digits_medium(p, (uint32_t)(high / 100000000));
		high %= 100000000;
		p = digits_8(p, (uint32_t)high);
	} else {
		p = digits_medium(p, (uint32_t)high);
	}
	return digits_8(p, (uint32_t)(v % 100000000));
}

static inline char *digits_i64(char *p, int64_t v)
{
	if (v >= 0)
		return digits_u64(p, (uint64_t)v);
	*p = '-';
	return digits_u64(p + 1, -(uint64_t)v);
}

/* Eight hexadecimal digits at once: nibbles apart, then 39 more where it is a
 * letter. */
static inline uint64_t digits_nibbles(uint64_t v)
{
	v = (v << 16 | v) & UINT64_C(0x0000ffff0000ffff);
	v = (v << 8 | v) & UINT64_C(0x00ff00ff00ff00ff);
	v = (v << 4 | v) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	v += DIGITS_ZEROS + ((v + UINT64_C(0x0606060606060606)) >> 4 &
			     UINT64_C(0x0101010101010101)) * 39;
	return __builtin_bswap64(v);
}

/* %0*x */
static inline char *digits_hex_bare(char *p, uint64_t v, int least)
{
	int need = (67 - __builtin_clzll(v | 1)) / 4;
	char text[32] = { 0 };

	if (need < least)
		need = least;
	digits_store(text, digits_nibbles(v >> 32));
	digits_store(text + 8, digits_nibbles(v & UINT32_MAX));
	memcpy(p, text + 16 - need, 16);
	return p + need;
}

/* 0x%x */
static inline char *digits_hex(char *p, uint64_t v)
{
	*p++ = '0';
	*p++ = 'x';
	return digits_hex_bare(p, v, 1);
}

#endif

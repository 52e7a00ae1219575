/* SPDX-License-Identifier: MIT
 *
 * Integers as text, two digits at a time. Each writes at p and returns the
 * byte after; there must be room for DIGITS_MAX.
 */
#ifndef CRIT_DIGITS_H
#define CRIT_DIGITS_H

#include <stdint.h>
#include <string.h>

enum { DIGITS_MAX = 24 };

static const char digits_pairs[201] =
	"00010203040506070809101112131415161718192021222324"
	"25262728293031323334353637383940414243444546474849"
	"50515253545556575859606162636465666768697071727374"
	"75767778798081828384858687888990919293949596979899";

/* Below 10000, without leading zeros. */
static inline char *digits_short(char *p, uint32_t v)
{
	if (v < 100) {
		if (v < 10) {
			*p = (char)('0' + v);
			return p + 1;
		}
		memcpy(p, digits_pairs + 2 * v, 2);
		return p + 2;
	}
	if (v < 1000) {
		*p++ = (char)('0' + v / 100);
	} else {
		memcpy(p, digits_pairs + 2 * (v / 100), 2);
		p += 2;
	}
	memcpy(p, digits_pairs + 2 * (v % 100), 2);
	return p + 2;
}

/* Exactly four digits, exactly eight. */
static inline char *digits_4(char *p, uint32_t v)
{
	memcpy(p, digits_pairs + 2 * (v / 100), 2);
	memcpy(p + 2, digits_pairs + 2 * (v % 100), 2);
	return p + 4;
}

static inline char *digits_8(char *p, uint32_t v)
{
	return digits_4(digits_4(p, v / 10000), v % 10000);
}

/* Below 10^8. */
static inline char *digits_medium(char *p, uint32_t v)
{
	if (v < 10000)
		return digits_short(p, v);
	return digits_4(digits_short(p, v / 10000), v % 10000);
}

static inline char *digits_u64(char *p, uint64_t v)
{
	uint64_t high;

	if (v < 100000000)
		return digits_medium(p, (uint32_t)v);
	high = v / 100000000;
	if (high < 100000000)
		return digits_8(digits_medium(p, (uint32_t)high),
				(uint32_t)(v % 100000000));
	p = digits_medium(p, (uint32_t)(high / 100000000));
	p = digits_8(p, (uint32_t)(high % 100000000));
	return digits_8(p, (uint32_t)(v % 100000000));
}

static inline char *digits_i64(char *p, int64_t v)
{
	if (v >= 0)
		return digits_u64(p, (uint64_t)v);
	*p = '-';
	return digits_u64(p + 1, -(uint64_t)v);
}

/* 0x%x */
static inline char *digits_hex(char *p, uint64_t v)
{
	int shift = v ? (63 - __builtin_clzll(v)) / 4 * 4 : 0;

	*p++ = '0';
	*p++ = 'x';
	for (; shift >= 0; shift -= 4)
		*p++ = "0123456789abcdef"[v >> shift & 15];
	return p;
}

#endif

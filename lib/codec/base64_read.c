// SPDX-License-Identifier: MIT
#include "codec/base64_read.h"

#include <string.h>

/* Six bits of a letter; 64 and above: no letter. */
#define NO 0xff
#define ROW NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO
static const uint8_t letter[256] = {
	ROW, ROW,
	NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, 62, NO, NO, NO, 63,
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61, NO, NO, NO, NO, NO, NO,
	NO, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
	15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, NO, NO, NO, NO, NO,
	NO, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
	41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, NO, NO, NO, NO, NO,
	ROW, ROW, ROW, ROW, ROW, ROW, ROW, ROW,
};

/* Whole groups of four letters, up to the first that is none. */
static size_t read_groups(const uint8_t *p, size_t n, uint8_t **out)
{
	uint8_t *o = *out;
	size_t i = 0;

	for (; n - i >= 4; i += 4, o += 3) {
		uint32_t a = letter[p[i]], b = letter[p[i + 1]],
			 c = letter[p[i + 2]], d = letter[p[i + 3]], v;

		if ((a | b | c | d) > 63)
			break;
		v = a << 18 | b << 12 | c << 6 | d;
		o[0] = (uint8_t)(v >> 16);
		o[1] = (uint8_t)(v >> 8);
		o[2] = (uint8_t)v;
	}
	*out = o;
	return i;
}

#if defined(__x86_64__) && !defined(CRIT_PLAIN)
#include <immintrin.h>

/* 32 letters at a time. The high half of a letter picks the range that it is
 * in, hence what to add; two tables by half tell letters from the rest. */
__attribute__((target("avx2")))
static size_t read_avx2(const uint8_t *p, size_t n, uint8_t **out)
{
	const __m256i low_table = _mm256_setr_epi8(
		0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
		0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a,
		0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
		0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a);
	const __m256i high_table = _mm256_setr_epi8(
		0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08,
		0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,
		0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08,
		0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
	const __m256i shift_table = _mm256_setr_epi8(
		0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
	const __m256i slash = _mm256_set1_epi8('/');
	const __m256i order = _mm256_setr_epi8(
		2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1,
		2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
	const __m256i join = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7);
	uint8_t *o = *out;
	size_t i = 0;

	for (; n - i >= 32; i += 32, o += 24) {
		__m256i v = _mm256_loadu_si256((const void *)(p + i));
		__m256i high = _mm256_and_si256(_mm256_srli_epi32(v, 4),
						slash);
		__m256i low = _mm256_and_si256(v, slash);
		__m256i is_slash = _mm256_cmpeq_epi8(v, slash);

		if (!_mm256_testz_si256(_mm256_shuffle_epi8(low_table, low),
					_mm256_shuffle_epi8(high_table, high)))
			break;
		v = _mm256_add_epi8(v, _mm256_shuffle_epi8(shift_table,
				    _mm256_add_epi8(is_slash, high)));
		v = _mm256_maddubs_epi16(v, _mm256_set1_epi32(0x01400140));
		v = _mm256_madd_epi16(v, _mm256_set1_epi32(0x00011000));
		v = _mm256_shuffle_epi8(v, order);
		v = _mm256_permutevar8x32_epi32(v, join);
		_mm256_storeu_si256((void *)o, v);
	}
	*out = o;
	return i;
}

static size_t read_fast(const uint8_t *p, size_t n, uint8_t **out)
{
	size_t i = 0;

	if (n >= 32 && __builtin_cpu_supports("avx2"))
		i = read_avx2(p, n, out);
	return i + read_groups(p + i, n - i, out);
}
#else
#define read_fast read_groups
#endif

static bool pad(struct base64 *b, uint8_t **out)
{
	uint32_t rest = b->letters == 2 ? b->bits & 0xf : b->bits & 3;

	if (b->padding) {
		b->padding++;
		return b->letters == 2 && b->padding == 2;
	}
	if (b->letters < 2 || rest)
		return false;
	b->padding = 1;
	if (b->letters == 3)
		*(*out)++ = (uint8_t)(b->bits >> 10);
	*(*out)++ = (uint8_t)(b->letters == 3 ? b->bits >> 2 : b->bits >> 4);
	return true;
}

static bool add(struct base64 *b, uint8_t c, uint8_t **out)
{
	if (c == '\n' || c == '\r')
		return true;
	if (c == '=')
		return pad(b, out);
	if (letter[c] == NO || b->padding)
		return false;
	b->bits = b->bits << 6 | letter[c];
	if (++b->letters == 4) {
		*(*out)++ = (uint8_t)(b->bits >> 16);
		*(*out)++ = (uint8_t)(b->bits >> 8);
		*(*out)++ = (uint8_t)b->bits;
		b->letters = 0;
	}
	return true;
}

size_t base64_read(struct base64 *b, const uint8_t *p, size_t n, uint8_t **out)
{
	size_t i = 0;

	for (;;) {
		if (!b->letters && !b->padding)
			i += read_fast(p + i, n - i, out);
		if (i == n || !add(b, p[i], out))
			return i;
		i++;
	}
}

const char *base64_end(const struct base64 *b)
{
	if (b->padding ? b->letters + b->padding == 4 : !b->letters)
		return NULL;
	return "truncated base64, or its padding is missing";
}

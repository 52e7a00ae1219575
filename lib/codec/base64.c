// SPDX-License-Identifier: MIT
#include "codec/base64.h"

#include <string.h>

#if defined(__x86_64__) && !defined(CRIT_PLAIN)
#include <immintrin.h>
#define FAST 1
#endif

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#ifdef FAST
/* 24 bytes in, 32 out: spread to 6-bit fields by shuffle and multiply, then
 * to letters by adding an offset that depends on the range. Reads 28 bytes. */
__attribute__((target("avx2")))
static size_t blocks_avx2(char *out, const uint8_t *p, size_t n)
{
	const __m256i spread = _mm256_setr_epi8(
		1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10,
		1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
	const __m256i offsets = _mm256_setr_epi8(
		'a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
		'0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '+' - 62,
		'/' - 63, 'A', 0, 0,
		'a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
		'0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '+' - 62,
		'/' - 63, 'A', 0, 0);
	size_t i = 0;

	for (; n - i >= 28; i += 24, out += 32) {
		__m128i lo = _mm_loadu_si128((const __m128i *)(p + i));
		__m128i hi = _mm_loadu_si128((const __m128i *)(p + i + 12));
		__m256i v = _mm256_set_m128i(hi, lo);
		__m256i a, b, range, small;

		v = _mm256_shuffle_epi8(v, spread);
		a = _mm256_mulhi_epu16(
			_mm256_and_si256(v, _mm256_set1_epi32(0x0fc0fc00)),
			_mm256_set1_epi32(0x04000040));
		b = _mm256_mullo_epi16(
			_mm256_and_si256(v, _mm256_set1_epi32(0x003f03f0)),
			_mm256_set1_epi32(0x01000010));
		v = _mm256_or_si256(a, b);
		range = _mm256_subs_epu8(v, _mm256_set1_epi8(51));
		small = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), v);
		range = _mm256_or_si256(range,
			_mm256_and_si256(small, _mm256_set1_epi8(13)));
		v = _mm256_add_epi8(v, _mm256_shuffle_epi8(offsets, range));
		_mm256_storeu_si256((__m256i *)out, v);
	}
	return i;
}
#endif

char *base64_put(char *out, const uint8_t *p, size_t n)
{
	size_t i = 0;
	uint32_t w;

#ifdef FAST
	if (n >= 28 && __builtin_cpu_supports("avx2")) {
		i = blocks_avx2(out, p, n);
		out += i / 3 * 4;
	}
#endif
	for (; n - i >= 3; i += 3, out += 4) {
		w = (uint32_t)p[i] << 16 | (uint32_t)p[i + 1] << 8 | p[i + 2];
		out[0] = alphabet[w >> 18];
		out[1] = alphabet[w >> 12 & 63];
		out[2] = alphabet[w >> 6 & 63];
		out[3] = alphabet[w & 63];
	}
	if (i == n)
		return out;
	w = (uint32_t)p[i] << 16 | (n - i == 2 ? (uint32_t)p[i + 1] << 8 : 0);
	out[0] = alphabet[w >> 18];
	out[1] = alphabet[w >> 12 & 63];
	out[2] = n - i == 2 ? alphabet[w >> 6 & 63] : '=';
	out[3] = '=';
	return out + 4;
}

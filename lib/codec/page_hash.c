// SPDX-License-Identifier: MIT
/*
 *   64 bytes at a time ─► eight sums that do not wait for one another ─► one number
 */
#include "codec/page_hash.h"

#include <string.h>

enum { LANES = 8, STEP = LANES * 8 };

#define PRIME UINT64_C(0x9e3779b97f4a7c15)

bool page_is_zero(const void *page, size_t n)
{
	const uint8_t *p = page, *end = p + n;

	for (; p < end; p += STEP) {
		uint64_t w[LANES], any = 0;

		memcpy(w, p, STEP);
		for (int i = 0; i < LANES; i++)
			any |= w[i];
		if (any)
			return false;
	}
	return true;
}

static uint64_t mix(uint64_t h)
{
	h = (h ^ h >> 32) * PRIME;
	return h ^ h >> 29;
}

uint64_t page_hash(const void *page, size_t n)
{
	const uint8_t *p = page, *end = p + n;
	uint64_t sum[LANES], h = n;

	for (uint64_t i = 0; i < LANES; i++)
		sum[i] = (i + 1) * PRIME;
	for (; p < end; p += STEP) {
		uint64_t w[LANES];

		memcpy(w, p, STEP);
		for (int i = 0; i < LANES; i++) {
			sum[i] = (sum[i] ^ w[i]) * PRIME;
			sum[i] = sum[i] << 31 | sum[i] >> 33;
		}
	}
	for (int i = 0; i < LANES; i++)
		h = mix(h ^ sum[i]);
	return h;
}

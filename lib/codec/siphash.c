// SPDX-License-Identifier: MIT
/*
 * Four words of state take in eight bytes at a time, by two rounds of mixing;
 * four more rounds at the end. The last word has the length on top.
 */
#include "codec/siphash.h"
#include "codec/wire.h"

static uint64_t left(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static void mix(uint64_t v[4], int rounds)
{
	while (rounds--) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = left(v[1], 13) ^ v[0];
		v[3] = left(v[3], 16) ^ v[2];
		v[0] = left(v[0], 32) + v[3];
		v[2] += v[1];
		v[3] = left(v[3], 21) ^ v[0];
		v[1] = left(v[1], 17) ^ v[2];
		v[2] = left(v[2], 32);
	}
}

static void take(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	mix(v, 2);
	v[0] ^= word;
}

uint64_t siphash(const struct siphash *s, uint64_t head, const void *p, size_t n)
{
	uint64_t v[4] = {
		s->key[0] ^ 0x736f6d6570736575, s->key[1] ^ 0x646f72616e646f6d,
		s->key[0] ^ 0x6c7967656e657261, s->key[1] ^ 0x7465646279746573,
	};
	uint64_t last = (uint64_t)(n + 8) << 56;
	const uint8_t *from = p;
	size_t left_over = n % 8;

	take(v, head);
	for (; n >= 8; n -= 8, from += 8)
		take(v, wire_get64(from));
	for (size_t i = 0; i < left_over; i++)
		last |= (uint64_t)from[i] << 8 * i;
	take(v, last);
	v[2] ^= 0xff;
	mix(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

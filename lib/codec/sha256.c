// SPDX-License-Identifier: MIT
/*
 * Blocks of 64 bytes change a state of eight words; the last block holds the
 * size of the message in bits.
 */
#include "codec/sha256.h"

#include <string.h>

static const uint32_t round_key[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t right(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static uint32_t load(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		(uint32_t)p[2] << 8 | p[3];
}

static void store(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

/* The 64 words that a block is stretched to. */
static void schedule(uint32_t w[64], const uint8_t *p)
{
	for (int i = 0; i < 16; i++)
		w[i] = load(p + 4 * i);
	for (int i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		a = right(a, 7) ^ right(a, 18) ^ a >> 3;
		b = right(b, 17) ^ right(b, 19) ^ b >> 10;
		w[i] = w[i - 16] + a + w[i - 7] + b;
	}
}

static void add_block(uint32_t state[8], const uint8_t *p)
{
	uint32_t w[64], v[8];

	schedule(w, p);
	memcpy(v, state, sizeof(v));
	for (int i = 0; i < 64; i++) {
		uint32_t a = v[0], e = v[4], t, u;

		t = v[7] + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) +
			((e & v[5]) ^ (~e & v[6])) + round_key[i] + w[i];
		u = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) +
			((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
		memmove(v + 1, v, 7 * sizeof(*v));
		v[4] += t;
		v[0] = t + u;
	}
	for (int i = 0; i < 8; i++)
		state[i] += v[i];
}

void sha256_init(struct sha256 *s)
{
	static const uint32_t first[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};

	memset(s, 0, sizeof(*s));
	memcpy(s->state, first, sizeof(first));
}

void sha256_add(struct sha256 *s, const void *p, size_t n)
{
	const uint8_t *from = p;
	size_t have = s->size % SHA256_BLOCK, need = SHA256_BLOCK - have;

	s->size += n;
	if (have && n >= need) {
		memcpy(s->block + have, from, need);
		add_block(s->state, s->block);
		from += need;
		n -= need;
		have = 0;
	}
	for (; !have && n >= SHA256_BLOCK; n -= SHA256_BLOCK) {
		add_block(s->state, from);
		from += SHA256_BLOCK;
	}
	if (n)
		memcpy(s->block + have, from, n);
}

void sha256_end(struct sha256 *s, uint8_t digest[SHA256_SIZE])
{
	static const uint8_t padding[SHA256_BLOCK] = { 0x80 };
	uint64_t bits = s->size * 8;
	size_t have = s->size % SHA256_BLOCK;
	uint8_t size[8];

	sha256_add(s, padding, (have < 56 ? 56 : 120) - have);
	store(size, (uint32_t)(bits >> 32));
	store(size + 4, (uint32_t)bits);
	sha256_add(s, size, sizeof(size));
	for (int i = 0; i < 8; i++)
		store(digest + 4 * i, s->state[i]);
}

char *sha256_hex(const uint8_t digest[SHA256_SIZE], char text[SHA256_HEX])
{
	for (int i = 0; i < SHA256_SIZE; i++) {
		text[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	text[SHA256_HEX - 1] = 0;
	return text;
}

/* A block of the key, each byte changed by pad, begins s. */
static void begin_keyed(struct sha256 *s, const uint8_t *key, uint8_t pad)
{
	uint8_t block[SHA256_BLOCK];

	for (int i = 0; i < SHA256_BLOCK; i++)
		block[i] = key[i] ^ pad;
	sha256_init(s);
	sha256_add(s, block, sizeof(block));
}

void hmac_init(struct hmac *h, const void *key, size_t n)
{
	uint8_t block[SHA256_BLOCK] = { 0 };

	if (n > SHA256_BLOCK) {
		sha256_init(&h->inner);
		sha256_add(&h->inner, key, n);
		sha256_end(&h->inner, block);
	} else if (n) {
		memcpy(block, key, n);
	}
	begin_keyed(&h->inner, block, 0x36);
	begin_keyed(&h->outer, block, 0x5c);
}

void hmac_add(struct hmac *h, const void *p, size_t n)
{
	sha256_add(&h->inner, p, n);
}

void hmac_end(struct hmac *h, uint8_t digest[SHA256_SIZE])
{
	sha256_end(&h->inner, digest);
	sha256_add(&h->outer, digest, SHA256_SIZE);
	sha256_end(&h->outer, digest);
}

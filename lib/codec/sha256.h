/* SPDX-License-Identifier: MIT
 *
 * Bytes -> SHA-256 digest (FIPS 180-4), and keyed digest (HMAC, RFC 2104).
 *
 *   sha256_init, sha256_add.., sha256_end     digest of all bytes added
 *   hmac_init,   hmac_add..,   hmac_end       the same, with a key
 */
#ifndef CRIT_CODEC_SHA256_H
#define CRIT_CODEC_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_SIZE = 32, SHA256_BLOCK = 64, SHA256_HEX = 2 * SHA256_SIZE + 1 };

struct sha256 {
	uint32_t state[8];
	uint64_t size;			/* bytes added so far */
	uint8_t block[SHA256_BLOCK];	/* the last size % 64 of them */
};

void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *p, size_t n);
void sha256_end(struct sha256 *s, uint8_t digest[SHA256_SIZE]);

/* The digest as lower-case hexadecimal digits and a NUL. Returns text. */
char *sha256_hex(const uint8_t digest[SHA256_SIZE], char text[SHA256_HEX]);

struct hmac {
	struct sha256 inner, outer;
};

/* A copy of a struct hmac made here can be used once for each message. */
void hmac_init(struct hmac *h, const void *key, size_t n);
void hmac_add(struct hmac *h, const void *p, size_t n);
void hmac_end(struct hmac *h, uint8_t digest[SHA256_SIZE]);

#endif

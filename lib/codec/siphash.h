/* SPDX-License-Identifier: MIT
 *
 * Bytes and a key -> 64 bits (SipHash-2-4, Aumasson and Bernstein 2012): without
 * the key they look like chance. Some thirty times as fast as HMAC for short
 * messages.
 */
#ifndef CRIT_CODEC_SIPHASH_H
#define CRIT_CODEC_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

struct siphash {
	uint64_t key[2];
};

/* Of a message that begins with the 8 bytes of head, lowest first, and goes on
 * with n bytes at p. */
uint64_t siphash(const struct siphash *s, uint64_t head, const void *p, size_t n);

#endif

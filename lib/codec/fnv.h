/* SPDX-License-Identifier: MIT
 *
 * FNV-1a: a hash of names, for tables in memory.
 */
#ifndef CRIT_CODEC_FNV_H
#define CRIT_CODEC_FNV_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FNV_BEGIN UINT64_C(0xcbf29ce484222325)

/* hash: FNV_BEGIN, or of what came before. */
static inline uint64_t fnv(uint64_t hash, const void *p, size_t n)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ b[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static inline uint64_t fnv_text(const char *s)
{
	return fnv(FNV_BEGIN, s, strlen(s));
}

#endif

/* SPDX-License-Identifier: MIT
 *
 * Integers of 1 to 8 bytes in the byte order of the dumped machine.
 */
#ifndef CRIT_CORE_BYTES_H
#define CRIT_CORE_BYTES_H

#include <stdbool.h>
#include <stdint.h>

/* The low width bytes of v; returns what follows them. */
static inline uint8_t *core_put(uint8_t *p, uint64_t v, unsigned width, bool big)
{
	for (unsigned i = 0; i < width; i++)
		p[i] = (uint8_t)(v >> 8 * (big ? width - 1 - i : i));
	return p + width;
}

static inline uint64_t core_get(const uint8_t *p, unsigned width, bool big)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < width; i++)
		v |= (uint64_t)p[i] << 8 * (big ? width - 1 - i : i);
	return v;
}

#endif

/* SPDX-License-Identifier: MIT
 *
 * Bytes -> base64.
 */
#ifndef CRIT_CODEC_BASE64_H
#define CRIT_CODEC_BASE64_H

#include <stddef.h>
#include <stdint.h>

/* Writes n bytes at p as text with padding; returns the byte after it. Room
 * for 4 * (n + 2) / 3 bytes, and 32 more. */
char *base64_put(char *out, const uint8_t *p, size_t n);

#endif

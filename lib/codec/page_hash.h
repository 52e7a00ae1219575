/* SPDX-License-Identifier: MIT
 *
 * Pages of memory: all zeros, or which bytes, as a number. Not for secrets.
 */
#ifndef CRIT_CODEC_PAGE_HASH_H
#define CRIT_CODEC_PAGE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* n: a multiple of 64; p may have any alignment. */
bool page_is_zero(const void *p, size_t n);
uint64_t page_hash(const void *p, size_t n);

#endif

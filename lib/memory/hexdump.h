/* SPDX-License-Identifier: MIT
 *
 * Bytes as hexdump -C shows them, with the addresses they had.
 */
#ifndef CRIT_MEMORY_HEXDUMP_H
#define CRIT_MEMORY_HEXDUMP_H

#include "base/buffer.h"

struct hexdump {
	struct out *out;
	uint64_t addr;		/* of row[0] */
	uint8_t row[16], last[16];
	unsigned n;		/* bytes in row */
	bool have_last, squeezing;
};

void hexdump_begin(struct hexdump *h, struct out *out, uint64_t addr);
void hexdump_bytes(struct hexdump *h, const void *p, size_t n);
void hexdump_zeros(struct hexdump *h, uint64_t n);	/* in no time */
void hexdump_end(struct hexdump *h);	/* the last row, and the end's address */

#endif

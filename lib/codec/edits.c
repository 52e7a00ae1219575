// SPDX-License-Identifier: MIT
/*
 * Two names in, the Levenshtein distance out. One row of the table is kept:
 * row[j] is the distance from the bytes of a so far to the first j of b.
 */
#include "codec/edits.h"

#include <stdint.h>

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned edits(const char *a, size_t na, const char *b, size_t nb)
{
	uint8_t row[EDITS_NAME_MAX + 1];

	na = na < EDITS_NAME_MAX ? na : EDITS_NAME_MAX;
	nb = nb < EDITS_NAME_MAX ? nb : EDITS_NAME_MAX;
	for (size_t j = 0; j <= nb; j++)
		row[j] = (uint8_t)j;
	for (size_t i = 0; i < na; i++) {
		unsigned diagonal = row[0];

		row[0] = (uint8_t)(i + 1);
		for (size_t j = 0; j < nb; j++) {
			unsigned best = least(diagonal + (a[i] != b[j]),
					      row[j] + 1u);

			diagonal = row[j + 1];
			row[j + 1] = (uint8_t)least(best, diagonal + 1);
		}
	}
	return row[nb];
}

bool edits_close(unsigned distance, size_t len)
{
	return distance <= 2 && 5 * distance <= 2 * len;
}

// SPDX-License-Identifier: MIT
/*
 *   pieces of a string ─► one hash
 */
#include "diff/walk_parts.h"

/* The same for the same bytes, in whatever pieces they come. */
void walk_hash(struct walk *w, const uint8_t *p, size_t n)
{
	uint64_t word;

	w->size += n;
	for (; n && w->n_word; p++, n--) {
		w->word |= (uint64_t)*p << 8 * w->n_word;
		w->n_word = (w->n_word + 1) % 8;
		if (w->n_word)
			continue;
		w->hash = mix(w->hash, w->word);
		w->word = 0;
	}
	for (; n >= 8; p += 8, n -= 8) {
		word = 0;
		for (unsigned i = 0; i < 8; i++)
			word |= (uint64_t)p[i] << 8 * i;
		w->hash = mix(w->hash, word);
	}
	for (; n; p++, n--)
		w->word |= (uint64_t)*p << 8 * w->n_word++;
}

void walk_bytes_begin(struct walk *w)
{
	w->hash = 7;
	w->size = w->word = 0;
	w->n_bytes = w->n_word = 0;
}

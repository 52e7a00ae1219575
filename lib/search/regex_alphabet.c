// SPDX-License-Identifier: MIT
/*
 * Bytes that no set of an expression tells apart are one symbol.
 */
#include "search/regex_dfa.h"

#include <string.h>

static unsigned split(struct alphabet *y, const struct byte_set *s)
{
	uint16_t to[256][2];
	unsigned n = 0;

	memset(to, 0xff, sizeof(to));
	for (unsigned c = 0; c < 256; c++) {
		uint16_t *t = &to[y->of[c]][set_has(s, c)];

		if (*t == UINT16_MAX) {
			y->some[n] = (uint8_t)c;
			*t = (uint16_t)n++;
		}
		y->of[c] = (uint8_t)*t;
	}
	return n;
}

void alphabet_init(struct alphabet *y, const struct tree *t)
{
	struct byte_set line = { { 0 } }, word = { { 0 } };

	memset(y, 0, sizeof(*y));
	y->n = 1;
	y->sides = t->asserts;
	for (unsigned i = 0; i < t->n_sets; i++)
		y->n = split(y, &t->sets[i]);
	if (!t->asserts)
		return;
	set_put(&line, '\n');
	for (unsigned c = 0; c < 256; c++)
		if (is_word(c))
			set_put(&word, c);
	split(y, &line);
	y->n = split(y, &word);
}

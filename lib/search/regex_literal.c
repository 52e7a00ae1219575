// SPDX-License-Identifier: MIT
/*
 *   tree ─► bytes that each match holds, to look for at first
 */
#include "search/regex_tree.h"

#include <string.h>

/* The only byte of a set, or -1. */
static int only_byte(const struct byte_set *s)
{
	int n = 0;

	for (int i = 0; i < 4; i++)
		n += __builtin_popcountll(s->w[i]);
	for (int i = 0; n == 1 && i < 4; i++)
		if (s->w[i])
			return i * 64 + __builtin_ctzll(s->w[i]);
	return -1;
}

size_t tree_literal(const struct tree *t, uint8_t *to, size_t size)
{
	const struct tree_node *top = &t->nodes[t->root];
	size_t n = 0, best = 0;
	uint8_t run[64];

	if (top->first != top->last)
		return 0;
	if (size > sizeof(run))
		size = sizeof(run);
	for (uint16_t i = t->nodes[top->first].first; i; i = t->nodes[i].next) {
		const struct tree_node *a = &t->nodes[i];
		int c = a->op == TREE_SET ? only_byte(&t->sets[a->value]) : -1;

		if (c < 0 || n == size) {
			n = 0;
			continue;
		}
		run[n++] = (uint8_t)c;
		if (n > best) {
			best = n;
			memcpy(to, run, n);
		}
	}
	return best;
}

// SPDX-License-Identifier: MIT
/*
 * What an expression says of any text: which bytes its matches have at which
 * place, and which bytes cannot change where they start.
 */
#include "search/regex_dfa_parts.h"

#include <string.h>

/* For what is said of any text, an assertion may hold. */

static void add_any(struct dfa *d, uint16_t i)
{
	const struct place at = { false, 0, 0 };

	dfa_add(d, i, &at);
	for (unsigned k = 0; k < d->n_list; k++)
		if (d->program.code[d->list[k]].op == CODE_ASSERT)
			dfa_add(d, d->program.code[d->list[k]].b, &at);
}

size_t dfa_places(struct dfa *d, struct byte_set *at, size_t size)
{
	size_t place = 0;

	dfa_begin_list(d);
	add_any(d, (uint16_t)d->program.start);
	for (bool match = false; place < size && !match; place++) {
		unsigned n = d->n_list;

		memset(&at[place], 0, sizeof(*at));
		dfa_swap_lists(d);
		dfa_begin_list(d);
		for (unsigned i = 0; i < n; i++) {
			const struct code *c = &d->program.code[d->other[i]];

			if (c->op != CODE_SET)
				continue;
			for (int w = 0; w < 4; w++)
				at[place].w[w] |= d->tree->sets[c->a].w[w];
			add_any(d, c->b);
		}
		for (unsigned i = 0; i < d->n_list; i++)
			match |= d->program.code[d->list[i]].op == CODE_MATCH;
	}
	return place;
}

/* Whether what comes after a byte holds all that is at the start. */
static bool starts_again(struct dfa *d, unsigned symbol)
{
	const struct place at = { false, 0, 0 };
	unsigned n;

	dfa_begin_list(d);
	dfa_add(d, (uint16_t)d->program.start, &at);
	n = d->n_list;
	dfa_swap_lists(d);
	dfa_begin_list(d);
	for (unsigned i = 0; i < n; i++) {
		const struct code *c = &d->program.code[d->other[i]];

		if (c->op == CODE_SET &&
		    set_has(&d->tree->sets[c->a], d->alphabet->some[symbol]))
			dfa_add(d, c->b, &at);
	}
	for (unsigned i = 0; i < n; i++)
		if (d->met[d->other[i]] != d->turn)
			return false;
	return true;
}

void dfa_skipped(struct dfa *d, struct byte_set *s)
{
	memset(s, 0, sizeof(*s));
	for (unsigned c = 0; c < 256; c++)
		if (starts_again(d, d->alphabet->of[c]))
			set_put(s, c);
}

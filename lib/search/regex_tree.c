// SPDX-License-Identifier: MIT
/*
 *   text of an expression ─► tree
 */
#include "search/regex_read.h"
#include "base/alloc.h"

#include <string.h>

enum { DEPTH_MAX = 200 };

/* There are never more nodes than twice the bytes of the text, and some. */
static uint16_t new_node(struct reader *r, enum tree_op op)
{
	r->t->nodes[r->t->n].op = op;
	return (uint16_t)r->t->n++;
}

static void put_below(struct tree *t, uint16_t above, uint16_t i)
{
	struct tree_node *a = &t->nodes[above];

	t->nodes[i].prev = a->last;
	t->nodes[i].next = 0;
	if (a->last)
		t->nodes[a->last].next = i;
	else
		a->first = i;
	a->last = i;
}

static uint16_t set_node(struct reader *r, const struct byte_set *s)
{
	uint16_t i = new_node(r, TREE_SET);
	unsigned k = 0;

	while (k < r->t->n_sets && memcmp(&r->t->sets[k], s, sizeof(*s)))
		k++;
	if (k == r->t->n_sets)
		r->t->sets[r->t->n_sets++] = *s;
	r->t->nodes[i].value = (uint16_t)k;
	return i;
}

static uint16_t byte_node(struct reader *r, uint8_t c)
{
	struct byte_set s = { { 0 } };

	set_put(&s, c);
	return set_node(r, &s);
}

static uint16_t bracket(struct reader *r)
{
	struct byte_set s = { { 0 } };

	return regex_bracket(r, &s) ? set_node(r, &s) : 0;
}

static uint16_t assertion(struct reader *r, enum assertion what)
{
	uint16_t i = new_node(r, TREE_ASSERT);

	r->t->nodes[i].value = (uint16_t)what;
	r->t->asserts = true;
	return i;
}

static uint16_t escape(struct reader *r)
{
	static const char asserts[] = "<>bB`'Az";
	static const enum assertion values[] = {
		WORD_START, WORD_END, WORD_EDGE, NO_WORD_EDGE, TEXT_START,
		TEXT_END, TEXT_START, TEXT_END,
	};
	struct byte_set s = { { 0 } };
	char c = *r->p;
	int byte;

	if (!c)
		return regex_bad(r, "\\ at its end");
	if (c >= '1' && c <= '9')
		return regex_bad(r, "no \\1: what a group matched is not kept");
	if (strchr(asserts, c) || regex_shorthand(&s, c)) {
		r->p++;
		return strchr(asserts, c) ?
			assertion(r, values[strchr(asserts, c) - asserts]) :
			set_node(r, &s);
	}
	byte = regex_escape(r, "");
	return byte < 0 ? 0 : byte_node(r, (uint8_t)byte);
}

static uint16_t any_byte(struct reader *r)
{
	struct byte_set s = { { 0 } };

	set_invert(&s);
	set_drop(&s, '\n');
	set_drop(&s, 0);
	return set_node(r, &s);
}

static uint16_t alternatives(struct reader *r);

static uint16_t group(struct reader *r)
{
	uint16_t i;

	/* (?:...): no group is kept anyway */
	if (r->p[0] == '?' && r->p[1] == ':')
		r->p += 2;
	else if (r->p[0] == '?')
		return regex_unsupported(r, r->p - 1, 2 + strcspn(r->p + 1, ":)") +
				   (r->p[1 + strcspn(r->p + 1, ":)")] == ':'), "");
	if (++r->depth > DEPTH_MAX)
		return regex_bad(r, "too many ( within one another");
	i = alternatives(r);
	r->depth--;
	if (i && *r->p != ')')
		return regex_bad(r, "( without )");
	r->p++;
	return i;
}

static uint16_t atom(struct reader *r)
{
	char c = *r->p++;

	switch (c) {
	case '(':
		return group(r);
	case '[':
		return bracket(r);
	case '.':
		return any_byte(r);
	case '^':
		return assertion(r, LINE_START);
	case '$':
		return assertion(r, LINE_END);
	case '\\':
		return escape(r);
	case '*':
	case '+':
	case '?':
	case '{':
		return regex_bad(r, "nothing to repeat before * + ? or {");
	}
	return byte_node(r, (uint8_t)c);
}

static int repeat_number(struct reader *r, int otherwise)
{
	int v = 0;

	if (*r->p < '0' || *r->p > '9')
		return otherwise;
	for (; *r->p >= '0' && *r->p <= '9'; r->p++)
		if (v <= REGEX_REPEAT_MAX)
			v = 10 * v + (*r->p - '0');
	return v;
}

/* {2} {2,} {2,3} {,3} */
static bool interval(struct reader *r, int *min, int *max)
{
	*min = repeat_number(r, *r->p == ',' ? 0 : -1);
	*max = *min;
	if (*r->p == ',') {
		r->p++;
		*max = repeat_number(r, REGEX_ANY);
	}
	if (*min < 0 || *r->p != '}' || *min > *max)
		return regex_bad(r, "{ without numbers and }");
	if (*min > REGEX_REPEAT_MAX ||
	    (*max > REGEX_REPEAT_MAX && *max != REGEX_ANY))
		return regex_bad(r, "a number in { } is too large");
	r->p++;
	return true;
}

static uint16_t repeats(struct reader *r, uint16_t i)
{
	const char *before = NULL;

	while (i && *r->p && strchr("*+?{", *r->p)) {
		char c = *r->p++;
		int min = c == '+', max = c == '?' ? 1 : REGEX_ANY;
		uint16_t above;

		if (before && (c == '?' || c == '+'))
			return regex_unsupported(r, before, (size_t)(r->p - before),
					   c == '?' ? ": matches are the longest, "
					   "never lazy" : ": no repeat is possessive");
		before = r->p - 1;
		if (c == '{' && !interval(r, &min, &max))
			return 0;
		above = new_node(r, TREE_REPEAT);
		r->t->nodes[above].min = (uint16_t)min;
		r->t->nodes[above].max = (uint16_t)max;
		put_below(r->t, above, i);
		i = above;
	}
	return i;
}

static bool is_assert(const struct tree *t, uint16_t i)
{
	return t->nodes[i].op == TREE_ASSERT;
}

static uint16_t sequence(struct reader *r)
{
	uint16_t above = new_node(r, TREE_CAT), i;

	while (*r->p && *r->p != '|' && (*r->p != ')' || !r->depth)) {
		const char *at = r->p;

		i = atom(r);
		/* as regcomp(3): ^* is no repeated ^ */
		if (i && !is_assert(r->t, i))
			i = repeats(r, i);
		else if (i && *r->p && strchr("*+?{", *r->p) && *at == '\\')
			return regex_unsupported(r, at, 3, "");
		if (!i)
			return 0;
		put_below(r->t, above, i);
	}
	return above;
}

static uint16_t alternatives(struct reader *r)
{
	uint16_t above = new_node(r, TREE_ALT), i;

	for (;;) {
		i = sequence(r);
		if (!i)
			return 0;
		put_below(r->t, above, i);
		if (*r->p != '|')
			return above;
		r->p++;
	}
}

bool tree_open(struct tree *t, const char *regex, struct crit_error *err)
{
	struct reader r = { .t = t, .p = regex, .err = err };
	size_t n = strlen(regex);

	memset(t, 0, sizeof(*t));
	if (n > REGEX_TEXT_MAX)
		return regex_bad(&r, "too long");
	t->nodes = alloc_zero((3 * n + 4) * sizeof(*t->nodes));
	t->sets = alloc((n + 1) * sizeof(*t->sets));
	if (!t->nodes || !t->sets)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	t->n = 1;
	t->root = alternatives(&r);
	return t->root != 0;
}

void tree_close(struct tree *t)
{
	alloc_free(t->nodes);
	alloc_free(t->sets);
	t->nodes = NULL;
	t->sets = NULL;
}

// SPDX-License-Identifier: MIT
/*
 *   tree of an expression ─► code of an automaton
 */
#include "base/alloc.h"
#include "search/regex_tree.h"

#include <string.h>

/* Code is made from its end: each part is told what comes after it, and says
 * where it starts. */
struct maker {
	struct program *p;
	const struct tree *t;
	unsigned work;			/* parts without code cost, too */
	struct crit_error *err;
};

static uint16_t put(struct maker *m, enum code_op op, uint16_t a, uint16_t b)
{
	if (m->p->n == REGEX_CODE_MAX) {
		error_set(m->err, CRIT_EUSAGE, "regular expression: too large");
		return 0;
	}
	m->p->code[m->p->n] = (struct code){ (uint8_t)op, a, b };
	return (uint16_t)m->p->n++;
}

static uint16_t make(struct maker *m, uint16_t node, uint16_t next);

static uint16_t make_sequence(struct maker *m, const struct tree_node *a,
			      uint16_t next)
{
	const struct tree_node *nodes = m->t->nodes;
	bool back = m->p->backwards;

	for (uint16_t i = back ? a->first : a->last; i && !error_is(m->err);
	     i = back ? nodes[i].next : nodes[i].prev)
		next = make(m, i, next);
	return next;
}

static uint16_t make_choice(struct maker *m, const struct tree_node *a,
			    uint16_t next)
{
	uint16_t start = make(m, a->first, next), i = a->first;

	while ((i = m->t->nodes[i].next) && !error_is(m->err))
		start = put(m, CODE_SPLIT, start, make(m, i, next));
	return start;
}

/* x{2,4}: xx(x(x)?)?; x{2,}: xx+ */
static uint16_t make_repeat(struct maker *m, const struct tree_node *a,
			    uint16_t next)
{
	unsigned min = a->min, max = a->max;
	uint16_t start = next, split, body;

	if (max == REGEX_ANY) {
		split = put(m, CODE_SPLIT, 0, next);
		body = make(m, a->first, split);
		m->p->code[split].a = body;
		start = min ? body : split;
		min -= min > 0;
		max = min;
	}
	for (; max > min && !error_is(m->err); max--)
		start = put(m, CODE_SPLIT, make(m, a->first, start), next);
	for (; min && !error_is(m->err); min--)
		start = make(m, a->first, start);
	return start;
}

static uint16_t make(struct maker *m, uint16_t node, uint16_t next)
{
	const struct tree_node *a = &m->t->nodes[node];

	if (m->work++ > 4 * REGEX_CODE_MAX)
		error_set(m->err, CRIT_EUSAGE, "regular expression: too large");
	if (error_is(m->err))
		return 0;
	switch (a->op) {
	case TREE_ALT:
		return make_choice(m, a, next);
	case TREE_CAT:
		return make_sequence(m, a, next);
	case TREE_REPEAT:
		return make_repeat(m, a, next);
	case TREE_SET:
		return put(m, CODE_SET, a->value, next);
	case TREE_ASSERT:
		return put(m, CODE_ASSERT, a->value, next);
	}
	return 0;
}

bool program_open(struct program *p, const struct tree *t, bool backwards,
		  struct crit_error *err)
{
	struct maker m = { .p = p, .t = t, .err = err };
	struct code *less;

	memset(p, 0, sizeof(*p));
	p->backwards = backwards;
	p->code = alloc(REGEX_CODE_MAX * sizeof(*p->code));
	if (!p->code)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	put(&m, CODE_MATCH, 0, 0);
	p->start = make(&m, t->root, 0);
	if (error_is(err))
		return false;
	less = alloc_more(p->code, p->n * sizeof(*p->code));
	p->code = less ? less : p->code;
	return true;
}

void program_close(struct program *p)
{
	alloc_free(p->code);
	p->code = NULL;
}

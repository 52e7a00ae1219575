// SPDX-License-Identifier: MIT
/*
 *   bytes of an entry ─► events, as they are checked ─► collect.c
 *                    └─► not as a writer puts them, or a field that must be
 *                        there is not: its rows are taken back
 */
#include "check/collect.h"
#include "event/message.h"

static void take_back(struct check *c, size_t text, size_t numbers)
{
	const struct message *m = c->frames[0].message;

	for (int t = 0; t < T_MAX; t++) {
		struct check_list *l = &c->tables[t];
		const struct row *r;

		while ((r = check_row(c, t, l->n)) && r->image == c->image &&
		       r->entry == c->entry)
			l->n--;
	}
	c->text.n = text;
	c->numbers.n = numbers;
	c->depth = 0;
	c->text_n = 0;
	c->sink.ops->entry(&c->sink, m);
}

/* Without a mark, only whole entries come here. */
static enum flat on_flat(struct sink *sink, const struct message *m,
			 const uint8_t *p, size_t n)
{
	struct check *c = (struct check *)sink;
	size_t text = c->text.n, numbers = c->numbers.n;
	enum flat r;

	if (c->ignore)
		return message_check(m, p, n, &sink->missing);
	c->passing = true;
	c->lacks = false;
	r = message_pass(sink, m, p, n);
	c->passing = false;
	if (error_is(c->err) || (r == FLAT_OK && !c->lacks))
		return r;
	take_back(c, text, numbers);
	/* what lacks a field is told once nothing is taken back any more */
	return r == FLAT_OK ? message_whole(sink, m, p, n) : r;
}

const struct bulk_ops collect_bulk = { .flat = on_flat };

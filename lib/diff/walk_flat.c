// SPDX-License-Identifier: MIT
/*
 *   bytes of an entry ─► events, as they are checked ─► walk.c
 *                    └─► not as a writer puts them: all is taken back
 */
#include "diff/walk_parts.h"
#include "event/message.h"

/* Without a mark, only whole entries come here. */
static enum flat on_flat(struct sink *s, const struct message *m,
			 const uint8_t *p, size_t n)
{
	struct walk *w = (struct walk *)s;
	size_t before = w->into ? w->into->n : 0;
	enum flat r;

	/* what leaf has made of the other side's leaves cannot be taken back */
	if (w->leaf)
		return message_whole(s, m, p, n);
	r = message_pass(s, m, p, n);
	if (r == FLAT_OK)
		return r;
	if (w->into)
		w->into->n = before;
	w->ordinals = w->units[0].ordinal;
	walk_bytes_begin(w);
	s->ops->entry(s, m);
	return r;
}

const struct bulk_ops walk_bulk = { .flat = on_flat };

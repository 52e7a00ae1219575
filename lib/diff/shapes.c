// SPDX-License-Identifier: MIT
/*
 *   entries of files ─► shapes ─► which of several files is the same
 */
#include "diff/ids.h"

#include <stdlib.h>

static int by_id(const void *a, const void *b)
{
	const struct shape *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

bool ids_shape(struct ids *s, int side, const struct shape *shape)
{
	struct shape *one = list_more(&s->shapes[side], sizeof(*one), s->err);

	if (one)
		*one = *shape;
	return one;
}

void ids_shapes_end(struct ids *s)
{
	for (int side = 0; side < 2; side++)
		if (s->shapes[side].n)
			qsort(s->shapes[side].p, s->shapes[side].n,
			      sizeof(struct shape), by_id);
}

void ids_shapes_free(struct ids *s)
{
	list_free(&s->shapes[0]);
	list_free(&s->shapes[1]);
}

bool ids_see_shapes(struct ids *s, struct sights *to)
{
	for (int side = 0; side < 2; side++) {
		const struct shape *all = s->shapes[side].p;

		for (size_t i = 0; i < s->shapes[side].n; i++) {
			const struct id *id = ids_find(s, side, S_FILE,
						       all[i].id);
			struct sight at = {
				.id = all[i].id, .space = S_FILE,
				.holder = mix(S_FILE, all[i].id),
			};

			if (id) {
				at.role = id->label.role;
				at.pid = id->label.pid;
				at.number = id->label.number;
			}
			if (!ids_see(s, to, side, &at))
				return false;
		}
	}
	return true;
}

static const struct shape *shape_of(const struct ids *s, int side,
				    const struct id *id)
{
	const struct list *l = &s->shapes[side];
	const struct shape key = { .id = id->id };

	return id->space == S_FILE && l->n && !s->some_shapes ?
		bsearch(&key, l->p, l->n, sizeof(key), by_id) : NULL;
}

int ids_likeness(const struct ids *s, const struct id *x, const struct id *y)
{
	const struct shape *a = shape_of(s, 0, x), *b = shape_of(s, 1, y);
	/* both without an entry, or no files at all */
	bool alike = !a || !b || a->hash == b->hash;

	if (!a != !b || (a && a->type && b->type && a->type != b->type))
		return -1;
	return 2 * alike + (x->id == y->id);
}

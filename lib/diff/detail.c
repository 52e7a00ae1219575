// SPDX-License-Identifier: MIT
/*
 *   A again ─► leaves of the units ─► kept, sorted by path
 *   B again ─► leaves of the units ─► equal ones marked, others kept
 *                                       └─► lines, in the order of A
 */
#include "diff/detail.h"

#include <stdlib.h>
#include <string.h>

/* Its place among those that are wanted, or n. */
static size_t place(const struct detail *t, int side, uint32_t ordinal)
{
	size_t from = 0, to = t->n_wanted[side];

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (t->wanted[side][mid][0] < ordinal)
			from = mid + 1;
		else
			to = mid;
	}
	return from < t->n_wanted[side] && t->wanted[side][from][0] == ordinal ?
		from : t->n_wanted[side];
}

static bool wanted(struct walk *w, uint32_t ordinal)
{
	struct detail *t = w->ctx;

	return place(t, w->side, ordinal) < t->n_wanted[w->side];
}

/* Of a wanted unit. */
static uint32_t unit_of(const struct detail *t, int side, uint32_t ordinal)
{
	return t->wanted[side][place(t, side, ordinal)][1];
}

static int by_path(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	if (x->unit != y->unit)
		return x->unit < y->unit ? -1 : 1;
	if (x->path != y->path)
		return x->path < y->path ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

int detail_by_seq(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	if (x->unit != y->unit)
		return x->unit < y->unit ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static struct kept *find(const struct list *l, uint32_t unit, uint64_t path)
{
	struct kept *all = l->p;
	size_t from = 0, to = l->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (all[mid].unit < unit ||
		    (all[mid].unit == unit && all[mid].path < path))
			from = mid + 1;
		else
			to = mid;
	}
	return from < l->n && all[from].unit == unit && all[from].path == path ?
		&all[from] : NULL;
}

static bool put_text(struct detail *t, const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *c = list_more(&t->text, 1, t->d->err);

		if (!c)
			return false;
		*c = ((const char *)p)[i];
	}
	return true;
}

static void keep(struct walk *w, const struct unit *u, uint32_t unit,
		 const struct leaf *l, struct kept *other)
{
	struct detail *t = w->ctx;
	struct list *to = &t->leaves[w->side];
	struct kept *k;

	if (to->n >= DETAIL_LEAVES || t->text.n >= DETAIL_TEXT) {
		t->units[unit].more = true;
		return;
	}
	k = list_more(to, sizeof(*k), w->err);
	if (!k)
		return;
	*k = (struct kept){
		.field = l->field, .list = l->list, .path = l->path,
		.hash = l->hash, .value = l->value, .list_path = l->list_path,
		.size = l->size, .hex = l->hex, .unit = unit, .seq = (uint32_t)to->n,
		.text = (uint32_t)t->text.n, .space = (uint8_t)l->space,
		.path_n = (uint32_t)strlen(w->path), .other = other != NULL,
		.bytes_n = (uint32_t)l->n, .unit_n = (uint32_t)u->path_at,
	};
	if (other)
		other->seq_b = k->seq;
	put_text(t, w->path, k->path_n);
	put_text(t, l->bytes, l->n);
}

static void on_leaf(struct walk *w, const struct unit *u, const struct leaf *l)
{
	struct detail *t = w->ctx;
	uint32_t unit = unit_of(t, w->side, u->ordinal);
	struct kept *a = w->side ? find(&t->leaves[0], unit, l->path) : NULL;

	if (a && !a->same && a->hash == l->hash)
		a->same = true;
	else
		keep(w, u, unit, l, a);
}

/* Data of a pipe, packets of a socket, locks: not the descriptor's own. */
static bool is_beside(const struct walk *w, const struct unit *u)
{
	return u->rule && u->label.role && strcmp(w->type->name, "FILES") &&
	       strcmp(w->type->name, "FDINFO") &&
	       (u->section == SECTION_FILES || u->section == SECTION_SOCKETS);
}

static void on_unit(struct walk *w, const struct unit *u)
{
	struct detail *t = w->ctx;
	struct shown *s;

	if (!u->wanted)
		return;
	s = &t->units[unit_of(t, w->side, u->ordinal)];
	if (s->known)
		return;
	s->known = true;
	s->message = u->message;
	s->label = u->label;
	s->section = u->section;
	s->inside = u->path_at && !(u->rule && u->rule->role);
	s->beside = is_beside(w, u);
	memcpy(s->name, u->name, sizeof(s->name));
	s->name[u->name_n] = 0;
	if (s->change != CHANGED && u->rule && u->rule->of)
		s->hidden = ids_alone(ids_find(w->ids, w->side, u->rule->of,
					       u->of));
	/* of a task that is gone, only that is told */
	if (!(u->rule && u->rule->role == ROLE_TASK) && s->change != CHANGED &&
	    s->label.role && !diff_task_stays(t->d, w->side, s->label.pid))
		s->hidden = true;
}

static int by_ordinal(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void want(struct detail *t, int side, uint32_t ordinal, size_t unit)
{
	size_t n = t->n_wanted[side];

	if (!ordinal)
		return;
	t->wanted[side][n][0] = ordinal - 1;
	t->wanted[side][n][1] = (uint32_t)unit;
	t->n_wanted[side]++;
}

static void start(struct detail *t, const struct difference *all, size_t n)
{
	t->n = n;
	t->n_wanted[0] = t->n_wanted[1] = 0;
	t->leaves[0].n = t->leaves[1].n = t->text.n = 0;
	memset(t->units, 0, n * sizeof(*t->units));
	for (size_t i = 0; i < n; i++) {
		t->units[i].units = all[i];
		t->units[i].change = !all[i].a ? APPEARED : !all[i].b ? GONE :
			CHANGED;
		want(t, 0, all[i].a, i);
		want(t, 1, all[i].b, i);
	}
	for (int side = 0; side < 2; side++)
		qsort(t->wanted[side], t->n_wanted[side],
		      sizeof(t->wanted[side][0]), by_ordinal);
}

static bool read_side(struct detail *t, int side)
{
	struct walk *w = diff_walk(t->d, side);

	w->wanted = wanted;
	w->leaf = on_leaf;
	w->unit = on_unit;
	w->ctx = t;
	return walk_image(w, t->d->store[side], t->image[side]->name);
}

bool detail_show(struct detail *t, const struct difference *all, size_t n)
{
	start(t, all, n);
	if (!read_side(t, 0))
		return false;
	if (t->leaves[0].n)
		qsort(t->leaves[0].p, t->leaves[0].n, sizeof(struct kept),
		      by_path);
	if (!read_side(t, 1))
		return false;
	if (t->leaves[0].n)
		qsort(t->leaves[0].p, t->leaves[0].n, sizeof(struct kept),
		      detail_by_seq);
	if (t->leaves[1].n)
		qsort(t->leaves[1].p, t->leaves[1].n, sizeof(struct kept),
		      detail_by_seq);
	detail_print(t);
	return !error_is(t->d->err);
}

// SPDX-License-Identifier: MIT
/*
 * Each message that a row names is a place; the sink knows at which place it
 * is, and looks only at the rows of that one.
 *
 *   place 0   core_entry
 *   place 1   core_entry.thread_info           parent 0
 *   place 2   core_entry.thread_info.gpregs    parent 1 ◄── rows r15, ...
 */
#include "core/fill.h"
#include "core/bytes.h"
#include "image/read.h"

#include <string.h>

enum { PLACES_MAX = 32, DEPTH_MAX = 16, NOWHERE = -1 };

struct place {
	int parent;
	const struct field *field;	/* of the parent that holds it */
	const struct message *message;
};

/* A row, and where it leads. */
struct target {
	const struct core_row *row;
	struct core_fill *fill;
	const struct field *field;
	int place;
};

struct frame {
	int place;
	unsigned element;	/* of the list that this message is in */
	unsigned items;		/* of the list that is being read in it */
};

struct filling {
	struct sink sink;
	struct image_source source;
	struct place places[PLACES_MAX];
	int n_places;
	struct target targets[CORE_ROWS_MAX];
	size_t n_targets;
	struct frame frames[DEPTH_MAX];
	size_t depth;		/* frames that are open; may be more than fit */
};

static int find_place(const struct filling *s, int parent,
		      const struct field *f)
{
	for (int i = 1; parent != NOWHERE && i < s->n_places; i++)
		if (s->places[i].parent == parent && s->places[i].field == f)
			return i;
	return NOWHERE;
}

/* All that lie deeper than any row share the last frame. */
static struct frame *top(struct filling *s)
{
	return &s->frames[(s->depth < DEPTH_MAX ? s->depth : DEPTH_MAX) - 1];
}

static void push(struct filling *s, int place, unsigned element)
{
	if (++s->depth >= DEPTH_MAX)
		place = NOWHERE;
	*top(s) = (struct frame){ .place = place, .element = element };
}

static void on_entry(struct sink *sink, const struct message *m)
{
	struct filling *s = (struct filling *)sink;

	s->depth = 0;
	push(s, m == s->places[0].message ? 0 : NOWHERE, 0);
}

static void on_begin(struct sink *sink, const struct field *f)
{
	struct filling *s = (struct filling *)sink;
	struct frame *at = top(s);
	bool repeated = f->label == LABEL_REPEATED;

	push(s, find_place(s, at->place, f), repeated ? at->items++ : 0);
}

static void on_end(struct sink *sink)
{
	((struct filling *)sink)->depth--;
}

static void on_list(struct sink *sink, const struct field *f)
{
	(void)f;
	top((struct filling *)sink)->items = 0;
}

/* Which of the row's integers the field is; false: none of them. */
static bool index_of(const struct target *t, const struct field *f,
		     unsigned item, unsigned *index)
{
	if (f->label == LABEL_REPEATED || t->field->label == LABEL_REPEATED) {
		*index = item;
		return f == t->field && item < t->row->n;
	}
	*index = f->number - t->field->number;
	return f->number >= t->field->number && *index < t->row->n;
}

static void put(const struct target *t, unsigned element, unsigned index,
		uint64_t v)
{
	const struct core_row *r = t->row;
	size_t at = r->offset + (size_t)r->stride * element +
		    (size_t)r->width * index;
	bool big = t->fill->big;
	uint8_t *p = t->fill->to + at;

	t->fill->seen = true;
	t->fill->parts |= r->part ? UINT64_C(1) << r->part : 0;
	if (at + r->width > t->fill->size)
		return;
	if (r->stride)
		v = core_get(p, r->width, big) | v << r->shift;
	core_put(p, v, r->width, big);
}

static void on_number(struct sink *sink, const struct field *f, uint64_t v)
{
	struct filling *s = (struct filling *)sink;
	struct frame *at = top(s);
	unsigned item = f->label == LABEL_REPEATED ? at->items++ : 0, index;

	for (size_t i = 0; at->place != NOWHERE && i < s->n_targets; i++)
		if (s->targets[i].place == at->place && s->targets[i].field &&
		    index_of(&s->targets[i], f, item, &index))
			put(&s->targets[i], at->element, index, v);
}

static void on_bytes(struct sink *sink, const struct field *f, const void *p,
		     size_t n, bool last)
{
	struct filling *s = (struct filling *)sink;
	struct frame *at = top(s);

	for (size_t i = 0; at->place != NOWHERE && i < s->n_targets; i++) {
		struct target *t = &s->targets[i];

		if (t->place == at->place && t->field == f && t->row->bytes) {
			t->row->bytes(t->fill->to, p, n, last);
			t->fill->seen = true;
		}
	}
}

static const struct sink_ops ops = {
	.entry = on_entry, .entry_end = on_end,
	.begin = on_begin, .end = on_end,
	.list = on_list, .number = on_number, .bytes = on_bytes,
};

/* The place that a path of names leads to; NOWHERE and *err. */
static int walk(struct filling *s, int from, const char *path)
{
	while (path && *path) {
		size_t n = strcspn(path, ".");
		const struct field *f = message_field_name(
			s->places[from].message, path, n);
		int to = f ? find_place(s, from, f) : NOWHERE;

		if (!f || !f->message || s->n_places == PLACES_MAX) {
			error_set(s->sink.err, CRIT_EDATA, "the schema has no "
				  "%s.%s", s->places[from].message->name, path);
			return NOWHERE;
		}
		if (to == NOWHERE) {
			to = s->n_places++;
			s->places[to] = (struct place){ from, f, f->message };
		}
		from = to;
		path += n + (path[n] == '.');
	}
	return from;
}

static bool add_row(struct filling *s, struct core_fill *fill, int root,
		    const struct core_row *r)
{
	struct target t = { .row = r, .fill = fill, .place = walk(s, root, r->at) };
	const struct message *m;

	if (!r->field) {
		for (unsigned i = 0; i < r->n; i++)
			core_put(fill->to + r->offset + i * r->width, r->value,
				 r->width, fill->big);
		return true;
	}
	if (t.place == NOWHERE)
		return false;
	m = s->places[t.place].message;
	t.field = message_field_name(m, r->field, strlen(r->field));
	if (!t.field || s->n_targets == CORE_ROWS_MAX)
		return error_set(s->sink.err, CRIT_EDATA, "the schema has no "
				 "%s.%s", m->name, r->field);
	s->targets[s->n_targets++] = t;
	return true;
}

static bool add_fills(struct filling *s, struct core_fill *fills, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int root = walk(s, 0, fills[i].root);

		fills[i].seen = false;
		fills[i].parts = 0;
		for (size_t k = 0; k < fills[i].n_rows; k++)
			if (root == NOWHERE ||
			    !add_row(s, &fills[i], root, &fills[i].rows[k]))
				return false;
	}
	return true;
}

static bool run(struct filling *s, const char *magic, struct core_fill *fills,
		size_t n)
{
	const struct image_type *type = s->source.image.type;
	int r;

	if (strcmp(type->name, magic))
		return error_set(s->sink.err, CRIT_EDATA, "is a %s image, not %s",
				 type->name, magic);
	s->places[0].message = type->first;
	s->n_places = 1;
	if (!add_fills(s, fills, n))
		return false;
	while ((r = image_source_next(&s->source, &s->sink)) > 0)
		;
	return !r;
}

bool core_fill(struct core_fill *fills, size_t n, const struct store *dir,
	       const char *magic, const char *name, struct crit_error *err)
{
	struct filling s = { .sink = { .ops = &ops, .err = err } };
	struct blob b;
	bool ok;

	if (!store_blob(dir, name, &b, err))
		return false;
	ok = image_source_open_blob(&s.source, &b, name, dir->schema, err) &&
	     run(&s, magic, fills, n);
	image_source_close(&s.source);
	blob_close(&b);
	if (ok)
		err->image[0] = 0;
	return ok;
}

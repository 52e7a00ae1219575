// SPDX-License-Identifier: MIT
/*
 *   image ─► events ─► frames ─┬─► leaves, as they come
 *                              └─► units, when they end
 */
#include "diff/walk.h"
#include "diff/walk_parts.h"

#include <stdio.h>
#include <string.h>

static struct walk *walk_of(struct sink *s)
{
	return (struct walk *)s;
}

static struct walk_frame *top(struct walk *w)
{
	return &w->frames[w->depth - 1];
}

static struct unit *unit_of(struct walk *w)
{
	return &w->units[w->n_units - 1];
}

/* Parts of extra have no number, and differ by their names. */
static uint64_t number_of(const struct field *f)
{
	uint64_t h = 1;

	if (!f || f->number)
		return f ? f->number + 1 : 0;
	for (const char *c = f->name; *c; c++)
		h = mix(h, (uint8_t)*c);
	return h;
}

/* The path of a field of the frame, with its index where it is in a list. */
static uint64_t path_of(const struct walk_frame *fr, const struct field *f,
			uint64_t index)
{
	uint64_t path = mix(fr->path, number_of(f));

	return fr->list ? mix(path, index + 1) : path;
}

static void name_path(struct walk *w, const struct field *f, bool index)
{
	struct walk_frame *fr = top(w);
	size_t n = fr->path_n;
	int k;

	if (!w->leaf)
		return;
	k = snprintf(w->path + n, WALK_PATH - n, index ? "%s%s[%u]" : "%s%s",
		     n > unit_of(w)->path_at ? "." : "", f ? f->name : "_unknown",
		     fr->index);
	if (k < 0 || n + (size_t)k >= WALK_PATH)
		w->path[WALK_PATH - 1] = 0;
}

static const struct field_rule *rule_of(const struct walk_frame *fr,
					const struct field *f)
{
	if (!f || !fr->rules->field || f->index >= fr->message->n_fields ||
	    &fr->message->fields[f->index] != f)
		return NULL;
	return fr->rules->field[f->index];
}

static struct walk_frame *push(struct walk *w, const struct message *m)
{
	struct walk_frame *fr = &w->frames[w->depth++];

	*fr = (struct walk_frame){
		.message = m, .rules = identity_of(w->identities, m),
	};
	return fr;
}

static void open_unit(struct walk *w, const struct message *m, uint64_t seed)
{
	const struct entry_rule *rule = identity_of(w->identities, m)->entry;
	struct unit *u = &w->units[w->n_units++];

	memset(u, 0, offsetof(struct unit, later));
	u->n_later = 0;
	u->name_n = 0;
	u->message = m;
	u->rule = rule;
	u->key = seed;
	u->label = w->n_units > 1 ? u[-1].label : w->label;
	u->ordinal = w->ordinals++;
	u->wanted = !w->wanted || w->wanted(w, u->ordinal);
	u->section = rule ? rule->section : identity_section(w->type);
	u->path_at = w->n_units > 1 ? strlen(w->path) : 0;
	if (w->n_units > 1)
		u->parent = w->units[w->n_units - 2].key;
}

static void on_entry(struct sink *s, const struct message *m)
{
	struct walk *w = walk_of(s);
	struct walk_frame *fr;

	w->depth = w->n_units = 0;
	w->path[0] = 0;
	open_unit(w, m, mix(w->key, 1));
	fr = push(w, m);
	fr->root = true;
}

static void on_entry_end(struct sink *s)
{
	struct walk *w = walk_of(s);

	unit_end(w, unit_of(w));
	w->depth = w->n_units = 0;
}

/* Whether an element of a list is a unit. */
static bool is_unit(const struct walk *w, const struct walk_frame *fr,
		    const struct field *f)
{
	return fr->list && w->n_units < WALK_UNITS && f->message &&
	       w->units[w->n_units - 1].rule &&
	       identity_of(w->identities, f->message)->entry;
}

static void on_begin(struct sink *s, const struct field *f)
{
	struct walk *w = walk_of(s);
	struct walk_frame *fr = top(w), *sub;
	bool unit = is_unit(w, fr, f);
	uint64_t path = path_of(fr, f, fr->index);

	name_path(w, f, fr->list && !unit);
	fr->index++;
	if (unit)
		open_unit(w, f->message, mix(unit_of(w)->key, f->number));
	sub = push(w, f->message);
	sub->root = unit;
	sub->hex = fr->hex || f->show == SHOW_HEX;
	sub->path = unit ? 0 : path;
	sub->path_n = w->leaf ? strlen(w->path) : 0;
}

static void on_end(struct sink *s)
{
	struct walk *w = walk_of(s);

	if (top(w)->root)
		unit_end(w, unit_of(w));
	if (top(w)->root)
		w->n_units--;
	w->depth--;
}

static void on_list(struct sink *s, const struct field *f)
{
	struct walk *w = walk_of(s);

	top(w)->list = f;
	top(w)->index = 0;
}

static void on_list_end(struct sink *s)
{
	top(walk_of(s))->list = NULL;
}

/* Whether nobody looks at more of the unit than its key and its ids. */
static bool only_key(const struct walk *w, const struct unit *u)
{
	return w->id && u->rule;
}

/* A value: to its unit's content and key, and to whoever wants leaves. */
static void take(struct walk *w, const struct field *f,
		 const struct field_rule *rule, struct leaf *l)
{
	struct walk_frame *fr = top(w);
	struct unit *u = unit_of(w);
	uint64_t h = mix(l->path, l->hash);

	l->field = f;
	l->list = fr->list;
	l->hex = fr->hex;
	l->list_path = mix(fr->path, f ? f->number : 0);
	u->content += h;
	u->shape += l->space ? 0 : h;
	if (rule && rule->flags & FIELD_KEY &&
	    (fr->root || rule->flags & FIELD_INSIDE))
		u->key += mix(l->list_path, l->hash);
	if (w->leaf && u->wanted) {
		name_path(w, f, false);
		l->path_n = strlen(w->path);
		if (fr->list)
			name_path(w, f, true);
		w->leaf(w, u, l);
	}
	fr->index++;
}

static void on_number(struct sink *s, const struct field *f, uint64_t v)
{
	struct walk *w = walk_of(s);
	struct walk_frame *fr = top(w);
	const struct field_rule *rule = rule_of(fr, f);
	struct leaf l = { .value = v };

	if (!rule && only_key(w, unit_of(w))) {
		fr->index++;
		return;
	}
	l.path = path_of(fr, f, rule && rule->flags & FIELD_SET ? v : fr->index);
	if (rule && unit_note(w, unit_of(w), f, rule, v, l.path))
		return;
	l.space = rule ? rule->space : S_NONE;
	l.hash = l.space ? ids_token(w->ids, w->side, l.space, v) : mix(1, v);
	take(w, f, rule, &l);
}

static void more_bytes(struct walk *w, const struct field *f, const void *p,
		       size_t n, bool last)
{
	const struct field_rule *rule = rule_of(top(w), f);
	size_t room = WALK_BYTES - w->n_bytes;
	struct leaf l;

	if (n)
		memcpy(w->bytes + w->n_bytes, p, n < room ? n : room);
	w->n_bytes += n < room ? n : room;
	if (rule || !only_key(w, unit_of(w)))
		walk_hash(w, p, n);
	if (!last)
		return;
	l = (struct leaf){ .bytes = w->bytes, .n = w->n_bytes,
			   .size = w->size,
			   .path = path_of(top(w), f, top(w)->index),
			   .hash = mix(mix(w->hash, w->word), w->size) };
	if (rule && rule->flags & FIELD_NAME) {
		unit_name(unit_of(w), w->bytes, w->n_bytes);
		unit_of(w)->named = l.hash;
	}
	take(w, f, rule, &l);
	walk_bytes_begin(w);
}

static void on_bytes(struct sink *s, const struct field *f, const void *p,
		     size_t n, bool last)
{
	more_bytes(walk_of(s), f, p, n, last);
}

static void on_unknown(struct sink *s, const void *p, size_t n, bool last)
{
	more_bytes(walk_of(s), NULL, p, n, last);
}

/* An image of raw bytes is one unit of one value. */
static void on_raw(struct sink *s, const void *p, size_t n)
{
	struct walk *w = walk_of(s);
	static const struct message raw = { .name = "raw" };

	on_entry(s, &raw);
	more_bytes(w, NULL, p, n, true);
	on_entry_end(s);
}

const struct sink_ops walk_ops = {
	.entry = on_entry, .entry_end = on_entry_end, .begin = on_begin,
	.end = on_end, .list = on_list, .list_end = on_list_end,
	.number = on_number, .bytes = on_bytes, .unknown = on_unknown,
	.raw = on_raw, .bulk = &walk_bulk,
};

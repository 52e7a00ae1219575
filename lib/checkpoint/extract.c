// SPDX-License-Identifier: MIT
/*
 *   image ─► plan: values by the number of their rule, from 1
 *                └─► the structure, before each done and item
 */
#include "checkpoint/extract.h"
#include "base/alloc.h"
#include "image/read.h"

#include <string.h>

struct picking {
	struct sink sink;
	struct image_source source;
	const struct extract *p;
	struct plan *plan;
	const struct message *open[EXTRACT_DEPTH];
	size_t depth;
	size_t text;		/* bytes of the text that is coming */
	bool stopped;
};

static void open_message(struct picking *s, const struct message *m)
{
	if (s->depth < EXTRACT_DEPTH)
		s->open[s->depth] = m;
	s->depth++;
}

/* Values so far, to where the rules want them. */
static void hand_over(struct picking *s)
{
	uint64_t seen = s->plan->seen;

	for (; seen; seen &= seen - 1) {
		unsigned slot = (unsigned)__builtin_ctzll(seen);
		const struct extract_rule *r = &s->p->rules[slot - 1];

		if (slot)
			memcpy((char *)s->p->ctx + r->offset,
			       &s->plan->value[slot], sizeof(uint64_t));
	}
	s->plan->seen = 0;
}

static void close_message(struct picking *s)
{
	unsigned slot = 0;

	if (--s->depth < EXTRACT_DEPTH)
		slot = plan_slot(s->plan, s->open[s->depth]);
	if (!slot || s->stopped || !s->p->done)
		return;
	hand_over(s);
	s->stopped = !s->p->done(s->p->ctx, &s->p->rules[slot - 1]);
}

static void on_entry(struct sink *sink, const struct message *m)
{
	struct picking *s = (struct picking *)sink;

	s->depth = 0;
	open_message(s, m);
}

static void on_begin(struct sink *sink, const struct field *f)
{
	open_message((struct picking *)sink, f->message);
}

static void on_end(struct sink *sink)
{
	close_message((struct picking *)sink);
}

static void on_entry_end(struct sink *sink)
{
	struct picking *s = (struct picking *)sink;

	if (s->p->end)
		*s->p->end = in_offset(&s->source.in);
	close_message(s);
	hand_over(s);
}

static void on_number(struct sink *sink, const struct field *f, uint64_t v)
{
	struct picking *s = (struct picking *)sink;
	uint8_t slot = plan_slot(s->plan, f);

	if (slot && f->label == LABEL_REPEATED && s->p->item) {
		hand_over(s);
		s->p->item(s->p->ctx, f, v);
	} else if (slot) {
		plan_set(s->plan, slot, v);
	}
}

static void on_bytes(struct sink *sink, const struct field *f, const void *p,
		     size_t n, bool last)
{
	struct picking *s = (struct picking *)sink;
	uint8_t slot = plan_slot(s->plan, f);
	const struct extract_rule *r = &s->p->rules[slot - 1];
	char *to;

	if (!slot || !r->size)
		return;
	if (n > r->size - 1 - s->text)
		n = r->size - 1 - s->text;
	to = (char *)s->p->ctx + r->offset;
	memcpy(to + s->text, p, n);
	s->text += n;
	to[s->text] = 0;
	if (last)
		s->text = 0;
}

/* Fields may come in any order; nothing is ever taken back. */
static enum flat on_flat(struct sink *sink, const struct message *m,
			 const uint8_t *p, size_t n)
{
	return plan_read(((struct picking *)sink)->plan, sink, m, p, n) ?
		FLAT_OK : FLAT_BAD;
}

static const struct bulk_ops bulk = { .flat = on_flat };

static const struct sink_ops ops = {
	.entry = on_entry, .entry_end = on_entry_end,
	.begin = on_begin, .end = on_end,
	.number = on_number, .bytes = on_bytes, .bulk = &bulk,
};

void extract_free(struct plan *plan)
{
	plan_free(plan);
	alloc_free(plan);
}

struct plan *extract_compile(const struct extract *p, const struct schema *schema,
			     struct crit_error *err)
{
	struct plan *plan = alloc_zero(sizeof(*plan));

	if (!plan) {
		error_set(err, CRIT_ENOMEM, "out of memory");
		return NULL;
	}
	plan->pass_misfits = true;
	for (size_t i = 0; i < p->n_rules; i++) {
		const struct extract_rule *r = &p->rules[i];

		if (plan_rule(plan, schema, r->message, r->field, (uint8_t)(i + 1)))
			continue;
		error_set(err, CRIT_EDATA, "the schema has no %s.%s", r->message,
			  r->field ? r->field : "");
		extract_free(plan);
		return NULL;
	}
	return plan;
}

static bool check_type(const struct picking *s, struct crit_error *err)
{
	const char *is = s->source.image.type->name;

	if (!s->p->magic || !strcmp(is, s->p->magic))
		return true;
	return error_set(err, CRIT_EDATA, "is a %s image, not %s", is,
			 s->p->magic);
}

static bool run(struct picking *s, const struct blob *b, const char *name,
		const struct schema *schema, struct crit_error *err)
{
	struct image_source *source = &s->source;
	int r = 0;

	if (image_source_open_blob(source, b, name, schema, err) &&
	    check_type(s, err)) {
		source->skip_extra = true;
		while (!s->stopped && (r = image_source_next(source, &s->sink)) > 0)
			;
	}
	image_source_close(source);
	return r >= 0 && !error_is(err);
}

static bool open_and_run(struct picking *s, const struct store *dir,
			 const char *name, struct crit_error *err)
{
	struct blob b;
	bool ok;

	if (!store_blob(dir, name, &b, err))
		return false;
	ok = run(s, &b, name, dir->schema, err);
	blob_close(&b);
	if (ok)
		err->image[0] = 0;
	return ok;
}

bool extract_image(const struct extract *p, const struct store *dir,
		const char *name, bool *absent, struct crit_error *err)
{
	struct picking s = { .sink = { .ops = &ops, .err = err }, .p = p };
	bool ok;

	if (absent)
		*absent = store_absent(dir, name);
	if (absent && *absent)
		return true;
	s.plan = p->plan ? p->plan : extract_compile(p, dir->schema, err);
	if (!s.plan)
		return false;
	s.plan->seen = 0;
	ok = open_and_run(&s, dir, name, err);
	if (!p->plan)
		extract_free(s.plan);
	return ok;
}

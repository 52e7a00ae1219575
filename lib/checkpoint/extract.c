// SPDX-License-Identifier: MIT
#include "checkpoint/extract.h"
#include "image/read.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct picking {
	struct sink sink;
	struct image_source source;
	const struct extract *p;
	const struct field *field[EXTRACT_RULES_MAX];	/* of each rule */
	const struct message *message[EXTRACT_RULES_MAX];
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

static void close_message(struct picking *s)
{
	const struct message *m = NULL;

	if (--s->depth < EXTRACT_DEPTH)
		m = s->open[s->depth];
	for (size_t i = 0; m && i < s->p->n_rules && !s->stopped; i++)
		if (s->message[i] == m && !s->field[i] && s->p->done &&
		    !s->p->done(s->p->ctx, &s->p->rules[i]))
			s->stopped = true;
}

static void on_image(struct sink *sink, const struct image *i)
{
	(void)sink;
	(void)i;
}

static void on_nothing(struct sink *sink)
{
	(void)sink;
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
}

static void on_list(struct sink *sink, const struct field *f)
{
	(void)sink;
	(void)f;
}

static const struct extract_rule *rule_of(const struct picking *s,
				       const struct field *f)
{
	for (size_t i = 0; i < s->p->n_rules; i++)
		if (s->field[i] == f)
			return &s->p->rules[i];
	return NULL;
}

static void on_number(struct sink *sink, const struct field *f, uint64_t v)
{
	struct picking *s = (struct picking *)sink;
	const struct extract_rule *r = rule_of(s, f);

	if (!r)
		return;
	if (f->label == LABEL_REPEATED && s->p->item)
		s->p->item(s->p->ctx, f, v);
	else
		memcpy((char *)s->p->ctx + r->offset, &v, sizeof(v));
}

static void on_bytes(struct sink *sink, const struct field *f, const void *p,
		     size_t n, bool last)
{
	struct picking *s = (struct picking *)sink;
	const struct extract_rule *r = rule_of(s, f);
	char *to;

	if (!r || !r->size)
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

static void on_unknown(struct sink *sink, const void *p, size_t n, bool last)
{
	(void)sink;
	(void)p;
	(void)n;
	(void)last;
}

static const struct sink_ops ops = {
	.image = on_image, .image_end = on_nothing,
	.entry = on_entry, .entry_end = on_entry_end,
	.begin = on_begin, .end = on_end,
	.list = on_list, .list_end = on_nothing,
	.number = on_number, .bytes = on_bytes, .unknown = on_unknown,
};

static bool resolve(struct picking *s, const struct schema *schema,
		    struct crit_error *err)
{
	for (size_t i = 0; i < s->p->n_rules; i++) {
		const struct extract_rule *r = &s->p->rules[i];

		s->message[i] = schema_message(schema, r->message);
		if (s->message[i] && r->field)
			s->field[i] = message_field_name(s->message[i], r->field,
							 strlen(r->field));
		if (!s->message[i] || (r->field && !s->field[i]))
			return error_set(err, CRIT_EDATA, "the schema has no %s.%s",
					 r->message, r->field ? r->field : "");
	}
	return true;
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

bool extract_image(const struct extract *p, const struct store *dir,
		const char *name, bool *absent, struct crit_error *err)
{
	struct picking s = { .sink = { .ops = &ops, .err = err }, .p = p };
	struct blob b;
	bool ok;

	if (absent)
		*absent = store_absent(dir, name);
	if (absent && *absent)
		return true;
	if (!resolve(&s, dir->schema, err))
		return false;
	if (!store_blob(dir, name, &b, err))
		return false;
	ok = run(&s, &b, name, dir->schema, err);
	blob_close(&b);
	if (ok)
		err->image[0] = 0;
	return ok;
}

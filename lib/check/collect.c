// SPDX-License-Identifier: MIT
/*
 *   events ─► frames (one for each open message) ─► rows
 *                └► required fields that are not there
 */
#include "check/collect.h"
#include "schema/extra.h"

#include <string.h>

static struct check *check(struct sink *sink)
{
	return (struct check *)sink;
}

static struct frame *top(struct check *c)
{
	return &c->frames[c->depth - 1];
}

static struct row *row_of(struct check *c, const struct frame *f)
{
	return check_row(c, f->plan->table, f->row + 1);
}

static void place_row(struct check *c, struct frame *f, const struct frame *up)
{
	struct row *r = check_more(c, &c->tables[f->plan->table],
				   check_tables[f->plan->table].size);

	if (!r)
		return;
	f->row = c->tables[f->plan->table].n - 1;
	r->image = (uint32_t)c->image;
	r->entry = (uint32_t)c->entry;
	r->element = f->element;
	if (f->field && f->field->label == LABEL_REPEATED)
		r->flags = ROW_ELEMENT;
	if (!up || !up->plan)
		return;
	r->parent = (uint32_t)up->row + 1;
	r->parent_table = (uint16_t)up->plan->table;
	r->via = f->field->number ? f->field->index : UINT16_MAX;
}

static void open_frame(struct check *c, const struct message *m,
		       const struct field *field)
{
	struct frame *up = c->depth ? top(c) : NULL;
	struct frame *f = &c->frames[c->depth++];

	memset(f, 0, sizeof(*f));
	f->message = m;
	f->field = field;
	f->plan = plan_of(c, m);
	if (up && up->list == field)
		f->element = up->list_next++;
	if (f->plan)
		place_row(c, f, up);
}

/* Where a field of the open message goes, or NULL. */
static uint64_t *slot(struct check *c, const struct field *f, uint8_t *take)
{
	struct frame *t = top(c);
	uint8_t column;
	struct row *r;

	if (!t->plan || error_is(c->err))
		return NULL;
	column = f->number ? t->plan->slot[f->index] : t->plan->extra;
	if (!column)
		return NULL;
	r = row_of(c, t);
	r->seen |= UINT64_C(1) << (column - 1);
	*take = check_tables[t->plan->table].columns[column - 1].take;
	return (uint64_t *)(void *)((char *)r + check_tables[t->plan->table]
				    .columns[column - 1].offset);
}

/* The last row, which no rule looks at, and that the message around it had it. */
static void drop(struct check *c, const struct frame *f)
{
	struct check_list *rows = &c->tables[f->plan->table];
	uint8_t take = TAKE_VALUE;
	uint64_t *s;

	if (f->row + 1 != rows->n || !c->depth ||
	    check_tables[f->plan->table].keep(row_of(c, f)))
		return;
	rows->n--;
	s = slot(c, f->field, &take);
	if (s && take == TAKE_ROW)
		*s = 0;
}

/* Required fields are absent. */
static void lacks(struct check *c, const struct frame *f)
{
	if (c->passing)
		c->lacks = true;
	else
		collect_required(c, f);
}

static void close_frame(struct check *c)
{
	struct frame *f = top(c);

	if (f->message && f->message->required & ~f->required)
		lacks(c, f);
	if (f->plan && check_tables[f->plan->table].done && !error_is(c->err))
		check_tables[f->plan->table].done(c, row_of(c, f));
	c->depth--;
	if (f->plan && check_tables[f->plan->table].keep && !error_is(c->err))
		drop(c, f);
}

static void on_image(struct sink *sink, const struct image *i)
{
	struct check *c = check(sink);

	c->depth = 0;
	c->entry = 0;
	c->ignore = !images_begin(c, i);
	if (!c->ignore)
		pages_begin(c);
}

static void on_image_end(struct sink *sink)
{
	struct check *c = check(sink);

	if (c->image == SIZE_MAX)
		return;
	if (!c->ignore) {
		images_end(c, c->entry);
		pages_end(c);
	}
	c->image = SIZE_MAX;
}

static void on_fail(struct sink *sink, const struct crit_error *err)
{
	struct check *c = check(sink);
	const struct crit_error copy = *err;

	c->depth = 0;
	if (copy.code == CRIT_ENOMEM)
		return;
	error_clear(c->err);
	pages_lost(c);
	images_fail(c, &copy);
	c->image = SIZE_MAX;
}

static void on_entry(struct sink *sink, const struct message *m)
{
	struct check *c = check(sink);

	if (!c->ignore)
		open_frame(c, m, NULL);
}

static void on_entry_end(struct sink *sink)
{
	struct check *c = check(sink);

	if (!c->ignore)
		close_frame(c);
	c->entry++;
}

static void on_begin(struct sink *sink, const struct field *f)
{
	struct check *c = check(sink);
	const struct message *m = f->message;
	uint64_t *s, row;
	uint8_t take;

	if (c->ignore)
		return;
	top(c)->required |= f->required;
	if (f == &extra_messages)
		m = schema_message(c->schema, "ipc_msg");
	row = plan_of(c, m) ? c->tables[plan_of(c, m)->table].n : 0;
	s = slot(c, f, &take);
	if (s && take == TAKE_ROWS)
		*s = *s ? *s + 1 : span(row, 1);
	else if (s && take == TAKE_COUNT)
		++*s;
	else if (s)
		*s = take == TAKE_ROW ? row + 1 : 1;
	open_frame(c, m, f);
}

static void on_end(struct sink *sink)
{
	if (!check(sink)->ignore)
		close_frame(check(sink));
}

static void on_list(struct sink *sink, const struct field *f)
{
	struct check *c = check(sink);

	if (c->ignore)
		return;
	top(c)->list = f;
	top(c)->list_next = 0;
}

static void on_number(struct sink *sink, const struct field *f, uint64_t v)
{
	struct check *c = check(sink);
	uint8_t take;
	uint64_t *s;

	if (c->ignore)
		return;
	top(c)->required |= f->required;
	s = slot(c, f, &take);
	if (!s)
		return;
	if (take == TAKE_VALUE) {
		*s = v;
	} else if (take == TAKE_COUNT) {
		++*s;
	} else if (take == TAKE_LIST) {
		*s = *s ? *s + 1 : span(c->numbers.n, 1);
		check_append(c, &c->numbers, &v, 1, sizeof(v));
	}
}

/* Text up to a bound, so many bytes of which came before. */
static void keep_text(struct check *c, uint64_t *s, const void *p, size_t n)
{
	if (n > CHECK_TEXT_MAX - c->text_n)
		n = CHECK_TEXT_MAX - c->text_n;
	if (!*s)
		*s = span(c->text.n, 0);
	*s += n;
	check_append(c, &c->text, p, n, 1);
}

static void keep_head(struct check *c, uint64_t *s, const uint8_t *p, size_t n)
{
	if (!c->text_n)
		*s = 0;
	for (size_t i = 0; i < n && c->text_n + i < 4; i++)
		*s |= (uint64_t)p[i] << 8 * (c->text_n + i);
	*s += (uint64_t)n << 32;
}

static void on_bytes(struct sink *sink, const struct field *f, const void *p,
		     size_t n, bool last)
{
	struct check *c = check(sink);
	uint8_t take = TAKE_VALUE;
	uint64_t *s;

	if (c->ignore)
		return;
	top(c)->required |= f->required;
	s = slot(c, f, &take);
	if (s && (take == TAKE_TEXT || take == TAKE_NAMES))
		keep_text(c, s, p, n);
	else if (s && take == TAKE_HEAD)
		keep_head(c, s, p, n);
	else if (s && take == TAKE_SIZE)
		*s += n;
	else if (s && take == TAKE_COUNT)
		*s += last;
	c->text_n += c->text_n < CHECK_TEXT_MAX ? (uint32_t)n : 0;
	if (c->text_n > CHECK_TEXT_MAX)
		c->text_n = CHECK_TEXT_MAX;
	if (s && last && take == TAKE_NAMES) {
		check_append(c, &c->text, "", 1, 1);
		++*s;
	}
	if (last)
		c->text_n = 0;
}

const struct sink_ops collect_ops = {
	.image = on_image, .image_end = on_image_end, .fail = on_fail,
	.entry = on_entry, .entry_end = on_entry_end,
	.begin = on_begin, .end = on_end,
	.list = on_list, .number = on_number, .bytes = on_bytes,
	.bulk = &collect_bulk,
};

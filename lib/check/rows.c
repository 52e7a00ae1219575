// SPDX-License-Identifier: MIT
/*
 *   table ─► rows, one after another    span ─► numbers, text, rows
 */
#include "check/check.h"
#include "base/alloc.h"

#include <string.h>

static bool room(struct check *c, struct check_list *l, size_t n, size_t size)
{
	size_t cap = l->cap ? l->cap : 64;
	void *p;

	while (cap - l->n < n)
		cap *= 2;
	if (cap == l->cap)
		return true;
	p = alloc_more(l->p, cap * size);
	if (!p)
		return error_set(c->err, CRIT_ENOMEM, "out of memory");
	l->p = p;
	l->cap = cap;
	return true;
}

void *check_more(struct check *c, struct check_list *l, size_t size)
{
	char *p;

	if (l->n == l->cap && !room(c, l, 1, size))
		return NULL;
	p = (char *)l->p + l->n++ * size;
	memset(p, 0, size);
	return p;
}

bool check_append(struct check *c, struct check_list *l, const void *p,
		  size_t n, size_t size)
{
	if (!room(c, l, n, size))
		return false;
	if (n)
		memcpy((char *)l->p + l->n * size, p, n * size);
	l->n += n;
	return true;
}

void *check_row(const struct check *c, enum table t, uint64_t from_one)
{
	const struct check_list *l = &c->tables[t];

	if (!from_one || from_one > l->n)
		return NULL;
	return (char *)l->p + (from_one - 1) * check_tables[t].size;
}

void *check_first(const struct check *c, enum table t)
{
	return check_row(c, t, 1);
}

void *check_next(const struct check *c, enum table t, const void *row)
{
	const struct check_list *l = &c->tables[t];
	char *p = (char *)row + check_tables[t].size;

	return p < (char *)l->p + l->n * check_tables[t].size ? p : NULL;
}

void *check_nth(const struct check *c, enum table t, uint64_t rows, uint32_t i)
{
	return i < span_n(rows) ? check_row(c, t, span_at(rows) + i + 1) : NULL;
}

uint64_t check_number(const struct check *c, uint64_t numbers, uint32_t i)
{
	const uint64_t *all = c->numbers.p;

	return i < span_n(numbers) ? all[span_at(numbers) + i] : 0;
}

const char *check_text(const struct check *c, uint64_t text)
{
	return span_n(text) ? (const char *)c->text.p + span_at(text) : "";
}

/* Rows of a table come image by image. */
void *check_of_image(const struct check *c, enum table t, const char *template,
		     uint64_t number)
{
	const struct check_image *im = check_find(c, template, number);
	const struct check_list *l = &c->tables[t];
	size_t from = 0, to = l->n;
	const struct row *r;
	uint32_t at;

	if (!im)
		return NULL;
	at = (uint32_t)(im - (struct check_image *)c->images.p);
	while (from < to) {
		size_t mid = from + (to - from) / 2;

		r = check_row(c, t, mid + 1);
		if (r->image < at)
			from = mid + 1;
		else
			to = mid;
	}
	r = check_row(c, t, from + 1);
	return r && r->image == at ? (void *)r : NULL;
}

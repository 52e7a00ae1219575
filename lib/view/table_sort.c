// SPDX-License-Identifier: MIT
/*
 *   cells in the spool ─► a key for each row ─► rows in order
 */
#include "view/table_print.h"
#include "base/alloc.h"
#include "codec/edits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 48 };	/* bytes of a text that are compared */

/* What is compared of a row. Rows without a cell in the column come last. */
struct key {
	uint64_t at, number;
	uint8_t text[TEXT];
	uint8_t n;
	bool has, is_number, down;
};

struct keys {
	struct key *p;
	size_t n, cap;
};

static int by_text(const struct key *x, const struct key *y)
{
	size_t n = x->n < y->n ? x->n : y->n;
	int d = memcmp(x->text, y->text, n);

	return d ? d : (x->n > y->n) - (x->n < y->n);
}

/* Numbers before texts, either way; equal rows as they came. */
static int compare(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int d;

	if (x->has != y->has)
		return x->has ? -1 : 1;
	if (x->is_number != y->is_number)
		return x->is_number ? -1 : 1;
	if (x->is_number)
		d = (x->number > y->number) - (x->number < y->number);
	else
		d = by_text(x, y);
	if (d)
		return x->down ? -d : d;
	return (x->at > y->at) - (x->at < y->at);
}

/* The column that was probably meant, or NULL. */
static const char *meant(const struct table *t, const char *name)
{
	unsigned least = EDITS_NAME_MAX;
	const char *best = NULL;

	for (unsigned i = 0; i < t->n; i++) {
		const char *key = t->columns[i].key;
		unsigned d = edits(key, strlen(key), name, strlen(name));

		if (t->columns[i].shown && d < least) {
			least = d;
			best = key;
		}
	}
	return edits_close(least, strlen(name)) ? best : NULL;
}

static bool no_column(struct table *t, const char *name)
{
	const char *best = meant(t, name);
	char list[256];
	size_t n = 0;

	if (best)
		return error_set(t->err, CRIT_EUSAGE, "no column '%.40s' to sort by "
				 "(did you mean %s?)", name, best);
	for (unsigned i = 0; i < t->n && n < sizeof(list); i++)
		if (t->columns[i].shown)
			n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s",
					      n ? ", " : "", t->columns[i].key);
	return error_set(t->err, CRIT_EUSAGE, "no column '%.40s' to sort by (%s)",
			 name, list);
}

/* Which column; TABLE_COLUMNS: none. Sizes and counts come largest first. */
static unsigned sort_column(struct table *t, bool *down)
{
	const char *name = t->sort + (*t->sort == '-');

	for (unsigned i = 0; i < t->n; i++) {
		if (strcasecmp(t->columns[i].key, name))
			continue;
		*down = table_is_count(t->columns[i].key) != (*t->sort == '-');
		return i;
	}
	if (t->n)
		no_column(t, name);
	return TABLE_COLUMNS;
}

static struct key *more(struct table *t, struct keys *keys)
{
	struct key *p;

	if (keys->n < keys->cap)
		return &keys->p[keys->n++];
	p = alloc_more(keys->p, (2 * keys->cap + 64) * sizeof(*p));
	if (!p) {
		error_set(t->err, CRIT_ENOMEM, "out of memory");
		return NULL;
	}
	keys->p = p;
	keys->cap = 2 * keys->cap + 64;
	return &keys->p[keys->n++];
}

static bool read_key(struct table *t, uint64_t at, const struct table_cell *cell,
		     struct key *k)
{
	k->has = true;
	k->is_number = cell->is_number;
	k->number = cell->number;
	k->n = (uint8_t)(cell->size < TEXT ? cell->size : TEXT);
	return spool_read(&t->spool, at, k->text, k->n) == k->n;
}

/* One row from *at on. */
static bool read_row(struct table *t, uint64_t *at, unsigned column,
		     struct key *k)
{
	struct table_cell cell;

	k->at = *at;
	for (;;) {
		if (spool_read(&t->spool, *at, &cell, sizeof(cell)) !=
		    sizeof(cell))
			return false;
		*at += sizeof(cell);
		if (cell.column == TABLE_COLUMNS)
			return true;
		if (cell.column == column && !read_key(t, *at, &cell, k))
			return false;
		*at += cell.size;
	}
}

static bool read_keys(struct table *t, unsigned column, bool down,
		      struct keys *keys)
{
	uint64_t at = 0, end = spool_size(&t->spool);

	while (at < end) {
		struct key *k = more(t, keys);

		if (!k)
			return false;
		memset(k, 0, sizeof(*k));
		k->down = down;
		if (!read_row(t, &at, column, k))
			return false;
	}
	return true;
}

static bool take(struct table *t, const struct keys *keys,
		 struct table_order *order)
{
	order->n = t->top && t->top < keys->n ? (size_t)t->top : keys->n;
	order->at = alloc((order->n + 1) * sizeof(*order->at));
	if (!order->at)
		return error_set(t->err, CRIT_ENOMEM, "out of memory");
	for (size_t i = 0; i < order->n; i++)
		order->at[i] = keys->p[i].at;
	return true;
}

bool table_sort(struct table *t, struct table_order *order)
{
	struct keys keys = { 0 };
	bool down = false, ok;
	unsigned column = sort_column(t, &down);

	*order = (struct table_order){ 0 };
	if (column == TABLE_COLUMNS)
		return !error_is(t->err);
	ok = read_keys(t, column, down, &keys);
	if (ok && keys.n)
		qsort(keys.p, keys.n, sizeof(*keys.p), compare);
	ok = ok && take(t, &keys, order);
	alloc_free(keys.p);
	return ok;
}

void table_order_free(struct table_order *order)
{
	alloc_free(order->at);
}

// SPDX-License-Identifier: MIT
/*
 *   "vma_entry.start" ─► column ─► rows sorted by it, made once
 */
#include "check/areas.h"
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

struct keyed {
	uint64_t key;
	size_t row;		/* from 1 */
};

struct check_index {
	struct check_index *next;
	const char *name;	/* as it was asked for */
	const struct column *column;
	enum table table;
	size_t n;
	struct keyed *rows;
};

/* No column: a mistake in the tables; a unit test looks at all of them. */
struct column_at check_column(const char *name)
{
	const char *dot = strchr(name, '.');
	size_t len = (size_t)(dot - name);

	for (enum table t = T_NONE + 1; t < T_MAX; t++) {
		const struct table_rule *rule = &check_tables[t];

		if (strncmp(rule->message, name, len) || rule->message[len])
			continue;
		for (size_t i = 0; i < rule->n; i++)
			if (!strcmp(rule->columns[i].field, dot + 1))
				return (struct column_at){ t,
					&rule->columns[i], (unsigned)i };
	}
	return (struct column_at){ T_NONE, NULL, 0 };
}

static int compare(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static struct check_index *make(struct check *c, struct column_at at,
				const char *name)
{
	struct check_index *x = alloc_zero(sizeof(*x));
	size_t n = c->tables[at.table].n;

	if (x)
		x->rows = alloc((n + 1) * sizeof(*x->rows));
	if (!x || !x->rows) {
		alloc_free(x);
		error_set(c->err, CRIT_ENOMEM, "out of memory");
		return NULL;
	}
	x->name = name;
	x->column = at.column;
	x->table = at.table;
	x->n = n;
	for (size_t i = 0; i < n; i++)
		x->rows[i] = (struct keyed){
			column_value(check_row(c, at.table, i + 1), at.column),
			i + 1 };
	if (n)
		qsort(x->rows, n, sizeof(*x->rows), compare);
	x->next = c->indexes;
	c->indexes = x;
	return x;
}

static struct check_index *index_of(const struct check *c, const char *name)
{
	struct check_index *x = c->indexes;
	struct column_at at;

	/* the same literal, mostly */
	for (; x && x->name != name; x = x->next)
		;
	if (x)
		return x;
	at = check_column(name);
	if (!at.column) {
		error_set(c->err, CRIT_EUSAGE, "no column %s", name);
		return NULL;
	}
	for (x = c->indexes; x && x->column != at.column; x = x->next)
		;
	/* a cache: it changes nothing that can be seen */
	return x ? x : make((struct check *)c, at, name);
}

void indexes_free(struct check *c)
{
	while (c->indexes) {
		struct check_index *x = c->indexes;

		c->indexes = x->next;
		alloc_free(x->rows);
		alloc_free(x);
	}
}

/* The first place with this key, and a row after this one. */
static void *find(const struct check *c, const char *column, uint64_t key,
		  size_t after)
{
	const struct check_index *x = index_of(c, column);
	size_t from = 0, to = x ? x->n : 0;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (x->rows[mid].key < key || (x->rows[mid].key == key &&
					       x->rows[mid].row <= after))
			from = mid + 1;
		else
			to = mid;
	}
	if (!x || from == x->n || x->rows[from].key != key)
		return NULL;
	return check_row(c, x->table, x->rows[from].row);
}

void *check_lookup(const struct check *c, const char *column, uint64_t value)
{
	return find(c, column, value, 0);
}

void *check_lookup_next(const struct check *c, const char *column,
			const void *row)
{
	struct column_at at = check_column(column);
	size_t offset = (size_t)((const char *)row -
				 (char *)c->tables[at.table].p);

	return !at.column ? NULL :
		find(c, column, column_value(row, at.column),
		     offset / check_tables[at.table].size + 1);
}

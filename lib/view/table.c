// SPDX-License-Identifier: MIT
/*
 *   open, number, text, close ─► cells in the spool, widths of columns
 */
#include "view/table.h"
#include "codec/digits.h"
#include "view/table_print.h"

#include <stdio.h>
#include <string.h>

void table_init(struct table *t, struct crit_error *err)
{
	memset(t, 0, sizeof(*t));
	t->err = err;
	spool_init(&t->spool, err);
}

void table_free(struct table *t)
{
	spool_free(&t->spool);
}

/* "at" of descriptors stands where their numbers do. */
static const char *column_key(const char *key)
{
	return strcmp(key, "at") ? key : "fd";
}

/* NULL: there are too many. */
static struct table_column *column(struct table *t, const char *key)
{
	struct table_column *c = t->columns;

	key = column_key(key);
	for (unsigned i = 0; i < t->n; i++, c++)
		if (!strncmp(c->key, key, sizeof(c->key) - 1))
			return c;
	if (t->n == TABLE_COLUMNS)
		return NULL;
	t->n++;
	snprintf(c->key, sizeof(c->key), "%s", key);
	c->width = strlen(c->key);
	return c;
}

/* A spool that has lost something holds no cells any more. */
static void keep(struct table *t, const void *p, size_t n)
{
	t->broken = t->broken || !spool_put(&t->spool, p, n);
}

static void put_cell(struct table *t, const char *key, const void *p, size_t n,
		     bool text)
{
	struct table_column *c = column(t, key);
	struct table_cell cell = { .size = (uint32_t)n };
	size_t width;

	if (!c)
		return;
	cell.column = (uint32_t)(c - t->columns);
	width = table_width(p, n);
	if (width > c->width)
		c->width = width;
	c->text |= text;
	keep(t, &cell, sizeof(cell));
	keep(t, p, n);
}

void table_open(struct table *t, const char *key, char bracket)
{
	t->depth++;
	if (t->depth == 2) {
		t->list = bracket == '[';
		t->objects = t->n_joined = 0;
		snprintf(t->key, sizeof(t->key), "%s", key ? key : "");
	} else if (t->depth == 3) {
		t->objects++;
	}
}

static void end_list(struct table *t)
{
	char text[DIGITS_MAX];

	if (t->n_joined || !t->objects)
		put_cell(t, t->key, t->joined, t->n_joined, true);
	else
		put_cell(t, t->key, text,
			 (size_t)(digits_u64(text, t->objects) - text), false);
}

void table_close(struct table *t)
{
	const struct table_cell end = { .column = TABLE_COLUMNS };

	if (t->depth == 2 && t->list)
		end_list(t);
	if (t->depth == 2)
		t->list = false;
	if (t->depth == 1)
		keep(t, &end, sizeof(end));
	t->depth -= t->depth > 0;
}

/* One more of a list; what is too long is cut. */
static void join(struct table *t, const void *p, size_t n)
{
	size_t room = sizeof(t->joined) - t->n_joined;

	if (t->n_joined && room) {
		t->joined[t->n_joined++] = ',';
		room--;
	}
	if (n > room)
		n = room;
	memcpy(t->joined + t->n_joined, p, n);
	t->n_joined += n;
}

static void put(struct table *t, const char *key, const void *p, size_t n,
		bool text)
{
	if (t->depth == 1 && key)
		put_cell(t, key, p, n, text);
	else if (t->list && ((t->depth == 2 && !key) ||
			     (t->depth == 3 && key && !strcmp(key, "path"))))
		join(t, p, n);
}

void table_text(struct table *t, const char *key, const void *p, size_t n)
{
	put(t, key, p, n, true);
}

void table_digits(struct table *t, const char *key, const char *p, size_t n)
{
	put(t, key, p, n, false);
}

static bool is_size(const char *key)
{
	static const char *const keys[] = {
		"size", "bytes", "send_buf", "recv_buf", "stored", "total",
	};

	for (size_t i = 0; key && i < sizeof(keys) / sizeof(*keys); i++)
		if (!strcmp(key, keys[i]))
			return true;
	return false;
}

/* 4.0K, 1.5M */
static size_t human(char *text, size_t size, uint64_t n)
{
	static const char units[] = "BKMGTPE";
	unsigned unit = 0;
	double v = (double)n;

	for (; v >= 1024 && unit < 6; unit++)
		v /= 1024;
	return (size_t)snprintf(text, size, unit ? "%.1f%c" : "%.0f%c", v,
				units[unit]);
}

void table_number(struct table *t, const char *key, uint64_t n)
{
	char text[DIGITS_MAX + 8];
	size_t size = !t->exact && is_size(key) ? human(text, sizeof(text), n) :
		(size_t)(digits_u64(text, n) - text);

	put(t, key, text, size, false);
}

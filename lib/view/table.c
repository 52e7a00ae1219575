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

static struct table_column *new_column(struct table *t, const char *key, size_t n)
{
	struct table_column *c = &t->columns[t->n++];

	snprintf(c->key, sizeof(c->key), "%.*s", (int)n, key);
	c->width = strlen(c->key);
	return c;
}

void table_set_columns(struct table *t, const char *names)
{
	while (*names && t->n < TABLE_COLUMNS) {
		size_t n = strcspn(names, " ");
		bool optional = n && names[n - 1] == '?';

		new_column(t, names, n - optional)->optional = optional;
		names += n + (names[n] == ' ');
	}
	t->fixed = true;
}

/* NULL: there is none, or there are too many. */
static struct table_column *column(struct table *t, const char *key)
{
	struct table_column *c = t->columns;

	key = column_key(key);
	for (unsigned i = 0; i < t->n; i++, c++)
		if (!strncmp(c->key, key, sizeof(c->key) - 1))
			return c;
	if (t->fixed || t->n == TABLE_COLUMNS)
		return NULL;
	return new_column(t, key, strlen(key));
}

/* A spool that has lost something holds no cells any more. */
static void keep(struct table *t, const void *p, size_t n)
{
	t->broken = t->broken || !spool_put(&t->spool, p, n);
}

/* number: NULL where the text is none. */
static void put_cell(struct table *t, const char *key, const void *p, size_t n,
		     bool text, const uint64_t *number)
{
	struct table_column *c = column(t, key);
	struct table_cell cell;
	size_t width;

	memset(&cell, 0, sizeof(cell));		/* its padding, too */
	cell.size = (uint32_t)n;
	cell.is_number = number != NULL;
	cell.number = number ? *number : 0;

	if (!c)
		return;
	cell.column = (uint32_t)(c - t->columns);
	width = table_width(p, n);
	if (width > c->width)
		c->width = width;
	c->shown = true;
	c->text |= text && n;
	c->words |= text && n && !number;
	c->sum += cell.number;
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

	uint64_t n = t->objects;

	if (t->n_joined || !n)
		put_cell(t, t->key, t->joined, t->n_joined, true, NULL);
	else
		put_cell(t, t->key, text, (size_t)(digits_u64(text, n) - text),
			 false, &n);
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
		bool text, const uint64_t *number)
{
	if (t->depth == 1 && key)
		put_cell(t, key, p, n, text, number);
	else if (t->list && ((t->depth == 2 && !key) ||
			     (t->depth == 3 && key && !strcmp(key, "path"))))
		join(t, p, n);
}

/* Hexadecimal is sorted as the number that it is. */
static bool is_hex(const char *p, size_t n, uint64_t *number)
{
	if (n < 3 || n > 18 || p[0] != '0' || p[1] != 'x')
		return false;
	*number = 0;
	for (size_t i = 2; i < n; i++) {
		const char *all = "0123456789abcdef", *c = strchr(all, p[i]);

		if (!p[i] || !c)
			return false;
		*number = *number << 4 | (uint64_t)(c - all);
	}
	return true;
}

void table_text(struct table *t, const char *key, const void *p, size_t n)
{
	uint64_t number;

	put(t, key, p, n, true, is_hex(p, n, &number) ? &number : NULL);
}

/* What is negative is sorted as text. */
void table_digits(struct table *t, const char *key, const char *p, size_t n)
{
	uint64_t number = 0;
	bool whole = n && n < 20;

	for (size_t i = 0; i < n && whole; i++) {
		whole = p[i] >= '0' && p[i] <= '9';
		number = number * 10 + (uint64_t)(p[i] - '0');
	}
	put(t, key, p, n, false, whole ? &number : NULL);
}

static bool is_one_of(const char *key, const char *const *keys)
{
	while (*keys && strcmp(key, *keys))
		keys++;
	return *keys != NULL;
}

bool table_is_size(const char *key)
{
	static const char *const keys[] = {
		"size", "bytes", "send_buf", "recv_buf", "stored", "total",
		"payload", "extra", NULL
	};

	return is_one_of(key, keys) || !strncmp(key, "memory_", 7) ||
	       !strncmp(key, "bytes_", 6) || strstr(key, "_bytes");
}

bool table_is_count(const char *key)
{
	static const char *const keys[] = {
		"threads", "mappings", "pages", "entries", "count",
		"present", "parent", "lazy", "zero", "absent", NULL
	};

	return table_is_size(key) || is_one_of(key, keys);
}

/* 4.0K, 1.5M */
size_t table_size_text(const struct table *t, char *text, uint64_t n)
{
	static const char units[] = "BKMGTPE";
	unsigned unit = 0;
	double v = (double)n;

	if (t->exact)
		return (size_t)(digits_u64(text, n) - text);
	for (; v >= 1024 && unit < 6; unit++)
		v /= 1024;
	return (size_t)snprintf(text, TABLE_SIZE_MAX, unit ? "%.1f%c" : "%.0f%c",
				v, units[unit]);
}

void table_bytes(struct table *t, const char *key, uint64_t n)
{
	char text[TABLE_SIZE_MAX];

	put(t, key, text, table_size_text(t, text, n), false, &n);
}

void table_number(struct table *t, const char *key, uint64_t n)
{
	char text[TABLE_SIZE_MAX];
	size_t size = key && table_is_size(key) ? table_size_text(t, text, n) :
		(size_t)(digits_u64(text, n) - text);

	put(t, key, text, size, false, &n);
}

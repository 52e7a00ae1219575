// SPDX-License-Identifier: MIT
/*
 *   cells in the spool ─► a line for each row
 */
#include "view/table_print.h"
#include "codec/digits.h"
#include "codec/utf8.h"

#include <stdio.h>
#include <string.h>

enum { CELL_MAX = 16384 };

/* A line: blanks are owed until something follows them. */
struct line {
	struct out *out;
	size_t blanks;
};

static void put_plain(struct line *l, const uint8_t *p, size_t n)
{
	struct out *out = l->out;

	for (; n && l->blanks; l->blanks--)
		out_put(out, " ", 1);
	while (n) {
		size_t k = utf8_plain(p, n);
		char text[8];

		out_put(out, p, k);
		if (k == n)
			return;
		out_put(out, text, (size_t)snprintf(text, sizeof(text), "\\x%02x",
						    p[k]));
		p += k + 1;
		n -= k + 1;
	}
}

/* The middle of what is too long gives way; of a path the end tells most. */
static void put_cut(struct line *l, const uint8_t *p, size_t n, size_t width)
{
	size_t head = table_fill(p, n, (width - 1) / 3), tail = head;

	while (tail < n && table_width(p + tail, n - tail) > width - 1 -
	       table_width(p, head)) {
		size_t k = 1;

		if (utf8_plain(p + tail, n - tail))
			utf8_char(p + tail, &k);
		tail += k;
	}
	put_plain(l, p, head);
	put_plain(l, (const uint8_t *)"\xe2\x80\xa6", 3);
	put_plain(l, p + tail, n - tail);
	l->blanks += width - 1 - table_width(p, head) - table_width(p + tail, n - tail);
}

static void put_cell(const struct table *t, unsigned i, struct line *l,
		     const uint8_t *p, size_t n)
{
	const struct table_column *c = &t->columns[i];
	size_t width = table_width(p, n);
	size_t space = width < c->width ? c->width - width : 0;

	if (!c->shown)
		return;
	if (!c->text)
		l->blanks += space;
	if (width > c->width)
		put_cut(l, p, n, c->width);
	else
		put_plain(l, p, n);
	if (c->text)
		l->blanks += space;
	l->blanks += TABLE_GAP;
}

/* Cells of a row, by column. */
struct row {
	uint8_t text[CELL_MAX];
	struct { uint32_t at, size; } cells[TABLE_COLUMNS];
	size_t n;
};

/* Bold, where colours are. */
static void stand_out(const struct table *t, struct out *out)
{
	if (t->colour)
		out_put(out, "\33[1m", 4);
}

static void end_line(const struct table *t, struct out *out, bool stands_out)
{
	if (t->colour && stands_out)
		out_put(out, "\33[0m", 4);
	out_put(out, "\n", 1);
}

static void put_row(const struct table *t, struct out *out, struct row *r,
		    bool stands_out)
{
	struct line l = { .out = out };

	if (stands_out)
		stand_out(t, out);
	for (unsigned i = 0; i < t->n; i++)
		put_cell(t, i, &l, r->text + r->cells[i].at, r->cells[i].size);
	end_line(t, out, stands_out);
	memset(r->cells, 0, sizeof(r->cells));
	r->n = 0;
}

static void put_header(const struct table *t, struct out *out)
{
	struct line l = { .out = out };

	stand_out(t, out);
	for (unsigned i = 0; i < t->n; i++) {
		char title[sizeof(t->columns->key)];
		size_t n = 0;

		for (const char *k = t->columns[i].key; *k; k++)
			title[n++] = (char)(*k >= 'a' && *k <= 'z' ? *k - 32 : *k);
		put_cell(t, i, &l, (const uint8_t *)title, n);
	}
	end_line(t, out, true);
}

static bool read_cell(struct table *t, uint64_t *at, struct row *r,
		      const struct table_cell *cell)
{
	size_t n = cell->size, room = sizeof(r->text) - r->n;

	if (n > room)
		n = room;
	if (spool_read(&t->spool, *at, r->text + r->n, n) != n)
		return false;
	r->cells[cell->column].at = (uint32_t)r->n;
	r->cells[cell->column].size = (uint32_t)n;
	r->n += n;
	*at += cell->size;
	return true;
}

/* One row from *at on. */
static bool print_row(struct table *t, struct out *out, struct row *r,
		      uint64_t *at)
{
	struct table_cell cell;

	for (;;) {
		if (spool_read(&t->spool, *at, &cell, sizeof(cell)) !=
		    sizeof(cell))
			return false;
		*at += sizeof(cell);
		if (cell.column == TABLE_COLUMNS)
			break;
		if (!read_cell(t, at, r, &cell))
			return false;
	}
	put_row(t, out, r, false);
	return true;
}

static bool print_all(struct table *t, struct out *out, struct row *r)
{
	uint64_t at = 0, end = spool_size(&t->spool), n = 0;

	for (; at < end && (!t->top || n < t->top); n++)
		if (!print_row(t, out, r, &at))
			return false;
	return true;
}

static bool print_sorted(struct table *t, struct out *out, struct row *r)
{
	struct table_order order;
	bool ok = table_sort(t, &order);

	if (ok && t->n)
		put_header(t, out);
	for (size_t i = 0; ok && i < order.n; i++) {
		uint64_t at = order.at[i];

		ok = print_row(t, out, r, &at);
	}
	table_order_free(&order);
	return ok;
}

static void add_cell(struct row *r, unsigned i, const char *text, size_t n)
{
	memcpy(r->text + r->n, text, n);
	r->cells[i].at = (uint32_t)r->n;
	r->cells[i].size = (uint32_t)n;
	r->n += n;
}

static size_t total_text(const struct table *t, unsigned i, char *text)
{
	const struct table_column *c = &t->columns[i];

	if (table_is_size(c->key))
		return table_size_text(t, text, c->sum);
	return (size_t)(digits_u64(text, c->sum) - text);
}

/* Sums may be wider than all that they are of. */
static void widen(struct table *t)
{
	char text[TABLE_SIZE_MAX];

	for (unsigned i = 0; i < t->n; i++) {
		struct table_column *c = &t->columns[i];
		size_t n = table_is_count(c->key) && !c->text ?
			total_text(t, i, text) : i ? 0 : strlen("total");

		if (n > c->width)
			c->width = n;
	}
}

static void put_totals(const struct table *t, struct out *out, struct row *r)
{
	char text[TABLE_SIZE_MAX];

	add_cell(r, 0, "total", 5);
	for (unsigned i = 1; i < t->n; i++)
		if (table_is_count(t->columns[i].key) && !t->columns[i].text)
			add_cell(r, i, text, total_text(t, i, text));
	put_row(t, out, r, true);
}

bool table_print(struct table *t, struct out *out)
{
	struct row r = { .n = 0 };
	bool ok;

	if (t->broken)
		return false;
	if (!spool_size(&t->spool))	/* not even a header */
		return !error_is(t->err);
	if (t->totals)
		widen(t);
	table_fit(t);
	if (t->sort) {
		ok = print_sorted(t, out, &r);
	} else {
		if (t->n)
			put_header(t, out);
		ok = print_all(t, out, &r);
	}
	if (ok && t->totals && t->n)
		put_totals(t, out, &r);
	return ok && !error_is(t->err);
}

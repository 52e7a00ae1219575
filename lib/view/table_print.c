// SPDX-License-Identifier: MIT
/*
 *   cells in the spool ─► a line for each row
 */
#include "view/table_print.h"
#include "codec/utf8.h"
#include "view/table.h"

#include <stdio.h>
#include <string.h>

enum { CELL_MAX = 16384, GAP = 2, NARROW = 12 };

/* Characters that take no column, or two. */
static const struct { uint32_t from, to; uint8_t width; } widths[] = {
	{ 0x0300, 0x036f, 0 }, { 0x1100, 0x115f, 2 }, { 0x200b, 0x200f, 0 },
	{ 0x2e80, 0x303e, 2 }, { 0x3041, 0xa4cf, 2 }, { 0xac00, 0xd7a3, 2 },
	{ 0xf900, 0xfaff, 2 }, { 0xfe00, 0xfe0f, 0 }, { 0xfe30, 0xfe6f, 2 },
	{ 0xff00, 0xff60, 2 }, { 0xffe0, 0xffe6, 2 }, { 0x1f300, 0x1f64f, 2 },
	{ 0x1f680, 0x1f6ff, 2 }, { 0x1f900, 0x1f9ff, 2 },
	{ 0x20000, 0x3fffd, 2 },
};

static size_t width_of(uint32_t c)
{
	for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++)
		if (c >= widths[i].from && c <= widths[i].to)
			return widths[i].width;
	return 1;
}

size_t table_width(const void *text, size_t n)
{
	const uint8_t *p = text, *end = p + n;
	size_t width = 0;

	while (p < end) {
		const uint8_t *plain = p + utf8_plain(p, (size_t)(end - p));
		size_t k;

		for (; p < plain; p += k)
			width += width_of(utf8_char(p, &k));
		if (p < end) {
			width += 4;
			p++;
		}
	}
	return width;
}

/* The bytes of the text that fill width columns at most. */
static size_t fill(const uint8_t *p, size_t n, size_t width)
{
	size_t used = 0;

	while (used < n) {
		bool plain = utf8_plain(p + used, n - used) > 0;
		size_t k = 1, w = plain ? width_of(utf8_char(p + used, &k)) : 4;

		if (w > width)
			break;
		width -= w;
		used += k;
	}
	return used;
}

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

/* The middle of what is too long gives way. */
static void put_cut(struct line *l, const uint8_t *p, size_t n, size_t width)
{
	size_t head = fill(p, n, (width - 1) / 2), tail = head;

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

	if (!c->text)
		l->blanks += space;
	if (width > c->width)
		put_cut(l, p, n, c->width);
	else
		put_plain(l, p, n);
	if (c->text && i + 1 < t->n)
		l->blanks += space;
	if (i + 1 < t->n)
		l->blanks += GAP;
}

/* Cells of a row, by column. */
struct row {
	uint8_t text[CELL_MAX];
	struct { uint32_t at, size; } cells[TABLE_COLUMNS];
	size_t n;
};

static void put_row(const struct table *t, struct out *out, struct row *r)
{
	struct line l = { .out = out };

	for (unsigned i = 0; i < t->n; i++)
		put_cell(t, i, &l, r->text + r->cells[i].at, r->cells[i].size);
	out_put(out, "\n", 1);
	memset(r->cells, 0, sizeof(r->cells));
	r->n = 0;
}

static void put_header(const struct table *t, struct out *out)
{
	struct line l = { .out = out };

	for (unsigned i = 0; i < t->n; i++) {
		char title[sizeof(t->columns->key)];
		size_t n = 0;

		for (const char *k = t->columns[i].key; *k; k++)
			title[n++] = (char)(*k >= 'a' && *k <= 'z' ? *k - 32 : *k);
		put_cell(t, i, &l, (const uint8_t *)title, n);
	}
	out_put(out, "\n", 1);
}

/* The widest column of text gives way until the rows fit. */
static void fit(struct table *t)
{
	for (;;) {
		size_t total = t->n ? GAP * (t->n - 1) : 0;
		struct table_column *widest = NULL;

		for (unsigned i = 0; i < t->n; i++) {
			struct table_column *c = &t->columns[i];

			total += c->width;
			if (c->text && (!widest || c->width > widest->width))
				widest = c;
		}
		if (!t->width || total <= t->width || !widest ||
		    widest->width <= NARROW)
			return;
		widest->width -= total - t->width;
		if (widest->width < NARROW || widest->width > total)
			widest->width = NARROW;
	}
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

bool table_print(struct table *t, struct out *out)
{
	uint64_t at = 0, end = spool_size(&t->spool);
	struct row r = { .n = 0 };
	struct table_cell cell;

	if (t->broken)
		return false;
	fit(t);
	if (t->n)
		put_header(t, out);
	while (at < end) {
		if (spool_read(&t->spool, at, &cell, sizeof(cell)) != sizeof(cell))
			return false;
		at += sizeof(cell);
		if (cell.column == TABLE_COLUMNS)
			put_row(t, out, &r);
		else if (!read_cell(t, &at, &r, &cell))
			return false;
	}
	return !error_is(t->err);
}

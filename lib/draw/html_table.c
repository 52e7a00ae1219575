// SPDX-License-Identifier: MIT
/*
 *   cells in the spool of a table ─► rows of HTML
 */
#include "base/alloc.h"
#include "draw/html.h"
#include "view/table_print.h"

#include <string.h>

enum { ROW_MAX = 16384, CELL_SHOWN = 2000 };

struct cells {
	uint8_t text[ROW_MAX];
	struct { uint32_t at, size; } cells[TABLE_COLUMNS];
	uint32_t n;
};

static bool read_cell(struct table *t, uint64_t *at, struct cells *r,
		      const struct table_cell *cell)
{
	uint32_t n = cell->size, room = ROW_MAX - r->n;

	if (n > room)
		n = room;
	if (n > CELL_SHOWN)
		n = CELL_SHOWN;
	if (spool_read(&t->spool, *at, r->text + r->n, n) != n)
		return false;
	r->cells[cell->column].at = r->n;
	r->cells[cell->column].size = n;
	r->n += n;
	*at += cell->size;
	return true;
}

/* The next row; false: there is none. */
static bool read_row(struct table *t, uint64_t *at, struct cells *r)
{
	struct table_cell cell;

	memset(r->cells, 0, sizeof(r->cells));
	r->n = 0;
	while (*at < spool_size(&t->spool) &&
	       spool_read(&t->spool, *at, &cell, sizeof(cell)) == sizeof(cell)) {
		*at += sizeof(cell);
		if (cell.column == TABLE_COLUMNS)
			return true;
		if (!read_cell(t, at, r, &cell))
			return false;
	}
	return false;
}

static bool is_wanted(const struct table *t, const struct cells *r,
		      const char *column, const char *value)
{
	for (unsigned i = 0; column && i < t->n; i++)
		if (!strcmp(t->columns[i].key, column))
			return r->cells[i].size == strlen(value) &&
			       !memcmp(r->text + r->cells[i].at, value,
				       r->cells[i].size);
	return !column;
}

static void put_row(const struct table *t, const struct cells *r,
		    struct out *out)
{
	markup(out, "<tr>");
	for (unsigned i = 0; i < t->n; i++) {
		if (!t->columns[i].shown)
			continue;
		markup(out, t->columns[i].text ? "<td>" : "<td class=\"n\">");
		markup_text(out, r->text + r->cells[i].at, r->cells[i].size);
		markup(out, "</td>");
	}
	markup(out, "</tr>\n");
}

static void put_head(const struct table *t, struct out *out)
{
	markup(out, "<div class=\"wrap\"><table>\n<thead><tr>");
	for (unsigned i = 0; i < t->n; i++) {
		if (!t->columns[i].shown)
			continue;
		markup(out, t->columns[i].text ? "<th>" : "<th class=\"n\">");
		markup_string(out, t->columns[i].key);
		markup(out, "</th>");
	}
	markup(out, "</tr></thead>\n<tbody>\n");
}

size_t html_table(struct table *t, struct out *out, size_t most,
		  const char *column, const char *value)
{
	struct cells *r = alloc(sizeof(*r));
	uint64_t at = 0;
	size_t n = 0;

	while (r && read_row(t, &at, r)) {
		if (!is_wanted(t, r, column, value))
			continue;
		if (!n++)
			put_head(t, out);
		if (n <= most)
			put_row(t, r, out);
	}
	if (n)
		markup(out, "</tbody></table></div>\n");
	if (n > most)
		markup(out, "<p class=\"sub\">%zu more rows are not shown.</p>\n",
		       n - most);
	alloc_free(r);
	return n;
}

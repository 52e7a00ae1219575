// SPDX-License-Identifier: MIT
/*
 *   events ─► the path so far ─► rows, and cells where a column has that path
 */
#include "checkpoint/rows.h"
#include "checkpoint/model_keep.h"

#include <string.h>

void rows_image(struct model *m, unsigned source)
{
	if (m->n_readers < ROW_READERS)
		m->readers[m->n_readers++] = (struct row_reader){
			.source = &m->sources[source], .number = source,
		};
}

/* The cells of a row, none of which has a value. */
static bool add_cells(struct model *m, unsigned n)
{
	while (n--)
		if (!model_more(m, &m->cells, sizeof(struct row_cell)))
			return false;
	return true;
}

static void add_row(struct model *m, struct row_reader *k,
		    const struct field *f)
{
	uint32_t cells = (uint32_t)m->cells.n;
	struct row *r = add_cells(m, k->source->n) ?
		model_more(m, &m->rows, sizeof(*r)) : NULL;

	if (!r)
		return;
	if (!k->index)
		model_put(m, KEY_ROWS + k->number, m->number,
			  (uint32_t)m->rows.n);
	*r = (struct row){ k->number, m->number, k->index++, cells, f };
	k->open = true;
	k->cells = cells;
	k->base = k->length;
	k->at = k->depth;
}

static void entry(struct model *m, struct row_reader *k)
{
	k->length = 0;
	k->path[0] = 0;
	k->open = false;
	k->depth = 0;
	if (!*k->source->row)
		add_row(m, k, NULL);
}

/* Appends the name to the path; what is too long matches nothing. */
static size_t append(struct row_reader *k, const struct field *f)
{
	size_t n = k->length, dot = n > 0;

	if (n + dot + f->name_len + 1 > ROW_PATH)
		return n;
	if (dot)
		k->path[n] = '.';
	memcpy(k->path + n + dot, f->name, f->name_len);
	n += dot + f->name_len;
	k->path[n] = 0;
	return n;
}

/* Whether the path is one of a list by |. */
static bool is_row(const struct row_reader *k)
{
	size_t n = k->length;

	for (const char *p = k->source->row; *p; ) {
		size_t size = strcspn(p, "|");

		if (size == n && !memcmp(p, k->path, n))
			return true;
		p += size + (p[size] == '|');
	}
	return false;
}

static void begin(struct model *m, struct row_reader *k, const struct field *f)
{
	k->depth++;
	k->length = append(k, f);
	if (!k->open && is_row(k))
		add_row(m, k, f);
}

static void end(struct row_reader *k)
{
	char *dot = strrchr(k->path, '.');

	if (k->open && k->at == k->depth && *k->source->row)
		k->open = false;
	k->depth -= k->depth > 0;
	k->length = dot ? (size_t)(dot - k->path) : 0;
	k->path[k->length] = 0;
}

/* The cell of the field, in the row that is open. */
static struct row_cell *cell_of(struct model *m, struct row_reader *k,
				const struct field *f)
{
	struct row_cell *cell = NULL;
	const char *path;

	if (!k->open)
		return NULL;
	append(k, f);
	path = k->path + k->base + (k->base > 0);
	for (unsigned i = 0; i < k->source->n && !cell; i++)
		if (k->source->columns[i].path &&
		    !strcmp(k->source->columns[i].path, path))
			cell = (struct row_cell *)m->cells.p + k->cells + i;
	k->path[k->length] = 0;
	if (cell && !cell->f) {
		cell->f = f;
		cell->at = (uint32_t)m->text.n;
	}
	return cell;
}

/* More of a value; another one's text may have come in between. */
static void add_text(struct model *m, struct row_cell *cell, const void *p,
		     size_t n)
{
	if (cell->at + cell->size != m->text.n) {
		size_t at = m->text.n;

		for (uint32_t i = 0; i < cell->size; i++) {
			char c = ((char *)m->text.p)[cell->at + i];

			if (!model_add(m, &m->text, &c, 1))
				return;
		}
		cell->at = (uint32_t)at;
	}
	if (model_add(m, &m->text, p, n))
		cell->size += (uint32_t)n;
}

static void number(struct model *m, struct row_cell *cell, const struct field *f,
		   uint64_t v)
{
	cell->number = v;
	if (f->label == LABEL_REPEATED)
		add_text(m, cell, &v, sizeof(v));
}

#define EACH(m, k) \
	for (struct row_reader *k = (m)->readers; k < (m)->readers + (m)->n_readers; \
	     k++)

void rows_entry(struct model *m)
{
	EACH(m, k)
		entry(m, k);
}

void rows_begin(struct model *m, const struct field *f)
{
	EACH(m, k)
		begin(m, k, f);
}

void rows_end(struct model *m)
{
	EACH(m, k)
		end(k);
}

void rows_number(struct model *m, const struct field *f, uint64_t v)
{
	EACH(m, k) {
		struct row_cell *cell = cell_of(m, k, f);

		if (cell)
			number(m, cell, f, v);
	}
}

void rows_bytes(struct model *m, const struct field *f, const void *p, size_t n)
{
	EACH(m, k) {
		struct row_cell *cell = cell_of(m, k, f);

		if (cell)
			add_text(m, cell, p, n);
	}
}

/* The cells of open rows may get values later: they are kept as they are. */
void rows_mark(struct model *m, struct model_mark *mark)
{
	struct row_mark *b = mark->readers;
	const struct row_cell *cells = m->cells.p;

	mark->rows = m->rows.n;
	mark->cells = m->cells.n;
	mark->open_cells = m->saved.n;
	EACH(m, k) {
		*b++ = (struct row_mark){
			.index = k->index, .cells = k->cells, .open = k->open,
			.depth = k->depth, .at = k->at, .length = k->length,
			.base = k->base,
		};
		if (k->open)
			model_add(m, &m->saved, cells + k->cells,
				  k->source->n * sizeof(*cells));
	}
}

void rows_take_back(struct model *m, const struct model_mark *mark)
{
	const struct row_mark *b = mark->readers;
	size_t at = mark->open_cells;

	m->rows.n = mark->rows;
	m->cells.n = mark->cells;
	EACH(m, k) {
		size_t size = k->source->n * sizeof(struct row_cell);

		k->index = b->index;
		k->cells = b->cells;
		k->open = b->open;
		k->depth = b->depth;
		k->at = b->at;
		k->length = b->length;
		k->base = b->base;
		k->path[k->length] = 0;
		if (b++->open && at + size <= m->saved.n) {
			memcpy((struct row_cell *)m->cells.p + k->cells,
			       (char *)m->saved.p + at, size);
			at += size;
		}
	}
}

const struct row *rows_next(const struct model *m, unsigned source,
			    uint32_t number, const struct row *after)
{
	const struct row *all = m->rows.p, *r;
	uint32_t first = model_get(m, KEY_ROWS + source, number);

	if (!first)
		return NULL;
	/* rows of other sources of the image may lie between */
	for (r = after ? after + 1 : all + first - 1;
	     r < all + m->rows.n && r->number == number; r++)
		if (r->source == source)
			return r;
	return NULL;
}

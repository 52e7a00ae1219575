// SPDX-License-Identifier: MIT
/*
 *   rows of the model ─► records, in the order of the tasks, or as they came
 */
#include "view/explorer.h"

#include <string.h>

static void put_list(struct view *v, const char *key, const struct row_cell *c)
{
	view_open(v, key, '[');
	for (uint32_t i = 0; i + 8 <= c->size; i += 8) {
		uint64_t n;

		memcpy(&n, (const char *)v->model->text.p + c->at + i, 8);
		view_field(v, NULL, c->f, n);
	}
	view_close(v, ']');
}

static void put_cell(struct view *v, const char *key, const struct row_cell *c)
{
	if (!kind_is_number(c->f->kind))
		view_bytes(v, key, c->size ? (const char *)v->model->text.p + c->at :
			   "", c->size);
	else if (c->f->label == LABEL_REPEATED)
		put_list(v, key, c);
	else
		view_field(v, key, c->f, c->number);
}

void explorer_row(struct view *v, const struct explorer *e, const struct row *r,
		  uint32_t pid)
{
	const struct row_source *s = &e->sources[r->source];
	const struct row_cell *cells =
		(const struct row_cell *)v->model->cells.p + r->cells;

	if (e->shown && !e->shown(v, r, cells))
		return;
	view_open(v, NULL, '{');
	if (s->of_task || pid)
		view_number(v, "pid", pid);
	else if (s->number)
		view_number(v, s->number, r->number);
	for (unsigned i = 0; i < s->n; i++) {
		const struct row_column *c = &s->columns[i];

		if (!c->key)
			continue;
		if (c->put && (cells[i].f || !c->path))
			c->put(v, c->key, r, &cells[i]);
		else if (cells[i].f)
			put_cell(v, c->key, &cells[i]);
	}
	view_close(v, '}');
}

static void put_task(struct view *v, const struct explorer *e,
		     const struct model_task *t)
{
	for (unsigned i = 0; i < e->n_sources; i++) {
		const struct row *r = NULL;

		while (e->sources[i].of_task &&
		       (r = rows_next(v->model, i, t->pid, r)))
			explorer_row(v, e, r, t->pid);
	}
}

void explorer_rows(struct view *v, const struct explorer *e)
{
	const struct row *rows = v->model->rows.p;

	if (v->format == VIEW_JSON)
		view_open(v, NULL, '[');
	for (size_t i = 0; i < model_count(v->model); i++) {
		const struct model_task *t = model_nth(v->model, i);

		if (view_alive(t))
			put_task(v, e, t);
	}
	for (size_t i = 0; i < v->model->rows.n; i++)
		if (!e->sources[rows[i].source].of_task)
			explorer_row(v, e, &rows[i], 0);
	if (v->format == VIEW_JSON)
		view_close(v, ']');
}

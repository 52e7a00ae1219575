// SPDX-License-Identifier: MIT
/*
 *   name ─► explorer ─► its print, and what is left over is freed
 */
#include "view/explorer.h"
#include "base/alloc.h"

#include <string.h>

const struct explorer *explorer_find(const char *name)
{
	for (size_t i = 0; i < n_explorers; i++) {
		const struct explorer *e = explorers[i];

		if (!strcmp(name, e->name) || (e->alias && !strcmp(name, e->alias)))
			return e;
	}
	return NULL;
}

void explorer_answer(const struct explorer *e, struct view *v)
{
	if (v->table && e->columns)
		table_set_columns(v->table, e->columns);
	if (e->print)
		e->print(v);
	else
		explorer_rows(v, e);
}

void explorer_print(const struct explorer *e, struct view *v)
{
	explorer_answer(e, v);
	if (v->table)
		table_print(v->table, v->out);
	alloc_free(v->line.p);
	v->line = (struct model_list){ 0 };
}

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

void explorer_print(const struct explorer *e, struct view *v)
{
	if (e->print)
		e->print(v);
	else
		explorer_rows(v, e);
	if (v->table)
		table_print(v->table, v->out);
	alloc_free(v->line.p);
	v->line = (struct model_list){ 0 };
}

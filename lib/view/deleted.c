// SPDX-License-Identifier: MIT
/*
 * Files that were deleted: they have another name until they are restored.
 *
 *   rows of remap-fpath.img ─► ids of files
 */
#include "view/explorer.h"

static const struct row_column columns[] = {
	{ "orig_id", "orig_id", NULL }, { "remap_type", "remap_type", NULL },
};

const struct row_source view_remaps = {
	"REMAP_FPATH", "remap-fpath", "", columns, 2, false, NULL,
};

enum { KEY_DELETED = 0x580, PROCFS = 2 };

void view_find_deleted(struct view *v)
{
	const struct row *rows = v->model->rows.p;
	const struct row_cell *cells = v->model->cells.p;

	for (size_t i = 0; i < v->model->rows.n; i++) {
		const struct row_cell *c = &cells[rows[i].cells];

		if (c[0].f && !(c[1].f && c[1].number == PROCFS))
			model_put(v->model, KEY_DELETED, c[0].number, 1);
	}
}

bool view_deleted(const struct view *v, int32_t type, uint32_t id)
{
	return type == FD_REG && model_get(v->model, KEY_DELETED, id);
}

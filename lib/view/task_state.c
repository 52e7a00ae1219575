// SPDX-License-Identifier: MIT
/*
 *   state and exit code of a task ─► words
 *   credentials ─► user of a task
 */
#include "checkpoint/tasks.h"
#include "view/names.h"

#include <inttypes.h>

static const char *state_name(uint32_t state)
{
	static const char *const names[] = {
		[TASK_ALIVE] = "Alive", [TASK_DEAD] = "Dead",
		[TASK_STOPPED] = "Stopped", [TASK_ZOMBIE] = "Zombie",
	};

	return state < sizeof(names) / sizeof(*names) ? names[state] : NULL;
}

/* As wait(2) has it; for people: "exit 3", "SIGSEGV, core". */
static void put_exit(struct view *v, uint32_t code)
{
	char name[24];

	if (!v->table) {
		view_number(v, "exit_code", code);
		return;
	}
	view_line(v);
	if (code & 0x7f)
		view_add(v, "%s%s", view_signal_name(code & 0x7f, name),
			 code & 0x80 ? ", core" : "");
	else
		view_add(v, "exit %" PRIu32, code >> 8 & 0xff);
	view_value(v, "exit_code");
}

void view_state(struct view *v, const struct model_task *t)
{
	if (state_name(t->state))
		view_string(v, "state", state_name(t->state));
	else if (t->state)
		view_number(v, "state", t->state);
	if (t->seen & MODEL_CORE && !view_alive(t))
		put_exit(v, t->exit_code);
}

static const struct row_column columns[] = { { "uid", "uid", NULL } };

const struct row_source view_owners[2] = {
	{ "CORE", "core-", "thread_core.creds", columns, 1, true, NULL },
	{ "CREDS", "creds-", "", columns, 1, true, NULL },
};

void view_owner(struct view *v, const struct model_task *t)
{
	const struct row *r = rows_next(v->model, 0, t->pid, NULL);
	const struct row_cell *cells = v->model->cells.p;

	r = r ? r : rows_next(v->model, 1, t->pid, NULL);
	if (r && cells[r->cells].f)
		view_number(v, "uid", cells[r->cells].number);
}

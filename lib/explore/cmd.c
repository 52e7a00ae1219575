// SPDX-License-Identifier: MIT
/*
 * Command lines: the arguments of each task, out of its memory.
 */
#include "view/explorer.h"
#include "view/strings.h"

static void put_argument(struct view *v, void *ctx, const char *p, size_t n)
{
	(void)ctx;
	view_bytes(v, NULL, p, n);
}

static void join_argument(struct view *v, void *ctx, const char *p, size_t n)
{
	(void)ctx;
	if (v->line.n)
		view_add(v, " ");
	view_add_bytes(v, p, n);
}

static void put_arguments(struct view *v, struct memory *m)
{
	if (v->table) {
		view_line(v);
		view_strings(v, m, VIEW_ARGUMENTS, join_argument, NULL);
		/* a title leaves NULs behind it */
		while (v->line.n && ((char *)v->line.p)[v->line.n - 1] == ' ')
			v->line.n--;
		view_value(v, "args");
		return;
	}
	view_open(v, "args", '[');
	view_strings(v, m, VIEW_ARGUMENTS, put_argument, NULL);
	view_close(v, ']');
}

static void put_task(struct view *v, const struct model_task *t)
{
	struct crit_error err;
	struct memory m;

	view_open(v, NULL, '{');
	view_number(v, "pid", t->pid);
	view_bytes(v, "comm", model_text(v->model, t->comm), t->comm.len);
	if (view_memory(v, t, &m, &err))
		put_arguments(v, &m);
	memory_close(&m);
	view_close(v, '}');
}

static void print(struct view *v)
{
	view_tasks(v, put_task);
}

const struct explorer explorer_cmd = {
	.name = "cmd",
	.meant = "args cmdline command",
	.about = "command line of each task",
	.images = EXPLORE_TASKS,
	.text_is_table = true, .needs_pages = true,
	.print = print,
};

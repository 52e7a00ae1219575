// SPDX-License-Identifier: MIT
/*
 * Command lines: the arguments of each task, out of its memory.
 */
#include "memory/arguments.h"
#include "view/explorer.h"
#include "view/strings.h"

/* ctx: how many bytes of text there are. */
static void put_argument(struct view *v, void *ctx, const char *p, size_t n)
{
	*(uint64_t *)ctx += n;
	view_bytes(v, NULL, p, n);
}

static void join_argument(struct view *v, void *ctx, const char *p, size_t n)
{
	*(uint64_t *)ctx += n;
	if (v->line.n)
		view_add(v, " ");
	view_add_bytes(v, p, n);
}

static void put_arguments(struct view *v, struct memory *m)
{
	char note[MEMORY_NOTE] = "", why[256];
	uint64_t n = 0;
	bool ok;

	if (v->table) {
		view_line(v);
		ok = view_strings(v, m, VIEW_ARGUMENTS, join_argument, &n);
		/* a title leaves NULs behind it */
		while (v->line.n && ((char *)v->line.p)[v->line.n - 1] == ' ')
			v->line.n--;
		view_value(v, "args");
	} else {
		view_open(v, "args", '[');
		ok = view_strings(v, m, VIEW_ARGUMENTS, put_argument, &n);
		view_close(v, ']');
	}
	if (ok)
		memory_arguments_note(m, n, note);
	else
		view_string(v, "error", error_text(m->err, why, sizeof(why)));
	if (*note)
		view_string(v, "note", note);
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

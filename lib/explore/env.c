// SPDX-License-Identifier: MIT
/*
 * Environments: a record for each variable of each task, out of its memory.
 */
#include "view/explorer.h"
#include "view/strings.h"

#include <string.h>

/* What begins without a name is a value alone. */
static void put_variable(struct view *v, void *ctx, const char *p, size_t n)
{
	const struct model_task *t = ctx;
	const char *equals = n ? memchr(p, '=', n) : NULL;
	size_t name = equals ? (size_t)(equals - p) : 0;

	view_open(v, NULL, '{');
	view_number(v, "pid", t->pid);
	if (equals)
		view_bytes(v, "name", p, name);
	view_bytes(v, "value", p + name + !!equals, n - name - !!equals);
	view_close(v, '}');
}

static void put_task(struct view *v, const struct model_task *t)
{
	struct crit_error err;
	struct memory m;

	if (view_memory(v, t, &m, &err))
		view_strings(v, &m, VIEW_ENVIRONMENT, put_variable, (void *)t);
	memory_close(&m);
}

static void print(struct view *v)
{
	view_tasks(v, put_task);
}

const struct explorer explorer_env = {
	.name = "env",
	.meant = "environ environment",
	.about = "environment of each task",
	.images = EXPLORE_TASKS,
	.text_is_table = true, .needs_pages = true,
	.print = print,
};

// SPDX-License-Identifier: MIT
/*
 * Environments: a record for each variable of each task, out of its memory.
 */
#include "memory/arguments.h"
#include "view/explorer.h"
#include "view/strings.h"

#include <string.h>

struct variables {
	uint32_t pid;
	uint64_t n, empty;
};

/* What begins without a name is a value alone. */
static void put_variable(struct view *v, void *ctx, const char *p, size_t n)
{
	struct variables *all = ctx;
	const char *equals = n ? memchr(p, '=', n) : NULL;
	size_t name = equals ? (size_t)(equals - p) : 0;

	all->n++;
	all->empty += !n;
	if (!n)
		return;
	view_open(v, NULL, '{');
	view_number(v, "pid", all->pid);
	if (equals)
		view_bytes(v, "name", p, name);
	view_bytes(v, "value", p + name + !!equals, n - name - !!equals);
	view_close(v, '}');
}

/* A row that says why variables are not there. */
static void put_reason(struct view *v, uint32_t pid, const char *key,
		       const char *reason)
{
	view_open(v, NULL, '{');
	view_number(v, "pid", pid);
	view_string(v, key, reason);
	view_close(v, '}');
}

static void put_task(struct view *v, const struct model_task *t)
{
	struct variables all = { .pid = t->pid };
	char note[MEMORY_NOTE] = "", why[256];
	struct crit_error err;
	struct memory m;

	if (!view_memory(v, t, &m, &err))
		goto out;
	if (view_strings(v, &m, VIEW_ENVIRONMENT, put_variable, &all))
		memory_environment_note(all.n, all.empty, note);
	else
		put_reason(v, t->pid, "error",
			   error_text(&err, why, sizeof(why)));
	if (*note)
		put_reason(v, t->pid, "note", note);
out:
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

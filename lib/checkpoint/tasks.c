// SPDX-License-Identifier: MIT
#include "checkpoint/tasks.h"
#include "base/alloc.h"
#include "checkpoint/extract.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct reading {
	struct tasks *t;
	uint64_t pid, thread;
};

static const struct extract_rule rules[] = {
	{ "pstree_entry", "pid", offsetof(struct reading, pid), 0 },
	{ "pstree_entry", "threads", offsetof(struct reading, thread), 0 },
	{ "pstree_entry", NULL, 0, 0 },
};

static void count_thread(void *ctx, const struct field *f, uint64_t v)
{
	(void)f;
	(void)v;
	((struct reading *)ctx)->t->threads++;
}

bool tasks_add(struct tasks *t, uint32_t pid)
{
	uint32_t *more;

	if (t->n == t->cap) {
		size_t cap = t->cap ? 2 * t->cap : 64;

		more = alloc_more(t->pids, cap * sizeof(*more));
		if (!more)
			return error_set(t->err, CRIT_ENOMEM, "out of memory");
		t->pids = more;
		t->cap = cap;
	}
	t->pids[t->n++] = pid;
	return true;
}

static bool keep_task(void *ctx, const struct extract_rule *rule)
{
	struct reading *r = ctx;

	(void)rule;
	return tasks_add(r->t, (uint32_t)r->pid);
}

bool tasks_open(struct tasks *t, const struct store *dir,
		struct crit_error *err)
{
	struct reading r = { .t = t };
	const struct extract pick = {
		.magic = "PSTREE", .rules = rules, .n_rules = 3,
		.ctx = &r, .done = keep_task, .item = count_thread,
	};

	memset(t, 0, sizeof(*t));
	t->err = err;
	return extract_image(&pick, dir, IMAGE_PSTREE, NULL, err);
}

bool tasks_one(struct tasks *t, uint32_t pid, struct crit_error *err)
{
	*t = (struct tasks){ .pids = alloc(sizeof(pid)), .n = 1, .err = err };
	if (!t->pids)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	*t->pids = pid;
	return true;
}

void tasks_close(struct tasks *t)
{
	alloc_free(t->pids);
	t->pids = NULL;
	t->n = 0;
}

struct looking {
	uint64_t pid, thread;
	uint32_t tid, leader;
};

static void look_thread(void *ctx, const struct field *f, uint64_t v)
{
	struct looking *l = ctx;

	(void)f;
	if (v == l->tid && v != l->pid)
		l->leader = (uint32_t)l->pid;
}

uint32_t tasks_leader(const struct store *dir, uint32_t tid,
		      struct crit_error *err)
{
	static const struct extract_rule threads[] = {
		{ "pstree_entry", "pid", offsetof(struct looking, pid), 0 },
		{ "pstree_entry", "threads", offsetof(struct looking, thread), 0 },
	};
	struct looking l = { .tid = tid };
	const struct extract pick = {
		.magic = "PSTREE", .rules = threads, .n_rules = 2, .ctx = &l,
		.item = look_thread,
	};
	bool absent;

	return extract_image(&pick, dir, IMAGE_PSTREE, &absent, err) ? l.leader : 0;
}

uint64_t tasks_state(const struct store *dir, uint32_t pid,
		     struct crit_error *err)
{
	static const struct extract_rule core[] = {
		{ "task_core_entry", "task_state", 0, 0 },
	};
	uint64_t state = 0;
	const struct extract pick = {
		.magic = "CORE", .rules = core, .n_rules = 1, .ctx = &state,
	};
	char name[64];

	snprintf(name, sizeof(name), "core-%" PRIu32 ".img", pid);
	extract_image(&pick, dir, name, NULL, err);
	return state;
}

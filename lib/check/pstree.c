// SPDX-License-Identifier: MIT
/*
 * pstree.img: pids, parents, groups, threads. Sessions are in sessions.c.
 */
#include "check/tasks.h"
#include "base/alloc.h"

#include <stdlib.h>

static const struct rule rules[] = {
	{ "pstree-missing", ERROR, "pstree.img is missing or empty" },
	{ "pstree-pid-range", ERROR, "a pid is 0 or above the kernel's limit" },
	{ "pstree-duplicate-pid", ERROR, "two tasks have one pid" },
	{ "pstree-multiple-roots", ERROR, "two tasks have no parent" },
	{ "pstree-no-root", ERROR, "each task has a parent" },
	{ "pstree-parent-missing", ERROR, "ppid is no task" },
	{ "pstree-parent-order", ERROR, "the parent comes after the child" },
	{ "pstree-threads-empty", ERROR, "a task has no thread" },
	{ "pstree-leader-first", ERROR, "the first thread is not the task" },
	{ "pstree-thread-duplicate", ERROR, "the number of a thread is used "
		"elsewhere" },
	{ "pstree-core-missing", ERROR, "a task has no core image" },
	{ "pstree-thread-core-missing", ERROR, "a thread has no core image" },
	{ "pstree-root-dead", ERROR, "the root task is dead" },
	{ "pstree-dead-parent", WARNING, "a dead task has children" },
	{ "pstree-pgid-zero", WARNING, "pgid is 0" },
	{ "pstree-pgid-leader-missing", NOTE, "no task leads the group: a "
		"helper takes its number" },
	{ "pstree-init-pidns", ERROR, "the root has pid 1, but no pid namespace "
		"of its own" },
	{ "pstree-root-not-init", ERROR, "the root of a pid namespace has "
		"another pid than 1" },
	{ 0 },
};

static const struct test tests[] = {
	{ "pstree-pid-range", "pstree_entry.pid", TEST_OUTSIDE, 1,
	  (1 << 22) - 1, "is no pid that a kernel gives", NULL },
	{ "pstree-pgid-zero", "pstree_entry.pgid", TEST_IS, 0, 0, "is no "
	  "group; restore makes one", NULL },
	{ 0 },
};

static const struct unique uniques[] = {
	{ "pstree-duplicate-pid", "pstree_entry.pid", IN_ALL, true, NULL },
	{ 0 },
};

static void judge_parent(struct check *c, const struct task *t)
{
	const struct pstree *e = t->entry;

	if (!e->ppid)
		return;
	if (!t->parent)
		check_say(c, "pstree-parent-missing", AT_FIELD(e, "ppid"),
			  "task {pid} has the parent {ppid}, which is no task",
			  VALUES(e->pid, e->ppid));
	else if (t->parent->entry >= e)
		check_say(c, "pstree-parent-order", AT_FIELD(e, "ppid"),
			  "the parent {ppid} of task {pid} must come before it",
			  VALUES(e->ppid, e->pid));
	if (t->parent && t->parent->dead)
		check_say(c, "pstree-dead-parent", AT_FIELD(e, "ppid"), "the "
			  "parent {ppid} of task {pid} is dead",
			  VALUES(e->ppid, e->pid));
}

static void judge_roots(struct check *c)
{
	const struct task *root = c->root;

	if (!root && c->tasks.n)
		check_say(c, "pstree-no-root", AT_IMAGE(check_find(c,
			  "pstree.img", 0)), "each task has a parent; one must "
			  "have ppid 0", NULL);
	for EACH_TASK(c, t)
		if (root && t != root && !t->entry->ppid)
			check_say(c, "pstree-multiple-roots", AT_FIELD(t->entry,
				  "ppid"), "task {pid} and task {root} have no "
				  "parent", VALUES(t->pid, root->pid));
	if (root && root->dead)
		check_say(c, "pstree-root-dead", AT(root->entry), "the root task "
			  "{pid} is dead", VALUES(root->pid));
}

static void judge_threads(struct check *c, const struct task *t)
{
	const struct pstree *e = t->entry;
	uint64_t first = check_number(c, e->threads, 0);

	if (!span_n(e->threads))
		check_say(c, "pstree-threads-empty", AT_FIELD(e, "threads"),
			  "task {pid} has no thread", VALUES(e->pid));
	if (t->live && first != e->pid)
		check_say(c, "pstree-leader-first", AT_FIELD(e, "threads[0]"),
			  "the first thread of task {pid} is {tid}",
			  VALUES(e->pid, first));
}

static void judge_cores(struct check *c, const struct task *t)
{
	const struct pstree *e = t->entry;

	check_use(c, "core-#.img", e->pid);
	if (!t->core && !check_broken(c, "core-#.img", e->pid))
		check_say(c, "pstree-core-missing", AT_FIELD(e, "pid"),
			  "core-{pid}.img is missing", VALUES(e->pid));
	for (uint32_t i = 1; i < span_n(e->threads); i++) {
		uint64_t tid = check_number(c, e->threads, i);

		check_use(c, "core-#.img", tid);
		if (t->live && !check_present(c, "core-#.img", tid))
			check_say(c, "pstree-thread-core-missing", AT_FIELD(e,
				  "threads"), "core-{tid}.img of a thread of "
				  "task {pid} is missing", VALUES(tid, e->pid));
	}
}

struct number {
	uint64_t tid;
	const struct task *task;
};

static int compare(const void *a, const void *b)
{
	const struct number *x = a, *y = b;

	if (x->tid != y->tid)
		return x->tid < y->tid ? -1 : 1;
	return x->task < y->task ? -1 : x->task > y->task;
}

static void say_thread(struct check *c, const struct number *n,
		       const char *what, uint64_t other)
{
	check_say(c, "pstree-thread-duplicate", AT_FIELD(n->task->entry,
		  "threads"), "thread {tid} of task {pid} is also {what:s} "
		  "{other}", VALUES(n->tid, n->task->pid, STRING(what), other));
}

static void judge_number(struct check *c, const struct number *n)
{
	const struct pstree *e;

	if ((e = check_lookup(c, "pstree_entry.pid", n->tid)))
		say_thread(c, n, "task", e->pid);
	else if ((e = check_lookup(c, "pstree_entry.pgid", n->tid)))
		say_thread(c, n, "the group of task", e->pid);
	else if ((e = check_lookup(c, "pstree_entry.sid", n->tid)))
		say_thread(c, n, "the session of task", e->pid);
}

static void judge_numbers(struct check *c)
{
	struct check_list l = { 0 };
	struct number *all, *n;

	for EACH_TASK(c, t)
		for (uint32_t i = 1; i < span_n(t->entry->threads); i++) {
			n = check_more(c, &l, sizeof(*n));
			if (n)
				*n = (struct number){ check_number(c,
					t->entry->threads, i), t };
		}
	all = l.p;
	if (l.n)
		qsort(all, l.n, sizeof(*all), compare);
	for (size_t i = 0; i < l.n; i++) {
		judge_number(c, &all[i]);
		if (i && all[i].tid == all[i - 1].tid)
			say_thread(c, &all[i], "a thread of task",
				   all[i - 1].task->pid);
	}
	alloc_free(l.p);
}

static void judge_pidns(struct check *c)
{
	const struct task *root = c->root;
	const struct inventory *inv = tasks_inventory(c);
	uint64_t id = tasks_root_ns(c, NS_PID);
	bool external;

	check_use(c, "pidns-#.img", id);
	external = check_present(c, "pidns-#.img", id);
	if (!root || !root->ids || !inv || !inv->root_ids)
		return;
	if (root->pid == 1 && (!tasks_dumped(c, NS_PID) || external))
		check_say(c, "pstree-init-pidns", AT_FIELD(root->entry, "pid"),
			  "the root task is pid 1, but its pid namespace {id} "
			  "is not in the checkpoint", VALUES(id));
	if (root->pid != 1 && tasks_dumped(c, NS_PID) && !external)
		check_say(c, "pstree-root-not-init", AT_FIELD(root->entry,
			  "pid"), "the root task of pid namespace {id} is "
			  "{pid}, not 1", VALUES(id, root->pid));
}

static void check(struct check *c)
{
	if (c->kind != DIR_FULL)
		return;
	if (!c->tasks.n && !check_broken(c, "pstree.img", 0))
		check_say(c, "pstree-missing", AT_IMAGE(check_find(c,
			  "pstree.img", 0)), "there is no task", NULL);
	judge_roots(c);
	for EACH_TASK(c, t) {
		judge_parent(c, t);
		judge_threads(c, t);
		judge_cores(c, t);
	}
	for EACH_TASK(c, u)
		if (u->entry->pgid != u->pid && !tasks_find(c, u->entry->pgid) &&
		    !(u == c->root && check_allows(c, "shell-job")))
			check_say(c, "pstree-pgid-leader-missing", AT_FIELD(
				  u->entry, "pgid"), "no task leads the group "
				  "{pgid} of task {pid}: a helper takes the "
				  "number", VALUES(u->entry->pgid, u->pid));
	judge_numbers(c);
	judge_pidns(c);
}

const struct area area_pstree = {
	.rules = rules, .tests = tests, .uniques = uniques, .check = check,
};

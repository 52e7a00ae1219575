// SPDX-License-Identifier: MIT
/*
 * ids-PID.img: what tasks share, and their namespaces.
 */
#include "check/tasks.h"

static const struct rule rules[] = {
	{ "ids-missing", ERROR, "a task has no ids image" },
	{ "ids-ns-zero", ERROR, "the id of a namespace is 0" },
	{ "ids-subns", ERROR, "a task below the root has a namespace of its own "
		"that cannot be nested" },
	{ "ids-shared-files-nonparent", WARNING, "a shared descriptor table "
		"that is restored as two" },
	{ "ids-shared-vm", WARNING, "shared memory of two tasks that is "
		"restored as two" },
	{ 0 },
};

static bool is_file(const struct check *c, const void *row)
{
	(void)c;
	return !((const struct row *)row)->parent;
}

#define NOT_ZERO(f) \
	{ "ids-ns-zero", "task_kobj_ids_entry." f, TEST_IS, 0, 0, \
	  "is no namespace", is_file }

static const struct test tests[] = {
	NOT_ZERO("pid_ns_id"), NOT_ZERO("net_ns_id"), NOT_ZERO("ipc_ns_id"),
	NOT_ZERO("uts_ns_id"), NOT_ZERO("mnt_ns_id"), NOT_ZERO("user_ns_id"),
	{ 0 },
};

static void judge_namespaces(struct check *c, const struct task *t)
{
	for (int i = 0; i < 8; i++) {
		const struct namespace *ns = &task_namespaces[i];
		uint64_t own = ids_of(t->ids, ns), up = ids_of(t->parent->ids, ns);

		if (own == up || ns->bit == NS_CGROUP ||
		    (ns->nested && tasks_dumped(c, ns->bit)))
			continue;
		check_say(c, "ids-subns", AT_FIELD(t->ids, ns->field), "task "
			  "{pid} is in namespace {id}, its parent {ppid} in "
			  "{parent_id}: CRIU cannot nest these",
			  VALUES(t->pid, own, t->parent->pid, up));
	}
}

static void judge_files(struct check *c, const struct task *t)
{
	const struct ids *first = check_lookup(c,
		"task_kobj_ids_entry.files_id", t->ids->files_id);

	while (first && (first->row.parent || first == t->ids) &&
	       first < t->ids)
		first = check_lookup_next(c, "task_kobj_ids_entry.files_id",
					  first);
	if (!first || first >= t->ids || first->row.parent ||
	    (t->parent && t->parent->ids &&
	     t->parent->ids->files_id == t->ids->files_id))
		return;
	check_say(c, "ids-shared-files-nonparent", AT_FIELD(t->ids, "files_id"),
		  "task {pid} shares its descriptors ({files_id}) with a task "
		  "that is not its parent: each gets a table of its own",
		  VALUES(t->pid, t->ids->files_id));
}

static bool is_live_vm(const struct check *c, const void *row)
{
	const struct row *r = row;
	const struct task *t = tasks_find(c, check_image_at(c, r->image)->number);

	return !r->parent && t && t->live;
}

static const struct unique uniques[] = {
	{ "ids-shared-vm", "task_kobj_ids_entry.vm_id", IN_ALL, false,
	  is_live_vm },
	{ 0 },
};

static void judge(struct check *c, const struct task *t)
{
	check_use(c, "ids-#.img", t->pid);
	if (!t->ids) {
		if ((t == c->root || t->live) &&
		    !check_broken(c, "ids-#.img", t->pid))
			check_say(c, "ids-missing", AT(t->entry), "ids-{pid}.img "
				  "is missing", VALUES(t->pid));
		return;
	}
	if (t->live && !t->ids->row.parent)
		judge_files(c, t);
	if (t->parent && t->parent->ids)
		judge_namespaces(c, t);
}

static void check(struct check *c)
{
	for EACH_TASK(c, t)
		judge(c, t);
}

const struct area area_ids = {
	.rules = rules, .tests = tests, .uniques = uniques, .check = check,
};

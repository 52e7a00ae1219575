// SPDX-License-Identifier: MIT
/*
 *   pstree, core, ids, mm ─► tasks    ids of the root, inventory ─► dumped
 */
#include "check/tasks.h"
#include "check/rows_file.h"
#include "base/alloc.h"

#include <string.h>

#define NS(b, f, flag, nested) { b, #f, offsetof(struct ids, f), flag, nested }

const struct namespace task_namespaces[8] = {
	NS(NS_PID, pid_ns_id, NS_FLAG_PID, false),
	NS(NS_NET, net_ns_id, NS_FLAG_NET, true),
	NS(NS_IPC, ipc_ns_id, NS_FLAG_IPC, false),
	NS(NS_UTS, uts_ns_id, NS_FLAG_UTS, false),
	NS(NS_MNT, mnt_ns_id, NS_FLAG_NS, true),
	NS(NS_USER, user_ns_id, NS_FLAG_USER, false),
	NS(NS_CGROUP, cgroup_ns_id, NS_FLAG_CGROUP, false),
	NS(NS_TIME, time_ns_id, NS_FLAG_TIME, false),
};

struct task *tasks_first(const struct check *c)
{
	return c->tasks.n ? c->tasks.p : NULL;
}

struct task *tasks_next(const struct check *c, const struct task *t)
{
	const struct task *all = c->tasks.p;

	return t + 1 < all + c->tasks.n ? (struct task *)t + 1 : NULL;
}

struct task *tasks_find(const struct check *c, uint64_t pid)
{
	struct pstree *e = check_lookup(c, "pstree_entry.pid", pid);
	struct task *all = c->tasks.p;

	return e ? &all[e - (struct pstree *)check_first(c, T_PSTREE)] : NULL;
}

static void fill(struct check *c, struct task *t, struct pstree *e)
{
	t->entry = e;
	t->pid = e->pid;
	t->core = check_of_image(c, T_CORE, "core-#.img", e->pid);
	t->ids = check_of_image(c, T_IDS, "ids-#.img", e->pid);
	t->mm = check_of_image(c, T_MM, "mm-#.img", e->pid);
	if (t->core) {
		t->tc = check_row(c, T_TC, t->core->tc);
		t->thread = check_row(c, T_THREAD_CORE, t->core->thread_core);
		if (!t->ids)
			t->ids = check_row(c, T_IDS, t->core->ids);
	}
	/* of a state that cannot be, too: what it has is there to be judged */
	t->live = t->tc && t->tc->task_state != 2;
	t->dead = t->tc && t->tc->task_state == 2;
	if (!e->ppid && !c->root)
		c->root = t;
}

const struct inventory *tasks_inventory(const struct check *c)
{
	return check_first(c, T_INVENTORY);
}

static void find_dumped(struct check *c)
{
	const struct inventory *inv = tasks_inventory(c);
	const struct ids *from, *root;
	const struct task *t = c->root;

	if (!inv)
		return;
	from = check_row(c, T_IDS, inv->root_ids);
	root = t ? t->ids : NULL;
	if (t && !root && check_broken(c, "ids-#.img", t->pid))
		return;
	for (int i = 0; i < 8; i++)
		if (ids_of(root, &task_namespaces[i]) !=
		    ids_of(from, &task_namespaces[i]))
			c->dumped |= task_namespaces[i].bit;
}

bool tasks_make(struct check *c)
{
	struct task *all;

	for EACH(c, T_PSTREE, pstree, e)
		if (!check_more(c, &c->tasks, sizeof(struct task)))
			return false;
	all = c->tasks.p;
	for EACH(c, T_PSTREE, pstree, e)
		fill(c, all++, e);
	for EACH_TASK(c, t)
		t->parent = t->entry->ppid ? tasks_find(c, t->entry->ppid) : NULL;
	if (c->kind == DIR_FULL)
		find_dumped(c);
	return !error_is(c->err);
}

void tasks_free(struct check *c)
{
	alloc_free(c->tasks.p);
}

struct vma *tasks_vmas(const struct check *c, uint64_t pid, uint32_t *n)
{
	const struct mm *mm = check_of_image(c, T_MM, "mm-#.img", pid);
	struct vma *first, *v;

	*n = 0;
	if (mm && mm->vmas) {
		*n = span_n(mm->vmas);
		return check_nth(c, T_VMA, mm->vmas, 0);
	}
	first = check_of_image(c, T_VMA, "vmas-#.img", pid);
	for (v = first; v && v->row.image == first->row.image;
	     v = check_next(c, T_VMA, v))
		++*n;
	return first;
}

uint64_t tasks_root_ns(const struct check *c, enum namespace_bit bit)
{
	const struct task *t = c->root;

	for (int i = 0; t && i < 8; i++)
		if (task_namespaces[i].bit == bit)
			return ids_of(t->ids, &task_namespaces[i]);
	return 0;
}

bool tasks_in_ns(const struct check *c, enum namespace_bit bit, uint64_t id)
{
	const struct namespace *ns = task_namespaces;

	while (ns->bit != bit)
		ns++;
	for EACH_TASK(c, t)
		if (t->ids && ids_of(t->ids, ns) == id)
			return true;
	return false;
}

uint64_t tasks_size(const struct check *c)
{
	const struct core *core = check_first(c, T_CORE);

	return !core || core->mtype == 1 ? (UINT64_C(1) << 47) - 4096 : 0;
}

bool vma_is_private(const struct vma *v)
{
	if (v->status & (VMA_SHSTK | VMA_AIORING))
		return true;
	return v->status & VMA_REGULAR &&
	       v->status & (VMA_FILE_PRIVATE | VMA_ANON_PRIVATE) &&
	       v->end <= UINT64_C(1) << 56;
}

struct vma *tasks_vma_at(const struct check *c, const struct task *t,
			 uint64_t address)
{
	uint32_t n;
	struct vma *v = tasks_vmas(c, t->pid, &n);

	for (uint32_t i = 0; i < n; i++, v++)
		if (!(v->status & VMA_GUARD) && v->start <= address &&
		    address < v->end)
			return v;
	return NULL;
}

struct fdinfo *task_fd(const struct check *c, const struct task *t, uint64_t fd)
{
	struct fdinfo *first, *f;

	first = t->ids ? check_of_image(c, T_FDINFO, "fdinfo-#.img",
					t->ids->files_id) : NULL;
	for (f = first; f && f->row.image == first->row.image;
	     f = check_next(c, T_FDINFO, f))
		if (f->fd == fd)
			return f;
	return NULL;
}

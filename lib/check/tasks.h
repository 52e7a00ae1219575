/* SPDX-License-Identifier: MIT
 *
 * What all areas ask for: the tasks of the tree with their images, the root,
 * and which namespaces were dumped.
 */
#ifndef CRIT_CHECK_TASKS_H
#define CRIT_CHECK_TASKS_H

#include "check/areas.h"
#include "check/rows_task.h"
#include "facts.h"

struct fdinfo;

/* Namespaces: bits of check.dumped, and how they are called. */
enum namespace_bit {
	NS_PID = 1, NS_NET = 2, NS_IPC = 4, NS_UTS = 8, NS_MNT = 16,
	NS_USER = 32, NS_CGROUP = 64, NS_TIME = 128,
};

struct namespace {
	enum namespace_bit bit;
	const char *field;	/* of task_kobj_ids_entry */
	size_t offset;		/* in struct ids */
	uint64_t flag;		/* CLONE_NEW.. */
	bool nested;		/* tasks below the root may have their own */
};
extern const struct namespace task_namespaces[8];

struct task {
	struct pstree *entry;
	struct task *parent;		/* or NULL */
	struct core *core;		/* or NULL */
	struct task_core *tc;
	struct thread_core *thread;	/* of its leader */
	struct ids *ids;
	struct mm *mm;
	bool live, dead;		/* neither: not known */
	uint64_t pid;
};

#define EACH_TASK(c, t) \
	(struct task *t = tasks_first(c); t; t = tasks_next(c, t))

/* After all images have been read. */
bool tasks_make(struct check *c);
void tasks_free(struct check *c);

struct task *tasks_first(const struct check *c);
struct task *tasks_next(const struct check *c, const struct task *t);
struct task *tasks_find(const struct check *c, uint64_t pid);

/* The mappings of a task: n of them, one after another, or NULL. */
struct vma *tasks_vmas(const struct check *c, uint64_t pid, uint32_t *n);

static inline uint64_t ids_of(const struct ids *ids, const struct namespace *ns)
{
	return ids ? *(const uint64_t *)(const void *)((const char *)ids +
						       ns->offset) : 0;
}

/* The id that the root task has of a namespace; whether it is dumped. */
uint64_t tasks_root_ns(const struct check *c, enum namespace_bit bit);
static inline bool tasks_dumped(const struct check *c, enum namespace_bit bit)
{
	return c->dumped & bit;
}

/* Whether some task is in that namespace. */
bool tasks_in_ns(const struct check *c, enum namespace_bit bit, uint64_t id);

/* Largest address of a task, or 0: not known. */
uint64_t tasks_size(const struct check *c);
const struct inventory *tasks_inventory(const struct check *c);

bool vma_is_private(const struct vma *v);
/* The mapping that holds an address, or NULL. */
struct vma *tasks_vma_at(const struct check *c, const struct task *t,
			 uint64_t address);
/* Bytes of a page, as its auxiliary vector says. */
uint64_t pages_page_size(const struct check *c, uint64_t pid);

/* A descriptor of a task, or NULL. */
struct fdinfo *task_fd(const struct check *c, const struct task *t,
		       uint64_t fd);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The memory of one task after another. Where mappings are to have names, all
 * tasks are asked for their files first, and files.img is read once.
 *
 *   mm of each task ─► files that are wanted ─► files.img ─► task, task, ...
 */
#ifndef CRIT_MEMORY_EACH_TASK_H
#define CRIT_MEMORY_EACH_TASK_H

#include "memory/address_space.h"
#include "checkpoint/tasks.h"

/* What the question needs of a task. A pre-dump has pages, and neither tasks
 * nor mappings: its tasks are those that have a pagemap. */
enum memory_need {
	NEED_MAPPINGS,
	NEED_MAP,		/* mappings, or a pre-dump's pages */
	NEED_PAGES,		/* pages, whether mappings are known or not */
};

struct memory_tasks {
	/* to be set */
	const uint32_t *pids;		/* only these tasks; none: all */
	size_t n_pids;
	bool one;			/* more than one would make no sense */
	bool names;			/* of mappings are wanted */
	enum memory_need need;
	uint64_t page_size;		/* 0: as memory_open */
	struct store dir;		/* opened by the caller */

	bool (*task)(void *ctx, struct memory *);
	/* a task could not be read: tells of *err and clears it; false: that
	 * was enough */
	bool (*failed)(void *ctx);
	/* or NULL: it is the turn of a task that was read before */
	void (*passed_by)(void *ctx, uint32_t pid);
	void *ctx;
	struct crit_error *err;

	struct tasks tasks;
	struct mapped_files mapped;
	struct tasks passed;		/* read as their pages came by */
	struct tasks owners, owned;	/* pids, and numbers of pages images */
	uint64_t asked, listed;		/* how often for one; then names were */
};

/* A task that has no mm image, one: asked for by its number. Right for a zombie
 * among others; false and why, else. */
bool memory_tasks_absent(const struct store *dir, uint32_t pid, bool one,
			 struct crit_error *err);

/* Whether pids lets it pass. */
bool memory_tasks_wanted(const struct memory_tasks *t, uint64_t pid);

/* Whether the task has pages without mappings, in a checkpoint without tasks. */
bool memory_tasks_predump(const struct store *dir, uint32_t pid);

/* Before the store is opened; what is to be set is set. */
void memory_tasks_init(struct memory_tasks *t);

/* The callback how->pass of the store, with a struct memory_tasks as its ctx:
 * reads the task of these pages at once if all that it needs has been read, so
 * that no second pass is needed. each_task_pass.c. */
bool memory_tasks_pages(void *tasks, const struct store *so_far,
			const char *name);

/* The task that has this pages image, by the pagemaps that are there; UINT64_MAX:
 * none so far. */
uint64_t memory_tasks_owner(struct memory_tasks *t, struct store *so_far,
			    const char *pages);

/* Finds the tasks; path is for messages. Then runs those that are left. */
bool memory_tasks_open(struct memory_tasks *t, const char *path);
void memory_tasks_run(struct memory_tasks *t);
void memory_tasks_close(struct memory_tasks *t);	/* after init; the store, too */

/* Whether it was read as its pages came by. */
bool memory_tasks_passed(const struct memory_tasks *t, uint32_t pid);

#endif

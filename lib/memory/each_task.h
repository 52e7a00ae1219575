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
	bool have_pid;			/* only this task */
	uint32_t pid;
	bool one;			/* more than one would make no sense */
	bool names;			/* of mappings are wanted */
	enum memory_need need;
	uint64_t page_size;		/* 0: as memory_open */
	const struct schema *schema;
	struct store_how how;

	struct store dir;

	bool (*task)(void *ctx, struct memory *);
	/* a task could not be read: tells of *err and clears it; false: that
	 * was enough */
	bool (*failed)(void *ctx);
	void *ctx;
	struct crit_error *err;

	struct tasks tasks;
	struct mapped_files mapped;
};

/* A task that has no mm image, one: asked for by its number. Right for a zombie
 * among others; false and why, else. */
bool memory_tasks_absent(const struct store *dir, uint32_t pid, bool one,
			 struct crit_error *err);

/* Whether the task has pages without mappings, in a checkpoint without tasks. */
bool memory_tasks_predump(const struct store *dir, uint32_t pid);

bool memory_tasks_open(struct memory_tasks *t, const char *path);
void memory_tasks_run(struct memory_tasks *t);
void memory_tasks_close(struct memory_tasks *t);	/* after any open */

#endif

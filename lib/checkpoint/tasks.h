/* SPDX-License-Identifier: MIT
 *
 * The tasks of a checkpoint, in the order of pstree.img.
 */
#ifndef CRIT_CHECKPOINT_TASKS_H
#define CRIT_CHECKPOINT_TASKS_H

#include "facts.h"
#include "store/store.h"

/* A state that symbols.yaml has no name for; the others are in facts.h. */
enum { TASK_DEAD = 2 };

struct tasks {
	uint32_t *pids;
	size_t n, cap;
	uint64_t threads;
	struct crit_error *err;
};

bool tasks_open(struct tasks *t, const struct store *dir,
		struct crit_error *err);

/* One more. */
bool tasks_add(struct tasks *t, uint32_t pid);

/* Only this one, whether it is there or not. */
bool tasks_one(struct tasks *t, uint32_t pid, struct crit_error *err);
void tasks_close(struct tasks *t);

/* The task that it is a thread of; 0: it is none, or a task itself. */
uint32_t tasks_leader(const struct store *dir, uint32_t tid,
		      struct crit_error *err);

/* TASK_ALIVE 1, dead 2, stopped 3, ...; 0 where its core does not say. */
uint64_t tasks_state(const struct store *dir, uint32_t pid,
		     struct crit_error *err);

#endif

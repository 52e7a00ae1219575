/* SPDX-License-Identifier: MIT
 *
 * pstree.img -> the threads of one task, and its place among others.
 */
#ifndef CRIT_CORE_TREE_H
#define CRIT_CORE_TREE_H

#include "store/store.h"

struct core_tree {
	uint64_t pid, ppid, pgid, sid;
	uint32_t *threads;		/* the leader comes first */
	size_t n, cap;
	struct crit_error *err;
};

/* Returns false and *err on failure, also if the task does not exist. */
bool core_tree_open(struct core_tree *t, uint32_t pid,
		    const struct store *dir, struct crit_error *err);
void core_tree_close(struct core_tree *t);	/* after any open */

#endif

/* SPDX-License-Identifier: MIT
 *
 * What most questions want of a task's pages, read while they pass in a compressed
 * archive: arguments, environment, and the stack below them.
 *
 *   mm-12.img, pagemap-12.img, ..., pages-1.img ─► a few pages, kept by the store
 */
#ifndef CRIT_MEMORY_GLANCE_H
#define CRIT_MEMORY_GLANCE_H

#include "memory/each_task.h"

struct memory_glance {
	struct memory_tasks tasks;
	struct crit_error err;
};

void memory_glance_init(struct memory_glance *g);
void memory_glance_free(struct memory_glance *g);

/* A callback how->pass, for STORE_PAGES_ANY. What is not read here is read in a
 * further pass. */
bool memory_glance(void *glance, const struct store *so_far, const char *name);

#endif

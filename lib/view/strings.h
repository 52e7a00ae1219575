/* SPDX-License-Identifier: MIT
 *
 * Strings out of a task's memory, for explorers: its arguments, its environment.
 */
#ifndef CRIT_VIEW_STRINGS_H
#define CRIT_VIEW_STRINGS_H

#include "memory/address_space.h"
#include "view/view.h"

/* Opens the memory of the task; false where it has none, or pages are out of
 * reach, which is reported. */
bool view_memory(struct view *v, const struct model_task *t, struct memory *m,
		 struct crit_error *err);

/* Gives each string that ends in NUL, of at most 128 KiB, in [start, end). False:
 * reported. */
bool view_strings(struct view *v, struct memory *m, uint64_t start, uint64_t end,
		  void (*give)(struct view *, void *ctx, const char *, size_t),
		  void *ctx);

#endif

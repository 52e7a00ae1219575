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

/* Gives each string, of at most 128 KiB. False: reported, and *m->err is left to
 * be shown. */
enum view_strings { VIEW_ARGUMENTS, VIEW_ENVIRONMENT };
bool view_strings(struct view *v, struct memory *m, enum view_strings what,
		  void (*give)(struct view *, void *ctx, const char *, size_t),
		  void *ctx);

#endif

/* SPDX-License-Identifier: MIT
 *
 * What the areas of core images share.
 */
#ifndef CRIT_CHECK_CORE_H
#define CRIT_CHECK_CORE_H

#include "check/tasks.h"

/* Not of a dead task, of which most is ignored. */
bool core_is_live(const struct check *c, const void *row);

/* The control group set of its leader. */
uint64_t core_cg_set(const struct task *t);

#endif

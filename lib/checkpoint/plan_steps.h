/* SPDX-License-Identifier: MIT
 *
 * Between plan.c, which compiles a message, and plan_read.c.
 */
#ifndef CRIT_CHECKPOINT_PLAN_STEPS_H
#define CRIT_CHECKPOINT_PLAN_STEPS_H

#include "checkpoint/plan.h"

/* The steps of a message, compiled when they are first asked for. NULL: each field
 * is to be asked about. *wanted: whether somebody looks at what it holds. */
const struct plan_steps *plan_steps(struct plan *p, const struct message *message,
				    bool *wanted);

#endif

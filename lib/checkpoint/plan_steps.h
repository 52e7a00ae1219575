/* SPDX-License-Identifier: MIT
 *
 * Between plan.c, which compiles a message, and plan_read.c.
 */
#ifndef CRIT_CHECKPOINT_PLAN_STEPS_H
#define CRIT_CHECKPOINT_PLAN_STEPS_H

#include "checkpoint/plan.h"

/* The steps of a message, compiled when they are first asked for. NULL: there are
 * too many messages. */
const struct plan_steps *plan_steps(struct plan *p,
				    const struct message *message);

#endif

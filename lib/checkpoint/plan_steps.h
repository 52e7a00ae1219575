/* SPDX-License-Identifier: MIT
 *
 * Between plan.c, which compiles a message, and plan_read.c.
 */
#ifndef CRIT_CHECKPOINT_PLAN_STEPS_H
#define CRIT_CHECKPOINT_PLAN_STEPS_H

#include "checkpoint/plan.h"

/* A message, compiled when it is first asked for. NULL: there is no room, each
 * field is to be asked about. */
const struct plan_message *plan_compile(struct plan *p,
					const struct message *message);

/* The same; usually it is the last one again. */
static inline const struct plan_message *plan_message(struct plan *p,
					const struct message *message)
{
	if (!p->recent || p->recent->message != message)
		p->recent = plan_compile(p, message);
	return p->recent;
}

#endif

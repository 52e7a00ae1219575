/* SPDX-License-Identifier: MIT
 *
 * The parts of the collecting side: plans (plan.c), which image comes
 * (images.c), pagemaps (pages.c), events (collect.c).
 */
#ifndef CRIT_CHECK_COLLECT_H
#define CRIT_CHECK_COLLECT_H

#include "check/check.h"
#include "check/pages.h"

extern const struct sink_ops collect_ops;
extern const struct bulk_ops collect_bulk;

/* Which columns of each message are kept. */
bool plans_make(struct check *c);
void plans_free(struct check *c);

/* NULL: not read. */
static inline const struct plan *plan_of(const struct check *c,
					 const struct message *m)
{
	size_t i = (uintptr_t)m / 16 * 0x9e3779b1u >> 7;

	for (i %= PLANS; c->plans[i].message; i = (i + 1) % PLANS)
		if (c->plans[i].message == m)
			return c->plans[i].table ? &c->plans[i] : NULL;
	return NULL;
}

/* A required field of this message is absent: a finding. */
void collect_required(struct check *c, const struct frame *f);

/* The events of an image begin, end, or break off. begin: whether somebody
 * looks at it. */
bool images_begin(struct check *c, const struct image *i);
void images_end(struct check *c, uint64_t entries);
void images_fail(struct check *c, const struct crit_error *err);

/* A call that failed is no fault of the checkpoint: warns, or ends the check. */
void images_failed_call(struct check *c, const struct crit_error *err);

/* Sorts them by name, once all are known. */
bool images_sort(struct check *c);
void images_free(struct check *c);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Guard ranges (MADV_GUARD_INSTALL). CRIU writes each one as a mapping of its
 * own, after all others and in any order, though it lies inside of them:
 *
 *   mm image   |-----a-----|  |-b-|     ..g..
 *   memory     |-a-|.g.|-a-|  |-b-|
 */
#ifndef CRIT_CHECKPOINT_GUARDS_H
#define CRIT_CHECKPOINT_GUARDS_H

#include "checkpoint/mappings.h"

struct guard {
	uint64_t start, end;
};

struct guards {
	struct guard *ranges;
	size_t n, cap, at;
};

/* False: *err. */
bool guards_add(struct guards *g, const struct vma *a, struct crit_error *err);

/* Cuts the mappings where guard ranges lie in them: a guard is a mapping, too.
 * Frees the guards. */
bool guards_cut(struct guards *g, struct mappings *v);

void guards_free(struct guards *g);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The parts of walk.c: what is kept of a unit until it ends.
 */
#ifndef CRIT_DIFF_WALK_PARTS_H
#define CRIT_DIFF_WALK_PARTS_H

#include "diff/walk.h"

extern const struct sink_ops walk_ops;
extern const struct bulk_ops walk_bulk;

/* walk_bytes.c: a string begins; more of it, into w->hash and w->word. */
void walk_bytes_begin(struct walk *w);
void walk_hash(struct walk *w, const uint8_t *p, size_t n);

/* Whether id is told of the numbers with this rule. */
static inline bool walk_is_id(const struct walk *w,
			      const struct field_rule *rule)
{
	return w->id && rule->level == w->level;
}

/* A number that means something; true: it waits for the end. */
bool unit_note(struct walk *w, struct unit *u, const struct field *f,
	       const struct field_rule *rule, uint64_t v, uint64_t path);
void unit_name(struct unit *u, const void *p, size_t n);
void unit_end(struct walk *w, struct unit *u);

#endif

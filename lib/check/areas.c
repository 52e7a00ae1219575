// SPDX-License-Identifier: MIT
/*
 * All areas, in the order in which they look at the rows: what marks files and
 * images as used comes before what tells of those that nobody uses.
 */
#include "check/areas.h"

#include <stdlib.h>
#include <string.h>

const struct area *const check_areas[] = {
	&area_framing, &area_inventory, &area_pstree, &area_sessions, &area_ids,
	&area_core, &area_thread, &area_x86, &area_timers, &area_mm, &area_vma,
	&area_shared, &area_pagemap, &area_parent, &area_unused, NULL,
};

const struct rule *check_rule(size_t n)
{
	for (size_t i = 0; check_areas[i]; i++)
		for (const struct rule *r = check_areas[i]->rules; r && r->id;
		     r++)
			if (!n--)
				return r;
	return NULL;
}

/* A rule that is used is in the tables: a test looks at all of them. */
const struct rule *check_rule_of(const char *id)
{
	const struct rule *r;

	for (size_t i = 0; (r = check_rule(i)); i++)
		if (!strcmp(r->id, id))
			return r;
	abort();
}

bool check_allows(const struct check *c, const char *option)
{
	for (size_t i = 0; i < c->n_allow; i++)
		if (!strcmp(c->allow[i], option))
			return true;
	return false;
}

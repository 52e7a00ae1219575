// SPDX-License-Identifier: MIT
/*
 * The link "parent", and the checkpoints behind it. Whether they have the
 * pages that they should have: parents.c.
 */
#include "base/alloc.h"
#include "check/areas.h"
#include "check/collect.h"
#include "check/pages.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct rule rules[] = {
	{ "pagemap-parent-missing", ERROR, "pages that no parent has" },
	{ "parent-dangling", ERROR, "parent leads to no directory" },
	{ "parent-loop", ERROR, "the chain of parents is a loop" },
	{ "parent-absolute", WARNING, "parent is an absolute link" },
	{ "parent-not-link", WARNING, "parent is not a link" },
	{ "parent-head", ERROR, "a pagemap of a parent has another head" },
	{ "parent-inventory", NOTE, "a parent has no inventory.img" },
	{ 0 },
};

static void judge_link(struct check *c, const struct store *s, int depth)
{
	char to[256];

	/* archives that know no links leave a file with the name */
	if (!store_parent_link(s, to, sizeof(to)))
		check_say(c, "parent-not-link", NOWHERE,
			  s->ops->regular(s, "parent") ?
			  "'parent' of checkpoint {depth} is a file that holds "
			  "the name: make it a symbolic link before restore" :
			  "'parent' of checkpoint {depth} is a directory, not a "
			  "link", VALUES((uint64_t)depth));
	else if (*to == '/')
		check_say(c, "parent-absolute", NOWHERE, "'parent' of "
			  "checkpoint {depth} is the absolute link {target:s}: "
			  "it breaks when the directories move",
			  VALUES((uint64_t)depth, STRING(to)));
}

static void judge_parent(struct check *c, const struct store *s, int depth)
{
	if (store_absent(s, "inventory.img"))
		check_say(c, "parent-inventory", NOWHERE, "parent {depth} has no "
			  "inventory.img: restore does not need it, the next "
			  "dump does", VALUES((uint64_t)depth));
}

static void say_dangling(struct check *c, const struct store *s, int depth,
			 bool gone)
{
	char to[256];

	if (!store_parent_link(s, to, sizeof(to))) {
		/* "not absent" was no promise */
		if (gone && !s->ops->regular(s, "parent"))
			return;
		snprintf(to, sizeof(to), "a file in place of the link");
	}
	c->parent_broken = true;
	check_say(c, "parent-dangling", NOWHERE, "'parent' of checkpoint {depth} "
		  "leads to no directory: {target:s}",
		  VALUES((uint64_t)depth, STRING(to)));
}

void parent_failed(struct check *c, int sys)
{
	struct crit_error err;

	error_clear(&err);
	snprintf(err.image, sizeof(err.image), "parent");
	error_sys(&err, sys, "cannot open");
	if (sys && sys != ENOENT && sys != ENOTDIR && sys != ELOOP)
		images_failed_call(c, &err);
}

/* Checkpoint 0 is the one being checked; 1 is its parent, and so on. */
void parents_look(struct check *c)
{
	/* too large for the stack of a thread */
	struct store *chain = alloc(PARENTS_MAX * sizeof(*chain));
	const struct store *s = c->store;
	int n = 0;

	if (!chain) {
		error_set(c->err, CRIT_ENOMEM, "out of memory");
		return;
	}
	while (n < PARENTS_MAX && !c->parent_broken &&
	       !store_absent(s, "parent")) {
		errno = 0;
		if (!store_parent(s, &chain[n])) {
			int sys = errno;

			parent_failed(c, sys);
			say_dangling(c, s, n, sys == ENOENT);
			break;
		}
		judge_link(c, s, n);
		c->parent_broken = store_same(c->store, &chain[n]);
		for (int i = 0; i < n; i++)
			c->parent_broken |= store_same(&chain[i], &chain[n]);
		if (c->parent_broken)
			check_say(c, "parent-loop", NOWHERE, "'parent' of "
				  "checkpoint {depth} leads back to one of its "
				  "children", VALUES((uint64_t)n));
		else
			judge_parent(c, &chain[n], n + 1);
		s = &chain[n++];
	}
	while (n-- > 0)
		store_close(&chain[n]);
	alloc_free(chain);
}

const struct area area_parent = { .rules = rules };

// SPDX-License-Identifier: MIT
#include "core/tree.h"
#include "base/alloc.h"
#include "checkpoint/extract.h"
#include "facts.h"

#include <inttypes.h>
#include <string.h>

/* Threads are kept until the pid of their message is known: it usually comes
 * first, but need not. */
struct reading {
	struct core_tree *t;
	uint32_t wanted;
	bool found;
	uint64_t pid, ppid, pgid, sid, thread;
};

#define RULE(field) \
	{ "pstree_entry", #field, offsetof(struct reading, field), 0 }

static const struct extract_rule rules[] = {
	RULE(pid), RULE(ppid), RULE(pgid), RULE(sid),
	{ "pstree_entry", "threads", offsetof(struct reading, thread), 0 },
	{ "pstree_entry", NULL, 0, 0 },
};

static bool grow(struct core_tree *t)
{
	size_t cap = t->cap ? 2 * t->cap : 16;
	uint32_t *more = alloc_more(t->threads, cap * sizeof(*more));

	if (!more)
		return error_set(t->err, CRIT_ENOMEM, "out of memory");
	t->threads = more;
	t->cap = cap;
	return true;
}

static void keep_thread(void *ctx, const struct field *f, uint64_t v)
{
	struct reading *r = ctx;
	struct core_tree *t = r->t;

	(void)f;
	if (v != r->wanted && (t->n < t->cap || grow(t)))
		t->threads[t->n++] = (uint32_t)v;
}

static bool end_task(void *ctx, const struct extract_rule *rule)
{
	struct reading *r = ctx;
	struct core_tree *t = r->t;

	(void)rule;
	r->found = r->pid == r->wanted;
	if (!r->found)
		t->n = 1;
	t->pid = r->pid;
	t->ppid = r->ppid;
	t->pgid = r->pgid;
	t->sid = r->sid;
	return !r->found && !error_is(t->err);
}

bool core_tree_open(struct core_tree *t, uint32_t pid,
		    const struct store *dir, struct crit_error *err)
{
	struct reading r = { .t = t, .wanted = pid };
	const struct extract extract = {
		.magic = "PSTREE", .rules = rules,
		.n_rules = sizeof(rules) / sizeof(*rules), .ctx = &r,
		.done = end_task, .item = keep_thread,
	};

	memset(t, 0, sizeof(*t));
	t->err = err;
	if (!grow(t))
		return false;
	t->threads[t->n++] = pid;
	return extract_image(&extract, dir, IMAGE_PSTREE, NULL, err) &&
	       (r.found || error_set(err, CRIT_EDATA, "pstree.img has no task %"
				     PRIu32, pid));
}

void core_tree_close(struct core_tree *t)
{
	alloc_free(t->threads);
	t->threads = NULL;
	t->n = t->cap = 0;
}

// SPDX-License-Identifier: MIT
/*
 *   pstree ─► parents, children ─► alike leaves are joined ─► the first rows
 */
#include "draw/tree.h"

#include <inttypes.h>
#include <stdio.h>

enum { ALIKE = 4, BACK = 64 };

const char *const ptree_kinds[TREE_KINDS] = {
	"pid", "net", "ipc", "uts", "mnt", "user", "cgroup", "time",
};

#define NS(name) { #name, #name "_ns_id", NULL }
static const struct row_column ids[] = {
	NS(pid), NS(net), NS(ipc), NS(uts), NS(mnt), NS(user), NS(cgroup),
	NS(time),
};

static const struct row_source sources[] = {
	{ "IDS", "ids-", "", ids, TREE_KINDS, true, NULL },
	{ "CORE", "core-", "ids", ids, TREE_KINDS, true, NULL },
};

static void read_ids(const struct tree *t, uint32_t pid,
		     uint64_t to[TREE_KINDS])
{
	const struct model *m = &t->look.model;

	for (unsigned s = 0; s < 2; s++) {
		const struct row *r = rows_next(m, s, pid, NULL);
		const struct row_cell *c = r ? (const struct row_cell *)
			m->cells.p + r->cells : NULL;

		for (unsigned i = 0; c && i < TREE_KINDS; i++)
			if (c[i].f)
				to[i] = c[i].number;
	}
}

/* The number of the set with these ids. */
static uint32_t find_set(struct tree *t, const uint64_t set[TREE_KINDS])
{
	struct tree_set *all = t->sets.p, *more;
	size_t from = t->sets.n > BACK ? t->sets.n - BACK : 0;

	for (size_t i = from; i < t->sets.n; i++)
		if (!memcmp(all[i].ids, set, sizeof(all[i].ids)))
			return (uint32_t)i;
	more = list_more(&t->sets, sizeof(*more), 1, t->look.draw->err);
	if (!more)
		return 0;
	memcpy(more->ids, set, sizeof(more->ids));
	return (uint32_t)t->sets.n - 1;
}

static void make_node(struct tree *t, uint32_t i)
{
	const struct model_task *task = model_nth(&t->look.model, i);
	const struct model_task *up = model_task(&t->look.model, task->ppid);
	uint64_t set[TREE_KINDS] = { 0 };
	struct tree_set *sets;

	t->nodes[i] = (struct tree_node){
		.task = task, .child = TREE_NONE, .next = TREE_NONE,
		.last = TREE_NONE, .joined = TREE_NONE, .count = 1,
		.end = task->pid,
		.parent = up && up->listed ? up->place : TREE_NONE,
	};
	read_ids(t, task->pid, set);
	t->nodes[i].set = find_set(t, set);
	sets = t->sets.p;
	if (sets)
		sets[t->nodes[i].set].tasks++;
	t->threads += task->n_threads ? task->n_threads : 1;
}

/* A task that would be its own ancestor is a root. */
static void cut_rings(struct tree *t)
{
	struct tree_node *n = t->nodes;

	for (uint32_t i = 0; i < t->n; i++) {
		uint32_t j = i;

		while (n[j].parent != TREE_NONE && !n[j].mark) {
			n[j].mark = i + 1;
			j = n[j].parent;
		}
		if (n[j].mark == i + 1)
			n[j].parent = TREE_NONE;
	}
}

static void link_children(struct tree *t)
{
	struct tree_node *n = t->nodes;

	for (uint32_t i = 0; i < t->n; i++) {
		struct tree_node *up = n[i].parent == TREE_NONE ? NULL :
			&n[n[i].parent];

		if (!up)
			continue;
		if (up->child == TREE_NONE)
			up->child = i;
		else
			n[up->last].next = i;
		up->last = i;
	}
}

static bool alike(const struct tree *t, const struct tree_node *a,
		  const struct tree_node *b)
{
	const struct model *m = &t->look.model;
	const struct model_task *x = a->task, *y = b->task;

	return a->child == TREE_NONE && b->child == TREE_NONE &&
	       a->set == b->set && x->state == y->state &&
	       x->n_threads == y->n_threads && x->comm.len == y->comm.len &&
	       !memcmp(model_text(m, x->comm), model_text(m, y->comm),
		       x->comm.len);
}

/* Leaves below the same parent: each is counted in the first one like it. */
static void count_alike(struct tree *t, uint32_t first)
{
	struct tree_node *n = t->nodes;
	uint32_t kinds[BACK], n_kinds = 0;

	for (uint32_t i = first; i != TREE_NONE; i = n[i].next) {
		uint32_t k = 0;

		while (k < n_kinds && !alike(t, &n[kinds[k]], &n[i]))
			k++;
		if (k == n_kinds && k < BACK) {
			kinds[n_kinds++] = i;
		} else if (k < n_kinds) {
			n[i].joined = kinds[k];
			n[kinds[k]].count++;
			n[kinds[k]].end = n[i].task->pid;
		}
	}
}

/* Few that are alike stay apart. */
static void join(struct tree *t)
{
	struct tree_node *n = t->nodes;

	for (uint32_t i = 0; t->n > TREE_FEW && i < t->n; i++)
		if (n[i].child != TREE_NONE)
			count_alike(t, n[i].child);
	for (uint32_t i = 0; i < t->n; i++)
		if (n[i].joined != TREE_NONE && n[n[i].joined].count < ALIKE)
			n[i].joined = TREE_NONE;
	for (uint32_t i = 0; i < t->n; i++)
		if (n[i].count < ALIKE && n[i].count > 1) {
			n[i].count = 1;
			n[i].end = n[i].task->pid;
		}
}

/* Breadth first: whoever is near to a root is shown first. */
static uint32_t choose(struct tree *t, uint32_t *queue)
{
	struct tree_node *n = t->nodes;
	uint32_t head = 0, tail = 0;

	for (uint32_t i = 0; i < t->n && tail < TREE_ROWS; i++)
		if (n[i].parent == TREE_NONE)
			queue[tail++] = i;
	for (uint32_t i = 0; i < tail; i++)
		n[queue[i]].shown = true;
	while (head < tail) {
		uint32_t i = queue[head++];

		for (uint32_t c = n[i].child; c != TREE_NONE && tail < TREE_ROWS &&
		     n[i].depth + 1 < TREE_DEPTH; c = n[c].next) {
			if (n[c].joined != TREE_NONE)
				continue;
			n[c].depth = n[i].depth + 1;
			n[c].shown = true;
			queue[tail++] = c;
		}
	}
	return tail;
}

/* The nearest that is shown says how many are not. */
static void count_hidden(struct tree *t)
{
	struct tree_node *n = t->nodes;

	for (uint32_t i = 0; i < t->n; i++) {
		uint32_t j = n[i].parent;

		if (n[i].shown || (n[i].joined != TREE_NONE &&
				   n[n[i].joined].shown))
			continue;
		while (j != TREE_NONE && !n[j].shown)
			j = n[j].parent;
		if (j != TREE_NONE)
			n[j].hidden++;
	}
}

/* Depth first, by parents: there is no recursion. */
static void put_order(struct tree *t)
{
	struct tree_node *n = t->nodes;

	for (uint32_t root = 0; root < t->n; root++) {
		uint32_t i = root;

		while (n[root].parent == TREE_NONE && i != TREE_NONE) {
			if (n[i].shown) {
				t->order[t->n_order++] = i;
				if (n[i].depth > t->deepest)
					t->deepest = n[i].depth;
			}
			if (n[i].shown && n[i].child != TREE_NONE) {
				i = n[i].child;
				continue;
			}
			while (i != root && n[i].next == TREE_NONE)
				i = n[i].parent;
			i = i == root ? TREE_NONE : n[i].next;
		}
	}
}

bool ptree_open(struct tree *t, struct draw *d)
{
	*t = (struct tree){ 0 };
	if (!look_open(&t->look, d, EXPLORE_TASKS | MODEL_THREADS | MODEL_IDS,
		       sources, 2))
		return false;
	t->n = (uint32_t)model_count(&t->look.model);
	t->nodes = alloc(((size_t)t->n + 1) * sizeof(*t->nodes));
	t->order = alloc(((size_t)t->n + TREE_ROWS) * sizeof(*t->order));
	if (!t->nodes || !t->order)
		return error_set(d->err, CRIT_ENOMEM, "out of memory");
	for (uint32_t i = 0; i < t->n; i++)
		make_node(t, i);
	cut_rings(t);
	link_children(t);
	join(t);
	choose(t, t->order);
	count_hidden(t);
	put_order(t);
	return !error_is(d->err);
}

void ptree_close(struct tree *t)
{
	list_free(&t->sets);
	alloc_free(t->nodes);
	alloc_free(t->order);
	look_close(&t->look);
}

// SPDX-License-Identifier: MIT
/*
 * The process tree. Whose parent is not in it is a root; a ring of parents
 * is cut at its first task.
 */
#include "base/alloc.h"
#include "checkpoint/tasks.h"
#include "view/explorer.h"
#include "view/names.h"

#include <inttypes.h>

#define NONE UINT32_MAX

/* Tasks by their place in the tree's order. */
struct node {
	uint32_t parent, child, last, next;
	uint32_t mark;
};

struct tree {
	struct view *v;
	struct node *nodes;
	uint32_t n, depth;
	void (*enter)(struct tree *, uint32_t);
	void (*leave)(struct tree *, uint32_t);
};

static const struct model_task *task(const struct tree *tree, uint32_t i)
{
	return model_nth(tree->v->model, i);
}

static void put_comm(struct view *v, const char *key,
		     const struct model_task *t)
{
	view_bytes(v, key, model_text(v->model, t->comm), t->comm.len);
}

static void put_threads(struct view *v, const struct model_task *t)
{
	const uint32_t *tids = v->model->threads.p;

	view_open(v, "threads", '[');
	for (uint32_t i = 0; i < t->n_threads; i++) {
		uint32_t tid = tids[t->threads + i];
		const struct model_task *thread = model_task(v->model, tid);

		if (!tid)	/* a zombie's */
			continue;
		view_open(v, NULL, '{');
		view_number(v, "tid", tid);
		if (thread && thread->seen & MODEL_CORE)
			put_comm(v, "comm", thread);
		view_close(v, '}');
	}
	view_close(v, ']');
}

/* Branches: of an ancestor that has more children, of one that has none; the
 * task's own. */
static const char *const branches[][4] = {
	[BRANCHES_ASCII] = { "|  ", "   ", "|- ", "`- " },
	[BRANCHES_BOX] = { "\u2502  ", "   ", "\u251c\u2500 ", "\u2514\u2500 " },
};

enum { LEVELS = 32 };	/* as many branches as are drawn */

/* The name with its branches, deeper ones by their number: "(40) ". */
static void put_branch(struct tree *tree, uint32_t i)
{
	const char *const *b = branches[tree->v->branches];
	const struct node *nodes = tree->nodes;
	const struct model_task *t = task(tree, i);
	struct view *v = tree->v;
	uint32_t up[LEVELS] = { 0 }, n = 0, deep = 0;

	for (; nodes[i].parent != NONE; i = nodes[i].parent) {
		if (n < LEVELS)
			up[n++] = i;
		else
			deep++;
	}
	view_line(v);
	if (deep)
		view_add(v, "(%" PRIu32 ") ", deep);
	while (n--)
		view_add(v, "%s", b[(n ? 0 : 2) + (nodes[up[n]].next == NONE)]);
	view_add_bytes(v, model_text(v->model, t->comm), t->comm.len);
	view_value(v, "comm");
}

static void record(struct tree *tree, uint32_t i)
{
	const struct model_task *t = task(tree, i);
	struct view *v = tree->v;

	view_open(v, NULL, '{');
	view_number(v, "pid", t->pid);
	view_number(v, "ppid", t->ppid);
	view_number(v, "pgid", t->pgid);
	view_number(v, "sid", t->sid);
	if (v->table)
		view_owner(v, t);
	if (v->branches)
		put_branch(tree, i);
	else
		put_comm(v, "comm", t);
	view_state(v, t);
	put_threads(v, t);
	view_close(v, '}');
}

static void json_enter(struct tree *tree, uint32_t i)
{
	const struct model_task *t = task(tree, i);
	struct view *v = tree->v;

	view_open(v, NULL, '{');
	view_number(v, "pid", t->pid);
	view_number(v, "pgid", t->pgid);
	view_number(v, "sid", t->sid);
	put_comm(v, "comm", t);
	if (tree->nodes[i].child != NONE)
		view_open(v, "children", '[');
}

static void json_leave(struct tree *tree, uint32_t i)
{
	if (tree->nodes[i].child != NONE)
		view_close(tree->v, ']');
	view_close(tree->v, '}');
}

static void text(struct tree *tree, uint32_t i)
{
	const struct model_task *t = task(tree, i);
	struct view *v = tree->v;

	out_printf(v->out, "%7" PRIu32 "%7" PRIu32 "%7" PRIu32 "   ", t->pid,
		   t->pgid, t->sid);
	for (uint32_t n = 0; n < tree->depth; n++)
		view_put(v, "    ", 4);
	view_line(v);
	view_add_name(v, model_text(v->model, t->comm), t->comm.len);
	view_say(v, v->line.p, v->line.n);
	view_put(v, "\n", 1);
}

static void nothing(struct tree *tree, uint32_t i)
{
	(void)tree;
	(void)i;
}

/* Depth first; the tree may be as deep as it has tasks. */
static void walk(struct tree *tree, uint32_t root)
{
	const struct node *nodes = tree->nodes;

	for (uint32_t i = root;; i = nodes[i].next) {
		for (; nodes[i].child != NONE; i = nodes[i].child) {
			tree->enter(tree, i);
			tree->depth++;
		}
		tree->enter(tree, i);
		tree->leave(tree, i);
		while (i != root && nodes[i].next == NONE) {
			i = nodes[i].parent;
			tree->depth--;
			tree->leave(tree, i);
		}
		if (i == root)
			return;
	}
}

static void find_parents(struct tree *tree)
{
	for (uint32_t i = 0; i < tree->n; i++) {
		const struct model_task *t = task(tree, i);
		const struct model_task *p = t->ppid ?
			model_task(tree->v->model, t->ppid) : NULL;

		tree->nodes[i] = (struct node){
			p && p->listed ? p->place : NONE, NONE, NONE, NONE, 0,
		};
	}
}

static void cut_rings(struct tree *tree)
{
	struct node *nodes = tree->nodes;

	for (uint32_t i = 0; i < tree->n; i++) {
		uint32_t j = i;

		while (nodes[j].parent != NONE && !nodes[j].mark) {
			nodes[j].mark = i + 1;
			j = nodes[j].parent;
		}
		if (nodes[j].mark == i + 1)
			nodes[j].parent = NONE;
	}
}

static void link_children(struct tree *tree)
{
	struct node *nodes = tree->nodes;

	for (uint32_t i = 0; i < tree->n; i++) {
		uint32_t p = nodes[i].parent;

		if (p == NONE)
			continue;
		if (nodes[p].child == NONE)
			nodes[p].child = i;
		else
			nodes[nodes[p].last].next = i;
		nodes[p].last = i;
	}
}

static uint32_t count_roots(const struct tree *tree)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < tree->n; i++)
		n += tree->nodes[i].parent == NONE;
	return n;
}

static void put_tree(struct tree *tree)
{
	struct view *v = tree->v;
	bool list;

	find_parents(tree);
	cut_rings(tree);
	link_children(tree);
	list = v->format == VIEW_JSON && count_roots(tree) > 1;
	if (v->format == VIEW_TEXT)
		out_printf(v->out, "%7s%7s%7s   %s\n", "PID", "PGID", "SID",
			   "COMM");
	else if (v->format == VIEW_JSON && !tree->n)
		out_printf(v->out, "null\n");
	if (list)
		view_open(v, NULL, '[');
	for (uint32_t i = 0; i < tree->n; i++) {
		view_has(v, task(tree, i), MODEL_CORE, "core-");
		if (tree->nodes[i].parent == NONE)
			walk(tree, i);
	}
	if (list)
		view_close(v, ']');
}

static void print(struct view *v)
{
	static const struct {
		void (*enter)(struct tree *, uint32_t);
		void (*leave)(struct tree *, uint32_t);
	} formats[] = {
		[VIEW_TEXT] = { text, nothing },
		[VIEW_JSON] = { json_enter, json_leave },
		[VIEW_RECORDS] = { record, nothing },
	};
	struct tree tree = {
		.v = v, .n = (uint32_t)model_count(v->model),
		.enter = formats[v->format].enter,
		.leave = formats[v->format].leave,
	};

	tree.nodes = alloc((tree.n + 1) * sizeof(*tree.nodes));
	if (!tree.nodes) {
		error_set(v->model->sink.err, CRIT_ENOMEM, "out of memory");
		return;
	}
	put_tree(&tree);
	alloc_free(tree.nodes);
}

const struct explorer explorer_ps = {
	.name = "ps",
	.meant = "processes tasks pids tree",
	.about = "the process tree",
	.columns = "pid ppid pgid? sid? uid comm state exit_code threads",
	.images = EXPLORE_TASKS,
	.facts = MODEL_THREADS | MODEL_ROWS,
	.sources = view_owners, .n_sources = 2, .table_sources = true,
	.print = print,
};

/* SPDX-License-Identifier: MIT
 *
 * The process tree as it is to be shown: what is alike and too much is one node.
 *
 *   tasks ─► nodes ─► alike leaves joined ─► as many as can be shown
 */
#ifndef CRIT_DRAW_TREE_H
#define CRIT_DRAW_TREE_H

#include "draw/look.h"

enum {
	TREE_NONE = UINT32_MAX,
	TREE_ROWS = 120, TREE_DEPTH = 16,	/* nodes that are shown */
	TREE_FEW = 24,				/* tasks: nothing is joined */
	TREE_KINDS = 8,				/* of namespaces */
};

struct tree_node {
	const struct model_task *task;
	uint32_t parent, child, next, last, mark;
	uint32_t joined;	/* in the node of that number; TREE_NONE */
	uint32_t count;		/* tasks that it stands for */
	uint32_t hidden;	/* tasks below it that are not shown */
	uint32_t depth, set;	/* of namespaces */
	uint32_t end;		/* pid of the last that it stands for */
	bool shown;
};

/* Namespaces that tasks have in common: their ids, 0 where not known. */
struct tree_set {
	uint64_t ids[TREE_KINDS];
	uint32_t tasks;
};

struct tree {
	struct look look;
	struct tree_node *nodes;
	uint32_t n;
	uint32_t *order;		/* those that are shown, as they stand */
	uint32_t n_order, deepest;
	struct list sets;		/* struct tree_set */
	uint64_t threads;
};

extern const char *const ptree_kinds[TREE_KINDS];

bool ptree_open(struct tree *t, struct draw *d);
void ptree_close(struct tree *t);

/* "pid 12", "pids 12 to 40" */
void ptree_pids(const struct tree_node *n, char *to, size_t size);

/* "name, worker (3)": those of its threads; "" where there is only one. */
void ptree_threads(const struct tree *t, const struct tree_node *n,
		  char to[WORDS_MAX], size_t columns);

/* "5 tasks, 9 threads" */
void ptree_about(const struct tree *t, char *to, size_t size);

/* "pid 10, net 9": a set, or where it differs from the first. */
void ptree_namespaces(const struct tree *t, uint32_t set, char *to, size_t size);

#endif

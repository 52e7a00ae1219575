// SPDX-License-Identifier: MIT
/*
 * What is said of a node of the tree, in pictures and in dot.
 */
#include "draw/tree.h"

#include <inttypes.h>
#include <stdio.h>

void ptree_pids(const struct tree_node *n, char *to, size_t size)
{
	if (n->count == 1)
		snprintf(to, size, "pid %" PRIu32, n->task->pid);
	else
		snprintf(to, size, "%" PRIu32 " tasks, pids %" PRIu32 " to %"
			 PRIu32, n->count, n->task->pid, n->end);
}

enum { NAMES_MAX = 8 };

struct names {
	struct { struct model_span name; uint32_t count; } all[NAMES_MAX];
	uint32_t n, more;
};

static void add_name(const struct model *m, struct names *names,
		     struct model_span name)
{
	uint32_t i = 0;

	while (i < names->n && (names->all[i].name.len != name.len ||
				memcmp(model_text(m, names->all[i].name),
				       model_text(m, name), name.len)))
		i++;
	if (i == NAMES_MAX) {
		names->more++;
		return;
	}
	names->n += i == names->n;
	names->all[i].name = name;
	names->all[i].count++;
}

void ptree_threads(const struct tree *t, const struct tree_node *n,
		  char to[WORDS_MAX], size_t columns)
{
	const struct model *m = &t->look.model;
	const uint32_t *tids = m->threads.p;
	struct names names = { .n = 0 };
	char text[WORDS_MAX * 2] = "";
	size_t at = 0;

	for (uint32_t i = 0; i < n->task->n_threads; i++) {
		const struct model_task *k =
			model_task(m, tids[n->task->threads + i]);

		add_name(m, &names, k ? k->comm : (struct model_span){ 0, 0 });
	}
	for (uint32_t i = 0; n->task->n_threads > 1 && names.n > 1 &&
	     i < names.n; i++) {
		char name[WORDS_MAX];

		words_fit(name, model_text(m, names.all[i].name),
			  names.all[i].name.len, 24);
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s",
				       at ? ", " : "", *name ? name : "?");
		if (names.all[i].count > 1 && at < sizeof(text))
			at += (size_t)snprintf(text + at, sizeof(text) - at,
					       " \xc3\x97%" PRIu32,
					       names.all[i].count);
		if (at >= sizeof(text))
			at = sizeof(text) - 1;
	}
	if (names.more && at + 32 < sizeof(text))
		snprintf(text + at, sizeof(text) - at, ", %" PRIu32 " more",
			 names.more);
	words_fit(to, text, strlen(text), columns);
}

void ptree_about(const struct tree *t, char *to, size_t size)
{
	char tasks[40], threads[40], sets[64] = "";

	words_count(tasks, sizeof(tasks), t->n, "task");
	words_count(threads, sizeof(threads), t->threads, "thread");
	if (t->sets.n > 1)
		snprintf(sets, sizeof(sets), ", %zu sets of namespaces",
			 t->sets.n);
	snprintf(to, size, "%s, %s%s", tasks, threads, sets);
}

void ptree_namespaces(const struct tree *t, uint32_t set, char *to, size_t size)
{
	const struct tree_set *all = t->sets.p, *s = &all[set];
	size_t at = 0;

	*to = 0;
	if (set)
		at = (size_t)snprintf(to, size, "as the first, but ");
	for (unsigned i = 0, n = 0; i < TREE_KINDS; i++) {
		if (!s->ids[i] || (set && s->ids[i] == all[0].ids[i]))
			continue;
		at += (size_t)snprintf(to + at, at < size ? size - at : 0,
				       "%s%s %" PRIu64, n++ ? ", " : "",
				       ptree_kinds[i], s->ids[i]);
		if (at >= size)
			return;
	}
}

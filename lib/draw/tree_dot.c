// SPDX-License-Identifier: MIT
/*
 *   tree ─► a node for each node, an edge from each parent
 */
#include "draw/tree.h"

#include <inttypes.h>

static void put_node(struct tree *t, const struct tree_node *n, uint32_t i,
		     struct out *out)
{
	const struct model_task *k = n->task;
	const char *state = look_state(k);
	char text[WORDS_MAX], pids[80];

	words_fit(text, model_text(&t->look.model, k->comm), k->comm.len, 24);
	ptree_pids(n, pids, sizeof(pids));
	markup(out, "\tn%" PRIu32 " [label=\"", i);
	markup_quoted(out, text);
	markup(out, "\\n%s", pids);
	ptree_threads(t, n, text, 40);
	if (*text) {
		markup(out, "\\n");
		markup_quoted(out, text);
	}
	if (n->hidden)
		markup(out, "\\n%" PRIu32 " more below", n->hidden);
	if (state)
		markup(out, "\\n%s", state);
	markup(out, "\"%s];\n", n->count > 1 ? ", peripheries=2" : "");
}

bool draw_tree_dot(struct draw *d)
{
	struct out *out = d->out;
	struct tree t;
	bool ok = ptree_open(&t, d);

	if (ok)
		markup(out, "digraph tree {\n\trankdir=LR;\n\tnode [shape=box, "
		       "style=\"rounded,filled\", fillcolor=\"%s\", "
		       "fontname=\"Helvetica\"];\n", style_pale(HUE_BLUE));
	for (uint32_t i = 0; ok && i < t.n_order; i++)
		put_node(&t, &t.nodes[t.order[i]], t.order[i], out);
	for (uint32_t i = 0; ok && i < t.n_order; i++)
		if (t.nodes[t.order[i]].parent != TREE_NONE)
			markup(out, "\tn%" PRIu32 " -> n%" PRIu32 ";\n",
			       t.nodes[t.order[i]].parent, t.order[i]);
	if (ok)
		markup(out, "}\n");
	ptree_close(&t);
	return ok && !error_is(d->err);
}

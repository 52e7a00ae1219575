// SPDX-License-Identifier: MIT
/*
 *   tree ─► a card for each node, indented, with lines to the children
 *
 *   |▌comm  pid 12          4 threads
 *   |▌command line
 *   ├──|▌comm  pid 13
 */
#include "draw/tree.h"

#include <inttypes.h>
#include <stdio.h>

#define LEFT 24.0
#define TOP 78.0
#define INDENT 34.0
#define NARROW 240.0
#define GAP 10.0
enum { COLUMNS = 74, SETS_SHOWN = 12 };

/* Namespaces by hue; orange and red are for states. */
static enum hue set_hue(uint32_t set)
{
	static const enum hue hues[] = {
		HUE_BLUE, HUE_TEAL, HUE_PURPLE, HUE_GREEN, HUE_YELLOW,
	};

	return set < sizeof(hues) / sizeof(*hues) ? hues[set] : HUE_GREY;
}

/* A card grows as text goes into it. */
struct card {
	struct tree *tree;
	const struct tree_node *node;
	struct picture *p;
	double x, y, right;		/* of the text; where it ends */
};

static double put_word(struct card *c, enum style s, double x, const char *text,
		       size_t columns)
{
	x += picture_text(c->p, s, 's', x, c->y, text, columns);
	if (x > c->right)
		c->right = x;
	return x;
}

static void put_line(struct card *c, enum style s, const char *text)
{
	if (!*text)
		return;
	put_word(c, s, c->x, text, COLUMNS);
	c->y += TEXT_LINE;
}

/* name  pid 12  4 threads  stopped */
static void put_head(struct card *c)
{
	const struct model_task *k = c->node->task;
	const char *state = look_state(k);
	double x = c->x;
	char text[80];

	x += picture_bytes(c->p, STYLE_BOLD, x, c->y,
			   model_text(&c->tree->look.model, k->comm),
			   k->comm.len, 24);
	ptree_pids(c->node, text, sizeof(text));
	x = put_word(c, STYLE_DIM, x + 14, text, COLUMNS - 24);
	words_count(text, sizeof(text), k->n_threads, "thread");
	if (k->n_threads > 1)
		x = put_word(c, STYLE_TEXT, x + 14, text, 24);
	if (state) {
		x += 14;
		picture_box(c->p, STYLE_HUE + HUE_ORANGE, x, c->y - 8,
			    words_columns(state) * TEXT_COLUMN + 12, 16, NULL);
		put_word(c, STYLE_TEXT, x + 6, state, 24);
		c->right += 6;
	}
	c->y += TEXT_LINE;
}

/* Where the arguments are its parent's, they say nothing. */
static void put_arguments(struct card *c)
{
	const struct tree *t = c->tree;
	char text[WORDS_MAX], up[WORDS_MAX] = "";

	look_arguments(&c->tree->look, c->node->task, text, COLUMNS);
	if (c->node->parent != TREE_NONE)
		look_arguments(&c->tree->look, t->nodes[c->node->parent].task,
			       up, COLUMNS);
	if (strcmp(text, up))
		put_line(c, STYLE_DIM, text);
}

static void put_lines(struct card *c)
{
	char text[WORDS_MAX], line[WORDS_MAX + 16];

	put_arguments(c);
	ptree_threads(c->tree, c->node, text, COLUMNS - 9);
	snprintf(line, sizeof(line), "threads: %s", text);
	if (*text)
		put_line(c, STYLE_DIM, line);
	snprintf(line, sizeof(line), "and %" PRIu32 " more below it, not shown",
		 c->node->hidden);
	if (c->node->hidden)
		put_line(c, STYLE_TEXT, line);
}

/* Its frame, which was put in before its text. */
static void put_frame(const struct card *c, size_t at, double y)
{
	struct shape *s = (struct shape *)c->p->shapes.p + at;
	bool many = c->node->count > 1;
	double w = c->right + 16 - (c->x - 16), h = c->y - y - 4;

	if (c->p->shapes.n < at + 3)	/* no memory */
		return;
	s[0].w = s[1].w = w;
	s[0].h = s[1].h = s[2].h = h;
	s[0].x += many ? 4 : 0;
	s[0].y += many ? 4 : 0;
}

/* Returns the y below it. */
static double put_card(struct tree *t, const struct tree_node *n,
		       struct picture *p, double x, double y)
{
	struct card c = { t, n, p, x + 16, y + 15, x + NARROW };
	size_t at = p->shapes.n;

	picture_box(p, n->count > 1 ? STYLE_CARD : STYLE_PAPER, x, y, 1, 1, NULL);
	picture_box(p, STYLE_CARD, x, y, 1, 1, NULL);
	picture_box(p, STYLE_MARK + set_hue(n->set), x, y, 5, 1, NULL);
	put_head(&c);
	put_lines(&c);
	put_frame(&c, at, y);
	if (c.right + 44 > p->width)
		p->width = c.right + 44;
	return c.y - 4 + (n->count > 1 ? 4 : 0);
}

/* The sets of namespaces, a line each. */
static void put_sets(const struct tree *t, struct picture *p, double y)
{
	const struct tree_set *sets = t->sets.p;
	bool known = false;

	for (unsigned i = 0; t->sets.n && i < TREE_KINDS; i++)
		known |= sets[0].ids[i] != 0;
	if (!known && t->sets.n < 2)
		return;
	picture_text(p, STYLE_BOLD, 's', LEFT, y, "Namespaces", 40);
	for (uint32_t i = 0; i < t->sets.n && i < SETS_SHOWN; i++) {
		char text[300], ns[200], tasks[40];

		ptree_namespaces(t, i, ns, sizeof(ns));
		words_count(tasks, sizeof(tasks), sets[i].tasks, "task");
		snprintf(text, sizeof(text), "%s: %s", tasks, ns);
		y += TEXT_LINE + 3;
		picture_legend(p, LEFT, y, set_hue(i), text);
	}
	if (t->sets.n > SETS_SHOWN)
		picture_text(p, STYLE_DIM, 's', LEFT, y + TEXT_LINE + 3,
			     "and others", 40);
}

static void put_nodes(struct tree *t, struct picture *p)
{
	double *middle = alloc(((size_t)t->n + 1) * sizeof(*middle)), y = TOP;

	if (!middle) {
		error_set(p->err, CRIT_ENOMEM, "out of memory");
		return;
	}
	for (uint32_t i = 0; i < t->n_order; i++) {
		const struct tree_node *n = &t->nodes[t->order[i]];
		double x = LEFT + n->depth * INDENT;

		if (n->parent != TREE_NONE)
			picture_elbow(p, STYLE_EDGE, x - INDENT + 12,
				      middle[n->parent], x, y + 16);
		y = put_card(t, n, p, x, y);
		middle[t->order[i]] = y;
		y += GAP;
	}
	alloc_free(middle);
	put_sets(t, p, y + 18);
}

bool draw_tree(struct draw *d, struct picture *p)
{
	char title[WORDS_MAX], about[160];
	struct tree t;
	bool ok = ptree_open(&t, d);

	if (ok) {
		snprintf(title, sizeof(title), "Processes of %.300s", d->name);
		ptree_about(&t, about, sizeof(about));
		picture_title(p, title, about);
		put_nodes(&t, p);
	}
	ptree_close(&t);
	return ok && !error_is(d->err);
}

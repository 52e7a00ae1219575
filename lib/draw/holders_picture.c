// SPDX-License-Identifier: MIT
/*
 *   tasks at the left, what they hold at the right, a line for each
 *
 *   |task|─────|thing     fd 3|
 *        ╲
 *   |task|─────|thing  2 tasks|
 *
 * What lies between tasks has those of its other end at its right:
 *
 *   |task|────▶|pipe  fd 4 → 3|────▶|task|
 */
#include "draw/holders.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define LEFT 24.0
#define TOP 108.0
#define TASK 250.0
#define THINGS 470.0
#define ROW 24.0
#define CARD 38.0			/* from one task to the next, at least */
enum { KIND = 90, COLUMNS = 62, COLUMNS_BETWEEN = 40 };

struct layout {
	struct holders *h;
	struct picture *p;
	double *holder, *thing;		/* y of each; 0: not there yet */
	double *right;			/* of tasks at the right */
	bool between;
	double width, y;		/* of things */
};

static bool is_right(const struct layout *l, const struct edge *e)
{
	return e->side && holders_thing(l->h, e->thing)->between;
}

static double right_x(const struct layout *l)
{
	return THINGS + l->width + 140;
}

static void put_task(struct layout *l, uint32_t i, double x, double y)
{
	char name[WORDS_MAX];

	holders_name(l->h, i, name);
	picture_box(l->p, STYLE_CARD, x, y - 14, TASK, 28, NULL);
	picture_box(l->p, STYLE_MARK + HUE_GREY, x, y - 14, 5, 28, NULL);
	picture_text(l->p, STYLE_BOLD, 's', x + 16, y, name, 30);
}

/* The descriptors of one end, if one task has it. */
static void end_fds(const struct layout *l, uint32_t thing, uint32_t side, char *to,
		    size_t size)
{
	const struct edge *e = l->h->edges.p;
	uint32_t holder = UINT32_MAX;

	*to = 0;
	for (size_t i = 0, next; i < l->h->edges.n; i = next) {
		next = i + 1;
		if (e[i].thing != thing || e[i].side != side)
			continue;
		if (holder != UINT32_MAX) {
			snprintf(to, size, "..");
			return;
		}
		holder = e[i].holder;
		next = holders_fds(l->h, i, to, size);
	}
}

/* Who has it: "fd 3", "fd 4 \xe2\x86\x92 3", "5 holders" */
static void users(const struct layout *l, uint32_t thing, char *to, size_t size)
{
	const struct edge *e = l->h->edges.p;
	const struct thing *t = holders_thing(l->h, thing);
	char fds[40], other[40];

	*to = 0;
	if (t->between) {
		end_fds(l, thing, 0, fds, sizeof(fds));
		end_fds(l, thing, 1, other, sizeof(other));
		snprintf(to, size, "fd %s %s %s", fds, t->flows ? "\xe2\x86\x92" :
			 "\xe2\x86\x94", other);
		return;
	}
	if (t->count > 1 || t->users > 1) {
		words_count(to, size, t->users, "holder");
		if (t->users == 1)
			*to = 0;
		return;
	}
	for (size_t i = 0; i < l->h->edges.n; i++)
		if (e[i].thing == thing) {
			size_t next = holders_fds(l->h, i, fds, sizeof(fds));

			snprintf(to, size, "fd %s", fds);
			if (next < l->h->edges.n && e[next].thing == thing) {
				holders_fds(l->h, next, other, sizeof(other));
				snprintf(to, size, "fd %s, %s", fds, other);
			}
			return;
		}
}

static void put_thing(struct layout *l, uint32_t i)
{
	const struct thing *t = holders_thing(l->h, i);
	const char *label = holders_words(l->h, t->label);
	double x = THINGS, y = l->thing[i];
	char text[96];

	picture_box(l->p, STYLE_HUE + t->hue, x, y - 10, l->width, 20, NULL);
	picture_box(l->p, STYLE_MARK + t->hue, x, y - 10, 5, 20, NULL);
	picture_text(l->p, STYLE_DIM, 's', x + 14, y,
		     holders_words(l->h, t->kind), 9);
	picture_text(l->p, STYLE_TEXT, 's', x + KIND, y, label,
		     l->between ? COLUMNS_BETWEEN : COLUMNS);
	users(l, i, text, sizeof(text));
	picture_text(l->p, STYLE_DIM, 'e', x + l->width - 10, y, text, 20);
}

/* A task, and what it is the first to hold. */
static void place_task(struct layout *l, uint32_t i)
{
	const struct edge *e = l->h->edges.p;
	double y = l->y;
	bool any = false;

	for (size_t k = 0; k < l->h->edges.n; k++) {
		if (e[k].holder != i || is_right(l, &e[k]))
			continue;
		any = true;
		if (l->thing[e[k].thing] > 0)
			continue;
		l->thing[e[k].thing] = y;
		y += ROW;
	}
	if (!any && l->between)
		return;
	l->holder[i] = l->y;
	l->y = y > l->y + CARD ? y + 10 : l->y + CARD;
}

/* A task at the right, near to what it holds. */
struct place {
	uint32_t holder;
	double y;
};

static int by_y(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->y < y->y ? -1 : x->y > y->y;
}

static void place_right(struct layout *l)
{
	struct place *places = alloc_zero((l->h->holders.n + 1) * sizeof(*places));
	const struct edge *e = l->h->edges.p;
	double y = 0;
	size_t n = 0;

	if (!places) {
		error_set(l->p->err, CRIT_ENOMEM, "out of memory");
		return;
	}
	for (size_t i = 0; i < l->h->edges.n; i++) {
		if (!is_right(l, &e[i]))
			continue;
		if (!n || places[n - 1].holder != e[i].holder)
			places[n++] = (struct place){ e[i].holder, l->thing[e[i].thing] };
	}
	qsort(places, n, sizeof(*places), by_y);
	for (size_t i = 0; i < n; i++) {
		y = i && places[i].y < y + CARD ? y + CARD : places[i].y;
		l->right[places[i].holder] = y;
	}
	alloc_free(places);
}

static void put_edge(struct layout *l, const struct edge *e)
{
	const struct thing *t = holders_thing(l->h, e->thing);
	enum style wire = STYLE_WIRE + t->hue, mark = STYLE_MARK + t->hue;
	double y = l->thing[e->thing];

	if (is_right(l, e)) {
		picture_curve(l->p, wire, THINGS + l->width, y, right_x(l),
			      l->right[e->holder]);
		if (t->flows)
			picture_arrow(l->p, mark, right_x(l), l->right[e->holder],
				      true);
		return;
	}
	picture_curve(l->p, wire, LEFT + TASK, l->holder[e->holder], THINGS, y);
	if (t->flows && e->side)
		picture_arrow(l->p, mark, LEFT + TASK, l->holder[e->holder], false);
	else if (t->flows)
		picture_arrow(l->p, mark, THINGS, y, true);
}

static void put_edges(struct layout *l)
{
	const struct edge *e = l->h->edges.p;

	for (size_t i = 0; i < l->h->edges.n; i++)
		if (!i || e[i].holder != e[i - 1].holder ||
		    e[i].thing != e[i - 1].thing || e[i].side != e[i - 1].side)
			put_edge(l, &e[i]);
}

static void put_cards(struct layout *l)
{
	struct holders *h = l->h;

	put_edges(l);
	for (uint32_t i = 0; i < h->holders.n; i++) {
		if (l->holder[i] > 0)
			put_task(l, i, LEFT, l->holder[i]);
		if (l->right[i] > 0)
			put_task(l, i, right_x(l), l->right[i]);
	}
	for (uint32_t i = 0; i < h->things.n; i++)
		if (l->thing[i] > 0)
			put_thing(l, i);
}

static void put_all(struct holders *h, struct picture *p)
{
	struct layout l = { .h = h, .p = p, .width = 690, .y = TOP + 10 };

	for (uint32_t i = 0; i < h->things.n; i++)
		l.between |= holders_thing(h, i)->between;
	if (l.between)
		l.width = KIND + COLUMNS_BETWEEN * TEXT_COLUMN + 20 * TEXT_COLUMN + 20;
	p->width = l.between ? right_x(&l) + TASK + LEFT : THINGS + l.width + LEFT;
	l.holder = alloc_zero((h->holders.n + 1) * sizeof(*l.holder));
	l.right = alloc_zero((h->holders.n + 1) * sizeof(*l.right));
	l.thing = alloc_zero((h->things.n + 1) * sizeof(*l.thing));
	if (l.holder && l.right && l.thing) {
		holders_legend(p, h->connections, LEFT, TOP - 28);
		for (uint32_t i = 0; i < h->holders.n; i++)
			if (holders_holder(h, i)->to == i)
				place_task(&l, i);
		place_right(&l);
		put_cards(&l);
	} else {
		error_set(p->err, CRIT_ENOMEM, "out of memory");
	}
	alloc_free(l.holder);
	alloc_free(l.right);
	alloc_free(l.thing);
}

static bool put(struct draw *d, struct picture *p, bool connections)
{
	struct holders h;
	bool ok = holders_open(&h, d, connections);

	if (ok) {
		holders_title(&h, p);
		put_all(&h, p);
	}
	holders_close(&h);
	return ok && !error_is(d->err);
}

bool draw_files(struct draw *d, struct picture *p)
{
	return put(d, p, false);
}

bool draw_sockets(struct draw *d, struct picture *p)
{
	return put(d, p, true);
}

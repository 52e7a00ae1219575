// SPDX-License-Identifier: MIT
/*
 *   tasks at the left, what they hold at the right, a line for each
 *
 *   |task|─────|thing     fd 3|
 *        ╲
 *   |task|─────|thing  2 tasks|
 */
#include "draw/holders.h"

#include <inttypes.h>
#include <stdio.h>

#define LEFT 24.0
#define TOP 108.0
#define TASK 250.0
#define THINGS 470.0
#define THING 690.0
#define ROW 24.0
enum { COLUMNS = 62 };

struct layout {
	struct holders *h;
	struct picture *p;
	double *holder, *thing;		/* y of each; 0: not there yet */
	double y;
};

static void put_task(struct layout *l, uint32_t i)
{
	char name[WORDS_MAX];
	double y = l->holder[i];

	holders_name(l->h, i, name);
	picture_box(l->p, STYLE_CARD, LEFT, y - 14, TASK, 28, NULL);
	picture_box(l->p, STYLE_MARK + HUE_GREY, LEFT, y - 14, 5, 28, NULL);
	picture_text(l->p, STYLE_BOLD, 's', LEFT + 16, y, name, 30);
}

/* Who has it: "fd 3", "a 12: 3, b 13: 4", "5 holders" */
static void users(const struct layout *l, uint32_t thing, char *to, size_t size)
{
	const struct edge *e = l->h->edges.p;
	const struct thing *t = holders_thing(l->h, thing);
	char fds[40];

	*to = 0;
	if (t->count > 1 || t->users > 1) {
		words_count(to, size, t->users, "holder");
		if (t->users == 1)
			*to = 0;
		return;
	}
	for (size_t i = 0; i < l->h->edges.n; i++)
		if (e[i].thing == thing) {
			holders_fds(l->h, i, fds, sizeof(fds));
			snprintf(to, size, "fd %s", fds);
			return;
		}
}

static void put_thing(struct layout *l, uint32_t i)
{
	const struct thing *t = holders_thing(l->h, i);
	const char *label = holders_words(l->h, t->label);
	double x = THINGS, y = l->thing[i];
	char text[64];

	picture_box(l->p, STYLE_HUE + t->hue, x, y - 10, THING, 20, NULL);
	picture_box(l->p, STYLE_MARK + t->hue, x, y - 10, 5, 20, NULL);
	picture_text(l->p, STYLE_DIM, 's', x + 14, y,
		     holders_words(l->h, t->kind), 9);
	picture_text(l->p, STYLE_TEXT, 's', x + 90, y, label, COLUMNS);
	users(l, i, text, sizeof(text));
	picture_text(l->p, STYLE_DIM, 'e', x + THING - 10, y, text, 20);
}

/* A task, and what it is the first to hold. */
static void place_task(struct layout *l, uint32_t i)
{
	const struct edge *e = l->h->edges.p;
	double y = l->y;

	l->holder[i] = y;
	for (size_t k = 0; k < l->h->edges.n; k++) {
		if (e[k].holder != i || l->thing[e[k].thing] > 0)
			continue;
		l->thing[e[k].thing] = y;
		y += ROW;
	}
	y = y > l->y + 38 ? y + 10 : l->y + 38;
	l->y = y;
}

static void put_edges(struct layout *l)
{
	const struct edge *e = l->h->edges.p;

	for (size_t i = 0; i < l->h->edges.n; i++) {
		const struct thing *t = holders_thing(l->h, e[i].thing);

		if (i && e[i].holder == e[i - 1].holder &&
		    e[i].thing == e[i - 1].thing)
			continue;
		picture_curve(l->p, STYLE_WIRE + t->hue, LEFT + TASK,
			      l->holder[e[i].holder], THINGS, l->thing[e[i].thing]);
	}
}

static void put_kinds(struct picture *p, bool connections)
{
	static const char *const names[HUES] = {
		[HUE_BLUE] = "files", [HUE_TEAL] = "terminals",
		[HUE_ORANGE] = "pipes", [HUE_PURPLE] = "unix sockets",
		[HUE_GREEN] = "network", [HUE_YELLOW] = "events",
		[HUE_RED] = "memfd", [HUE_GREY] = "others",
	};
	double x = LEFT;

	for (int h = 0; h < HUES; h++)
		if (!connections || h == HUE_ORANGE || h == HUE_PURPLE ||
		    h == HUE_GREEN || h == HUE_GREY)
			x = picture_legend(p, x, TOP - 28, (enum hue)h, names[h]);
}

static void put_all(struct holders *h, struct picture *p)
{
	struct layout l = { h, p, NULL, NULL, TOP + 10 };

	l.holder = alloc_zero((h->holders.n + 1) * sizeof(*l.holder));
	l.thing = alloc_zero((h->things.n + 1) * sizeof(*l.thing));
	if (l.holder && l.thing) {
		put_kinds(p, h->connections);
		for (uint32_t i = 0; i < h->holders.n; i++)
			if (holders_holder(h, i)->to == i)
				place_task(&l, i);
		put_edges(&l);
		for (uint32_t i = 0; i < h->holders.n; i++)
			if (l.holder[i] > 0)
				put_task(&l, i);
		for (uint32_t i = 0; i < h->things.n; i++)
			if (l.thing[i] > 0)
				put_thing(&l, i);
	} else {
		error_set(p->err, CRIT_ENOMEM, "out of memory");
	}
	alloc_free(l.holder);
	alloc_free(l.thing);
}

static void put_title(struct holders *h, struct picture *p)
{
	char title[WORDS_MAX], about[200], tasks[40], things[40];
	uint32_t n = 0, all = 0, shared = 0;

	for (uint32_t i = 0; i < h->holders.n; i++)
		n += holders_holder(h, i)->to == i ?
			holders_holder(h, i)->count : 0;
	for (uint32_t i = 0; i < h->things.n; i++) {
		const struct thing *t = holders_thing(h, i);

		all += t->to == i ? t->count : 0;
		shared += t->to == i && t->users > 1 ? t->count : 0;
	}
	words_count(tasks, sizeof(tasks), n, "task");
	snprintf(title, sizeof(title), h->connections ? "Connections of %.300s" :
		 "Open files of %.300s", h->draw->name);
	words_count(things, sizeof(things), all,
		    h->connections ? "connection" : "file");
	snprintf(about, sizeof(about), "%s, %s, %" PRIu32 " held by several",
		 tasks, things, shared);
	picture_title(p, title, about);
}

static bool put(struct draw *d, struct picture *p, bool connections)
{
	struct holders h;
	bool ok = holders_open(&h, d, connections);

	if (ok) {
		put_title(&h, p);
		p->width = THINGS + THING + LEFT;
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

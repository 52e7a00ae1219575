// SPDX-License-Identifier: MIT
/*
 *   shares of the tasks ─► treemap
 *   bands of a task     ─► a bar for each: where it has pages
 */
#include "draw/space.h"
#include "draw/treemap.h"

#include <inttypes.h>
#include <stdio.h>

#define LEFT 24.0
#define WIDTH 1160.0
#define MAP_HEIGHT 380.0
#define HEAD 20.0
#define ROW 24.0
#define BAR 400.0
enum { TASKS_DRAWN = 4 };

/* The last part of a path where all of it has no room. */
static const char *short_name(const char *name, size_t columns)
{
	const char *slash = strrchr(name, '/');

	return slash && slash[1] && words_columns(name) > columns ? slash + 1 :
		name;
}

static void put_tile(const struct space *s, const struct space_share *k,
		     const struct tile *t, struct picture *p)
{
	size_t columns = t->w > 10 ? (size_t)((t->w - 10) / TEXT_COLUMN) : 0;
	char size[32], name[WORDS_MAX], tip[WORDS_MAX + 48];

	words_size(size, sizeof(size), k->bytes);
	words_fit(name, space_name(s, k->name), strlen(space_name(s, k->name)),
		  400);
	snprintf(tip, sizeof(tip), "%s: %s", name, size);
	if (t->w < 0.5 || t->h < 0.5)
		return;
	picture_box(p, STYLE_HUE + k->hue, t->x, t->y, t->w, t->h, tip);
	if (columns < 5 || t->h < 18)
		return;
	picture_text(p, STYLE_TEXT, 's', t->x + 5, t->y + 11,
		     short_name(name, columns), columns);
	if (t->h > 36 && strlen(size) <= columns)
		picture_text(p, STYLE_DIM, 's', t->x + 5, t->y + 28, size,
			     columns);
}

static void put_shares(const struct space *s, const struct space_task *t,
		       double x, double y, double w, double h,
		       struct picture *p)
{
	struct tile tiles[SPACE_NAMES + 1];

	for (uint32_t i = 0; i < t->n_shares; i++)
		tiles[i] = (struct tile){ .weight = (double)t->shares[i].bytes };
	treemap(tiles, t->n_shares, x, y, w, h);
	for (uint32_t i = 0; i < t->n_shares; i++)
		put_tile(s, &t->shares[i], &tiles[i], p);
}

static void put_task(const struct space *s, const struct space_task *t,
		     const struct tile *at, bool only, struct picture *p)
{
	size_t columns = at->w > 12 ? (size_t)((at->w - 12) / TEXT_COLUMN) : 0;
	double head = !only && columns >= 8 && at->h > HEAD * 2 ? HEAD : 0;
	char text[WORDS_MAX + 64], comm[WORDS_MAX], size[32];

	if (head > 0) {
		space_comm(s, t->pid, comm);
		words_size(size, sizeof(size), t->weight);
		snprintf(text, sizeof(text), "%s %" PRIu32 ", %s", comm, t->pid,
			 size);
		if (words_columns(text) > columns)
			snprintf(text, sizeof(text), "%s %" PRIu32, comm,
				 t->pid);
		picture_text(p, STYLE_BOLD, 's', at->x + 4, at->y + 10, text,
			     columns);
	}
	put_shares(s, t, at->x + 1, at->y + head, at->w - 3, at->h - head - 2, p);
}

/* Shares of tasks that are one tile: of the same name and kind together. */
static void merge_share(const struct space *s, struct space_task *to,
			const struct space_share *k)
{
	uint32_t i = 0;

	while (i < to->n_shares && (to->shares[i].hue != k->hue ||
	       strcmp(space_name(s, to->shares[i].name), space_name(s, k->name))))
		i++;
	if (i == SPACE_NAMES)
		to->shares[i].hue = HUE_GREY;
	if (i > SPACE_NAMES)
		i = SPACE_NAMES;
	else if (i == to->n_shares)
		to->shares[to->n_shares++] = (struct space_share){
			i < SPACE_NAMES ? k->name : 0, k->hue, 0 };
	to->shares[i].bytes += k->bytes;
}

static void put_others(const struct space *s, size_t from, const struct tile *at,
		       struct picture *p)
{
	const struct space_task *t = s->tasks.p;
	struct space_task all = { 0 };
	double head = at->w > 160 && at->h > HEAD * 2 ? HEAD : 0;
	char text[64];

	for (size_t i = from; i < s->tasks.n; i++)
		for (uint32_t k = 0; k < t[i].n_shares; k++)
			merge_share(s, &all, &t[i].shares[k]);
	snprintf(text, sizeof(text), "%zu other tasks", s->tasks.n - from);
	if (head > 0)
		picture_text(p, STYLE_BOLD, 's', at->x + 4, at->y + 10, text, 20);
	put_shares(s, &all, at->x + 1, at->y + head, at->w - 3,
		   at->h - head - 2, p);
}

/* The tasks that are too many are one tile. */
static void put_map(const struct space *s, struct picture *p, double y)
{
	const struct space_task *t = s->tasks.p;
	struct tile tiles[SPACE_TASKS + 1] = { 0 };
	size_t n = 0, others = 0;

	for (size_t i = 0; i < s->tasks.n && t[i].weight; i++) {
		if (n < SPACE_TASKS)
			n++;
		else
			others++;
		tiles[others ? n : n - 1].weight += (double)t[i].weight;
	}
	treemap(tiles, n + (others > 0), LEFT, y, WIDTH, MAP_HEIGHT);
	for (size_t i = 0; i < n; i++)
		put_task(s, &t[i], &tiles[i], n == 1, p);
	if (others)
		put_others(s, n, &tiles[n], p);
}

static double put_kinds(struct picture *p, double y)
{
	double x = LEFT;

	for (int h = 0; h < HUES; h++)
		if (space_kinds[h])
			x = picture_legend(p, x, y, (enum hue)h, space_kinds[h]);
	return y + 26;
}

/* Longer is larger: a page is 24 pixels, each doubling a little more. */
static double bar_width(const struct space_band *b)
{
	double v = (double)(b->end - b->start) / 4096, w = 24;

	while (v >= 2) {
		v /= 2;
		w += 17;
	}
	w += v > 1 ? 17 * (v - 1) : 0;
	return w > BAR ? BAR : w;
}

static bool close_to(float a, float b)
{
	return a - b < 0.01f && b - a < 0.01f;
}

static void put_cells(const struct space_band *b, struct picture *p, double x,
		      double y, double w)
{
	double step = w / SPACE_CELLS;

	for (int i = 0, from; i < SPACE_CELLS; i++) {
		double full = b->cells[i] > 1 ? 1 : b->cells[i], h;

		if (full <= 0)
			continue;
		for (from = i; i + 1 < SPACE_CELLS &&
		     close_to(b->cells[i + 1], b->cells[from]); i++)
			;
		h = full < 0.15 ? 2 : full * 14;
		picture_box(p, STYLE_MARK + b->hue, x + from * step,
			    y + 7 - h, (i + 1 - from) * step, h, NULL);
	}
}

static void band_words(const struct space *s, const struct space_band *b,
		       char name[WORDS_MAX], char size[64])
{
	uint64_t pages = b->bytes.present + b->bytes.parent + b->bytes.lazy +
		b->bytes.zero;
	char have[24], all[24];

	if (b->name)
		words_fit(name, space_name(s, b->name),
			  strlen(space_name(s, b->name)), 46);
	else
		snprintf(name, WORDS_MAX, "%" PRIu64 " mappings", b->mappings);
	words_size(have, sizeof(have), pages);
	words_size(all, sizeof(all), b->bytes.mapped);
	snprintf(size, 64, "%s of %s", pages ? have : "-", all);
}

static void put_band(const struct space *s, const struct space_band *b,
		     struct picture *p, double y)
{
	double x = LEFT + 128, w = bar_width(b);
	char text[64], name[WORDS_MAX], prot[8];

	snprintf(text, sizeof(text), "%16" PRIx64, b->start);
	picture_text(p, STYLE_DIM, 's', LEFT, y, text, 16);
	snprintf(prot, sizeof(prot), "%c%c%c%c", b->prot & 1 ? 'r' : '-',
		 b->prot & 2 ? 'w' : '-', b->prot & 4 ? 'x' : '-',
		 b->shared ? 's' : 'p');
	band_words(s, b, name, text);
	picture_box(p, STYLE_HUE + b->hue, x, y - 8, w, 16, NULL);
	put_cells(b, p, x, y, w);
	x += BAR + 16;
	picture_text(p, STYLE_DIM, 's', x, y, prot, 4);
	picture_text(p, STYLE_TEXT, 's', x + 42, y, name, 46);
	picture_text(p, STYLE_DIM, 'e', LEFT + WIDTH, y, text, 30);
}

static double put_gap(struct picture *p, uint64_t bytes, double y)
{
	char size[24], text[64];

	words_size(size, sizeof(size), bytes);
	snprintf(text, sizeof(text), "%s unused", size);
	picture_text(p, STYLE_DIM, 's', LEFT + 128, y, text, 30);
	return y + ROW - 4;
}

static double put_space(struct space *s, const struct space_task *t,
			struct picture *p, double y)
{
	static const uint64_t wide = 256 << 20, all = UINT64_C(1) << 56;
	char text[WORDS_MAX + 200], comm[WORDS_MAX], size[24], have[24];
	struct list bands = { 0 };
	const struct space_band *b;

	space_comm(s, t->pid, comm);
	words_size(size, sizeof(size), t->bytes.mapped);
	words_size(have, sizeof(have), t->bytes.present + t->bytes.parent +
		   t->bytes.lazy + t->bytes.zero);
	snprintf(text, sizeof(text), "Address space of %s, pid %" PRIu32, comm,
		 t->pid);
	picture_text(p, STYLE_BOLD, 's', LEFT, y, text, 80);
	snprintf(text, sizeof(text), "%" PRIu64 " mappings of %s, %s in pages; "
		 "full colour is where pages are; a longer bar is a larger "
		 "range (logarithmic)", t->mappings, size, have);
	picture_text(p, STYLE_DIM, 's', LEFT, y + 20, text, 150);
	y += 52;
	if (!space_bands(s, t->pid, &bands))
		bands.n = 0;
	b = bands.p;
	for (size_t i = 0; i < bands.n; i++) {
		uint64_t gap = i ? b[i].start - b[i - 1].end : 0;

		if (gap >= wide && gap < all)
			y = put_gap(p, gap, y);
		put_band(s, &b[i], p, y);
		y += ROW;
	}
	list_free(&bands);
	return y + 20;
}

static void put_all(struct space *s, struct picture *p)
{
	const struct space_task *t = s->tasks.p;
	size_t n = s->draw->n_pids ? TASKS_DRAWN : 1;
	double y = 84;

	y = put_kinds(p, y);
	if (s->weight) {
		put_map(s, p, y);
		y += MAP_HEIGHT + 36;
	}
	for (size_t i = 0; i < n && i < s->tasks.n; i++)
		y = put_space(s, &t[i], p, y);
}

bool draw_memory(struct draw *d, struct picture *p)
{
	char title[WORDS_MAX], about[200], size[24], tasks[32];
	struct space s;
	bool ok = space_open(&s, d);

	if (ok) {
		snprintf(title, sizeof(title), "Memory of %.300s", d->name);
		words_size(size, sizeof(size), s.weight);
		words_count(tasks, sizeof(tasks), s.tasks.n, "task");
		snprintf(about, sizeof(about), s.by_stored ?
			 "%s in pages images, %s; areas are in proportion" :
			 "%s in a parent or with a page server, %s", size, tasks);
		picture_title(p, title, about);
		p->width = LEFT * 2 + WIDTH;
		put_all(&s, p);
	}
	space_close(&s);
	return ok && !error_is(d->err);
}

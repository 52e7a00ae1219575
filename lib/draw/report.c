// SPDX-License-Identifier: MIT
/*
 *   summary, container, pictures, explorers ─► one page
 */
#include "draw/report.h"

#include <inttypes.h>
#include <stdio.h>

enum { ROWS = 1000 };

/* A faulty image is reported once, although several parts read it. */
static void report(void *ctx, const struct crit_error *err)
{
	struct page *g = ctx;
	char text[1024], *to;
	size_t n, at = 0;

	error_text(err, text, sizeof(text));
	n = strlen(text) + 1;
	for (const char *p = g->told.p; at < g->told.n; at += strlen(p + at) + 1)
		if (!strcmp(p + at, text))
			return;
	to = list_more(&g->told, 1, n, g->draw.err);
	if (to)
		memcpy(to, text, n);
	g->whole->report(g->whole->ctx, err);
}

void report_picture(struct page *g, const char *what)
{
	const struct drawing *d = drawing_find(what);
	struct picture p;

	picture_init(&p, g->draw.err);
	if (d->picture(&g->draw, &p)) {
		markup(g->draw.out, "<div class=\"wrap\">\n");
		picture_svg(&p, g->draw.out, d->about, false);
		markup(g->draw.out, "</div>\n");
	} else if (error_is(g->draw.err)) {
		report(g, g->draw.err);
		error_clear(g->draw.err);
	}
	picture_free(&p);
}

void report_fold(struct page *g, const char *title)
{
	markup(g->draw.out, "<details><summary>%s</summary>\n", title);
}

void report_unfold(struct page *g)
{
	markup(g->draw.out, "</details>\n");
}

/* Whether it has rows. */
static bool put_explorer(struct page *g, const struct explorer *e,
			 const char *column, const char *value)
{
	struct look l;
	bool any = false;

	if (look_open(&l, &g->draw, explorer_needs(e, VIEW_RECORDS), e->sources,
		      explorer_sources(e, true))) {
		l.view.table = &l.table;
		explorer_answer(e, &l.view);
		any = html_table(&l.table, g->draw.out, ROWS, column, value);
	}
	if (error_is(g->draw.err)) {
		report(g, g->draw.err);
		error_clear(g->draw.err);
	}
	look_close(&l);
	return any;
}

static void put_rows(struct page *g, const char *what, const char *column,
		     const char *value, const char *none)
{
	const struct explorer *e = explorer_find(what);

	if (e && !put_explorer(g, e, column, value))
		markup(g->draw.out, "<p>%s</p>\n", none);
}

/* A checkpoint without memory has no command lines: that is no fault. */
static bool has_pages(const struct page *g)
{
	for (size_t i = 0; i < g->draw.store->n; i++)
		if (!strncmp(g->draw.store->files[i].name, "pages-", 6))
			return true;
	return false;
}

static void ran(struct page *g)
{
	report_picture(g, "tree");
	report_fold(g, "tasks and command lines as tables");
	put_rows(g, "ps", NULL, NULL, "No process tree.");
	if (has_pages(g))
		put_rows(g, "cmd", NULL, NULL, "");
	else
		markup(g->draw.out, "<p>Command lines are in pages images, which "
		       "are not here.</p>\n");
	report_unfold(g);
}

static void is_open(struct page *g)
{
	report_picture(g, "files");
	report_fold(g, "descriptors as a table");
	put_rows(g, "fds", NULL, NULL, "Nothing is open.");
	report_unfold(g);
}

static void listens(struct page *g)
{
	put_rows(g, "sk", "state", "LISTEN", "Nothing listens.");
	report_picture(g, "sockets");
	report_fold(g, "all sockets as a table");
	put_rows(g, "sk", NULL, NULL, "There are no sockets.");
	report_unfold(g);
}

/* Environments may hold secrets; the others are above, or have no end. */
static void more(struct page *g)
{
	static const char *const not[] = {
		"ps", "cmd", "fds", "sk", "env", "mems", "rss", "container",
	};
	char title[200];

	for (size_t i = 0; i < n_explorers; i++) {
		bool skip = false;

		for (size_t k = 0; k < sizeof(not) / sizeof(*not); k++)
			skip |= !strcmp(explorers[i]->name, not[k]);
		if (skip)
			continue;
		snprintf(title, sizeof(title), "%s: %s", explorers[i]->name,
			 explorers[i]->about);
		report_fold(g, title);
		if (!put_explorer(g, explorers[i], NULL, NULL))
			markup(g->draw.out, "<p>none</p>\n");
		report_unfold(g);
	}
}

static void wrong(struct page *g)
{
	const char *p = g->told.p;

	if (!g->told.n)
		markup(g->draw.out, "<p>Nothing. Whether CRIU would restore it, "
		       "crit-check says.</p>\n");
	for (size_t at = 0; at < g->told.n; at += strlen(p + at) + 1) {
		markup(g->draw.out, at ? "<li>" : "<ul><li>");
		markup_string(g->draw.out, p + at);
		markup(g->draw.out, "</li>\n");
	}
	if (g->told.n)
		markup(g->draw.out, "</ul>\n");
}

static const struct {
	const char *id, *title;
	void (*put)(struct page *g);
} sections[] = {
	{ "ran", "What ran", ran },
	{ "big", "How big, and why", report_big },
	{ "open", "What is open", is_open },
	{ "listens", "What listens", listens },
	{ "needs", "What a restore needs", report_needs },
	{ "more", "More", more },
	{ "wrong", "What could not be read", wrong },
};

enum { SECTIONS = sizeof(sections) / sizeof(*sections) };

static void put_page(struct page *g)
{
	char title[WORDS_MAX], name[WORDS_MAX];
	struct out *out = g->draw.out;

	words_fit(name, g->draw.name, strlen(g->draw.name), 200);
	snprintf(title, sizeof(title), "Checkpoint %.400s", name);
	html_begin(out, title);
	markup(out, "<h1>");
	markup_string(out, title);
	markup(out, "</h1>\n");
	report_tiles(g);
	report_short(g);
	report_container(g);
	markup(out, "<nav>");
	for (int i = 0; i < SECTIONS; i++)
		markup(out, "<a href=\"#%s\">%s</a> ", sections[i].id,
		       sections[i].title);
	markup(out, "</nav>\n");
	for (int i = 0; i < SECTIONS; i++) {
		markup(out, "<section id=\"%s\">\n<h2>%s</h2>\n", sections[i].id,
		       sections[i].title);
		sections[i].put(g);
		markup(out, "</section>\n");
	}
	html_script(out);
	html_end(out);
}

bool draw_report(struct draw *d)
{
	struct page *g = alloc_zero(sizeof(*g));
	bool ok;

	if (!g)
		return error_set(d->err, CRIT_ENOMEM, "out of memory");
	g->whole = d;
	g->draw = *d;
	g->draw.report = report;
	g->draw.ctx = g;
	if (!summary_read(&g->summary, (struct store *)d->store, false,
			  &g->container, NULL, NULL))
		report(g, &g->summary.first);
	if (!space_open(&g->space, &g->draw) && error_is(d->err)) {
		report(g, d->err);
		error_clear(d->err);
	}
	put_page(g);
	ok = !error_is(d->err);
	space_close(&g->space);
	container_free(&g->container);
	list_free(&g->told);
	alloc_free(g);
	return ok;
}

// SPDX-License-Identifier: MIT
/*
 * The page in short: what ran, how big it is, what is open, what listens.
 *
 *   tasks, descriptors, sockets, shares of memory ─► a few lines
 */
#include "draw/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAMES = 6, SHARES = 4, LISTENERS = 8, TYPES = 24 };

static void row(struct out *out, const char *title)
{
	markup(out, "<dt>%s</dt><dd>", title);
}

static void end(struct out *out)
{
	markup(out, "</dd>\n");
}

/* Tasks of a name: the first, and how many. */
struct named {
	const struct model_task *task;
	size_t n;
};

static size_t count_names(const struct model *m, struct named *names, size_t *others)
{
	size_t n = 0;

	*others = 0;
	for (size_t i = 0; i < model_count(m); i++) {
		const struct model_task *t = model_nth(m, i);
		size_t k = 0;

		while (k < n && (names[k].task->comm.len != t->comm.len ||
				 memcmp(model_text(m, names[k].task->comm),
					model_text(m, t->comm), t->comm.len)))
			k++;
		if (k < n)
			names[k].n++;
		else if (n < NAMES)
			names[n++] = (struct named){ t, 1 };
		else
			++*others;
	}
	return n;
}

static void put_name(struct look *l, struct out *out, const struct named *k)
{
	char text[WORDS_MAX];

	words_fit(text, model_text(&l->model, k->task->comm), k->task->comm.len,
		  40);
	markup(out, "<b>");
	markup_string(out, text);
	markup(out, "</b>");
	if (k->n > 1)
		markup(out, " \xc3\x97%zu", k->n);
	markup(out, " <span>pid %" PRIu32 "</span>", k->task->pid);
	if (!view_alive(k->task))
		return;
	look_arguments(l, k->task, text, 100);
	if (!*text)
		return;
	markup(out, " <code>");
	markup_string(out, text);
	markup(out, "</code>");
}

static void ran(struct look *l, struct out *out)
{
	struct named names[NAMES];
	size_t others, n = count_names(&l->model, names, &others);

	row(out, "Ran");
	for (size_t i = 0; i < n; i++) {
		markup(out, i ? "<br>" : "");
		put_name(l, out, &names[i]);
	}
	if (others)
		markup(out, "<br>and %zu more tasks", others);
	if (!n)
		markup(out, "no tasks");
	end(out);
}

/* The largest of all tasks' shares, those of one name joined. */
struct big {
	size_t name;
	uint64_t bytes;
};

static int larger(const void *a, const void *b)
{
	const struct big *x = a, *y = b;

	return (x->bytes < y->bytes) - (x->bytes > y->bytes);
}

static void add_big(const struct space *s, struct list *list, struct crit_error *err,
		    const struct space_share *k)
{
	struct big *b = list->p;
	size_t i = 0;

	while (i < list->n && strcmp(space_name(s, b[i].name), space_name(s, k->name)))
		i++;
	if (i < list->n) {
		b[i].bytes += k->bytes;
		return;
	}
	b = list_more(list, sizeof(*b), 1, err);
	if (b)
		*b = (struct big){ k->name, k->bytes };
}

static void big(const struct page *g, struct out *out)
{
	const struct summary *s = &g->summary;
	const struct space_task *t = g->space.tasks.p;
	struct list list = { 0 };
	const struct big *b;
	char text[32];

	row(out, "Big");
	words_size(text, sizeof(text), s->bytes);
	markup(out, "%s in images, ", text);
	words_size(text, sizeof(text), s->stored);
	markup(out, "%s of it memory", text);
	/* a few names of each of the first tasks are enough to tell */
	for (size_t i = 0; i < g->space.tasks.n && i < 64; i++)
		for (uint32_t k = 0; k < t[i].n_shares && k < 64; k++)
			add_big(&g->space, &list, g->draw.err, &t[i].shares[k]);
	b = list.p;
	if (list.n)
		qsort(list.p, list.n, sizeof(*b), larger);
	for (size_t i = 0; i < list.n && i < SHARES && b[i].bytes; i++) {
		words_size(text, sizeof(text), b[i].bytes);
		markup(out, i ? ", " : ": ");
		markup_string(out, space_name(&g->space, b[i].name));
		markup(out, " %s", text);
		if (s->stored)
			markup(out, " (%.0f %%)", 100.0 * (double)b[i].bytes /
			       (double)s->stored);
	}
	list_free(&list);
	end(out);
}

static void count_types(struct look *l, uint64_t *types, uint64_t *all)
{
	const struct model_fd *fds = l->model.fds.p;

	for (size_t i = 0; i < l->model.fds.n; i++) {
		uint32_t type = (uint32_t)fds[i].type;

		types[type < TYPES ? type : 0]++;
		++*all;
	}
}

static void is_open(struct look *l, struct out *out)
{
	static const struct { int32_t type; const char *word; } words[] = {
		{ FD_REG, "file" }, { FD_PIPE, "pipe end" }, { FD_FIFO, "fifo" },
		{ FD_INETSK, "network socket" }, { FD_UNIXSK, "unix socket" },
		{ FD_TTY, "terminal" }, { FD_EVENTPOLL, "eventpoll" },
		{ FD_EVENTFD, "eventfd" }, { FD_MEMFD, "memfd" },
	};
	uint64_t types[TYPES] = { 0 }, all = 0, named = 0;
	char text[80];

	count_types(l, types, &all);
	row(out, "Open");
	words_count(text, sizeof(text), all, "descriptor");
	markup(out, "%s", text);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		uint64_t n = types[words[i].type];

		if (!n)
			continue;
		words_count(text, sizeof(text), n, words[i].word);
		markup(out, "%s%s", named ? ", " : ": ", text);
		named += n;
	}
	if (named < all)
		markup(out, "%s%" PRIu64 " others", named ? ", " : ": ", all - named);
	end(out);
}

static void put_listener(struct look *l, const struct model_task *t,
			 const struct model_fd *fd, struct out *out, size_t *n)
{
	struct view_socket k = view_socket_of(&l->view, t, fd);
	char text[WORDS_MAX], name[WORDS_MAX];

	if (!k.s || k.s->state != SK_STATE_LISTEN || (*n)++ >= LISTENERS)
		return;
	view_line(&l->view);
	if (fd->type == FD_UNIXSK)
		view_add(&l->view, "unix");
	else
		view_add_socket_protocol(&l->view, &k);
	view_add(&l->view, " ");
	view_add_socket_place(&l->view, &k, 0);
	words_fit(text, l->view.line.p, l->view.line.n, 80);
	words_fit(name, model_text(&l->model, t->comm), t->comm.len, 20);
	markup(out, *n > 1 ? "<br><code>" : "<code>");
	markup_string(out, text);
	markup(out, "</code> <span>");
	markup_string(out, name);
	markup(out, " %" PRIu32 "</span>", t->pid);
}

/* Descriptors that several tasks share come once. */
static bool is_first(const struct model *m, size_t i, const struct model_task *t)
{
	enum { MANY = 1000 };

	for (size_t k = i > MANY ? i - MANY : 0; k < i; k++)
		if (model_nth(m, k)->files_id == t->files_id)
			return false;
	return true;
}

static void listens(struct look *l, struct out *out)
{
	const struct model_fd *fds = l->model.fds.p;
	size_t n = 0;

	row(out, "Listens");
	for (size_t i = 0; i < model_count(&l->model); i++) {
		const struct model_task *t = model_nth(&l->model, i);
		const struct model_table *table = view_alive(t) &&
			is_first(&l->model, i, t) ? model_table(&l->model, t->files_id) :
			NULL;

		for (uint32_t k = 0; table && k < table->n_fds; k++)
			if (view_is_socket(fds[table->fds + k].type))
				put_listener(l, t, &fds[table->fds + k], out, &n);
	}
	if (!n)
		markup(out, "nothing");
	if (n > LISTENERS)
		markup(out, "<br>and %zu more", n - LISTENERS);
	end(out);
}

void report_short(struct page *g)
{
	struct out *out = g->draw.out;
	struct look l;

	markup(out, "<dl class=\"short\">\n");
	if (look_open(&l, &g->draw, EXPLORE_TASKS | MODEL_IDS | MODEL_FDINFO |
		      MODEL_NAMES | MODEL_SOCKETS | MODEL_SOCKET_DATA, NULL, 0)) {
		ran(&l, out);
		big(g, out);
		is_open(&l, out);
		listens(&l, out);
	} else {
		big(g, out);
	}
	look_close(&l);
	error_clear(g->draw.err);
	row(out, "To restore");
	report_needs_short(g);
	end(out);
	markup(out, "</dl>\n");
}

// SPDX-License-Identifier: MIT
/*
 *   an explorer ─► its records, as text ─► one call a line
 */
#include "api/explore.h"
#include "view/explorer.h"

#include <errno.h>
#include <string.h>

struct records {
	struct explore x;		/* first: a view's ctx is both */
	bool (*record)(void *ctx, const char *json, size_t size);
	void *ctx;
	bool stop;
};

const char *crit_explorer(size_t i, const char **about)
{
	if (i >= n_explorers)
		return NULL;
	if (about)
		*about = explorers[i]->about;
	return explorers[i]->name;
}

/* Whole lines are given; the rest waits. */
static bool give_lines(void *arg, const void *p, size_t n)
{
	struct records *r = arg;
	struct model_list *text = &r->x.text;
	size_t from = 0;

	if (r->stop)
		return true;
	if (!model_add(&r->x.model, text, p, n))
		return errno = ENOMEM, false;
	for (size_t i = text->n - n; i < text->n && !r->stop; i++) {
		const char *s = text->p;

		if (s[i] != '\n')
			continue;
		r->stop = !r->record(r->ctx, s + from, i - from);
		from = i + 1;
	}
	text->n -= from;
	memmove(text->p, (char *)text->p + from, text->n);
	return true;
}

static void mappings(void *ctx, const struct model_task *t)
{
	model_dir_mappings(&((struct records *)ctx)->x.images, t);
}

static void runs(void *ctx, const struct model_task *t, view_run *run,
		 void *run_ctx)
{
	model_dir_runs(&((struct records *)ctx)->x.images, t, run, run_ctx);
}

static bool explore(struct records *r, struct crit_dir *dir,
		    const struct explorer *e, uint32_t pid, struct crit_error *err)
{
	struct explore *x = &r->x;

	if (!explore_begin(x, dir, e->name, pid, err))
		return false;
	x->out.write = give_lines;
	x->out.arg = r;
	x->view.dir = &dir->dir;
	x->view.mappings = mappings;
	x->view.runs = runs;
	explorer_print(e, &x->view);
	out_flush(&x->out);
	return explore_end(x, err);
}

bool crit_explore(struct crit_dir *dir, const char *what, uint32_t pid,
		  bool (*record)(void *ctx, const char *json, size_t size),
		  void *ctx, struct crit_error *err)
{
	const struct explorer *e = explorer_find(what);
	struct records *r;
	bool ok;
	API(dir->c);

	if (!e)
		return api_usage(err, "unknown explorer '%.40s'", what);
	r = alloc_zero(sizeof(*r));
	if (!r)
		return api_no_memory(err);
	r->record = record;
	r->ctx = ctx;
	ok = explore(r, dir, e, pid, err);
	alloc_free(r);
	return ok;
}

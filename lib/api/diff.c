// SPDX-License-Identifier: MIT
/*
 *   two open checkpoints ─► diff ─► a line, and what it is about ─► one call each
 */
#include "api/dir.h"
#include "diff/diff.h"

#include <errno.h>

struct differences {
	struct diff diff;
	struct out out;
	struct crit_error err, first;
	bool (*found)(void *ctx, const struct crit_difference *);
	void *ctx;
	struct crit *c;
	char *line;			/* and room for a NUL */
	size_t n, cap;
};

static bool to_line(void *arg, const void *p, size_t n)
{
	struct differences *d = arg;
	char *more;

	if (d->cap - d->n <= n) {
		more = alloc_more(d->line, d->n + n + 1);
		if (!more)
			return errno = ENOMEM, false;
		d->line = more;
		d->cap = d->n + n + 1;
	}
	memcpy(d->line + d->n, p, n);
	d->n += n;
	return true;
}

static bool give(void *ctx, const struct diff_line *what)
{
	struct differences *d = ctx;
	bool go_on;

	if (!out_flush(&d->out) || !d->n)
		return false;
	d->line[--d->n] = 0;
	go_on = d->found(d->ctx, &(struct crit_difference){
		.section = diff_section(what->section),
		.change = (enum crit_change)what->change, .pid = what->pid,
		.image = what->image, .path = what->path,
		.line = d->line, .size = d->n,
	});
	d->n = 0;
	return go_on;
}

/* An image that cannot be read does not keep the others from being compared. What
 * is odd without that is for the context's function. */
static void warn(void *ctx, const struct crit_error *err)
{
	struct differences *d = ctx;

	if (!d->diff.trouble)
		api_warn(d->c, err);
	else if (!error_is(&d->first))
		d->first = *err;
}

static bool sections(struct diff *d, const struct crit_diff_how *how,
		     struct crit_error *err)
{
	unsigned k;

	d->sections = how->n_only ? 0 : (1u << SECTIONS) - 1;
	for (size_t i = 0; i < how->n_only; i++) {
		for (k = 0; diff_section(k); k++)
			if (!strcmp(diff_section(k), how->only[i]))
				break;
		if (!diff_section(k))
			return api_usage(err, "unknown section '%.40s'",
					 how->only[i]);
		d->sections |= 1u << k;
	}
	return true;
}

static bool run(struct differences *d)
{
	bool ok;

	if (!out_open(&d->out, -1, "memory", &d->err))
		return false;
	d->out.write = to_line;
	d->out.arg = d;
	ok = diff_run(&d->diff);
	out_close(&d->out);
	return ok && !error_is(&d->err);
}

static bool compare(struct differences *d, struct crit_dir *a, struct crit_dir *b,
		    const struct crit_diff_how *how, struct crit_error *err)
{
	static const struct crit_diff_how none;
	bool ok;

	how = how ? how : &none;
	error_clear(&d->err);
	error_clear(&d->first);
	d->diff = (struct diff){
		.store = { &a->dir, &b->dir }, .name = { a->path, b->path },
		.schema = a->c->schema,
		.err = &d->err, .out = &d->out, .records = !how->text,
		.pages = how->pages, .ignore = how->ignore,
		.n_ignore = how->n_ignore, .warn = warn, .told = give, .ctx = d,
	};
	if (!sections(&d->diff, how, err))
		return false;
	ok = run(d);
	alloc_free(d->line);
	if (!ok)
		return api_fail(err, &d->err);
	return !error_is(&d->first) || api_fail(err, &d->first);
}

/* Memory of one may be freed through the other. */
static bool alike(const struct crit *a, const struct crit *b)
{
	return a == b || (!a->has_allocator && !b->has_allocator &&
			  a->schema == b->schema);
}

bool crit_diff(struct crit_dir *a, struct crit_dir *b,
	       const struct crit_diff_how *how,
	       bool (*found)(void *ctx, const struct crit_difference *),
	       void *ctx, struct crit_error *err)
{
	struct differences *d;
	bool ok;
	API(a->c);

	if (!alike(a->c, b->c))
		return api_usage(err, "both checkpoints must have the same "
				 "allocator and messages");
	d = alloc_zero(sizeof(*d));
	if (!d)
		return api_no_memory(err);
	d->found = found;
	d->ctx = ctx;
	d->c = a->c;
	ok = compare(d, a, b, how, err);
	alloc_free(d);
	return ok;
}

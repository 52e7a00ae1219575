// SPDX-License-Identifier: MIT
/*
 *   an open checkpoint, images that replace its own ─► copy ─► target: a new
 *   directory, outputs, or in place
 */
#include "api/dir.h"
#include "api/target.h"
#include "copy/overlay.h"
#include "copy/whole.h"

#include <limits.h>
#include <stdio.h>

struct copying {
	struct crit_dir *dir;
	const struct crit_copy_how *how;
	const struct api_where *to;
	struct changes changes;
	struct overlay overlay;
	bool changed;
	struct crit_error *err;
};

static bool replace(struct copying *c)
{
	const struct crit_replacement *r = c->how->replace;
	size_t n = c->how->n_replace;

	if (!n)
		return true;
	if (!changes_none(&c->changes, c->err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!changes_add(&c->changes, r[i].name, r[i].bytes, r[i].size))
			return false;
	c->changed = changes_sort(&c->changes) &&
		     overlay_open(&c->overlay, &c->dir->dir, &c->changes, false,
				  c->err);
	return c->changed;
}

static bool rewrites(const struct crit_copy_how *h)
{
	return h->flatten || h->compress || h->decompress || h->drop_zero ||
	       h->no_memory;
}

static bool usable_in_place(const struct crit_dir *dir,
			    const struct crit_copy_how *h, struct crit_error *err)
{
	if (!rewrites(h))
		return api_usage(err, "in place needs flatten, compress, "
				 "decompress, drop_zero or no_memory");
	if (h->n_replace || h->n_drop || h->images_only)
		return api_usage(err, "in place only pages are changed");
	if (!dir->has_path || strcmp(dir->dir.ops->what, "directory"))
		return api_usage(err, "in place needs a directory, opened by "
				 "its path");
	return true;
}

static bool usable(const struct crit_copy_how *h, const struct api_where *to,
		   struct crit_error *err)
{
	if (h->compress && h->decompress)
		return api_usage(err, "compress and decompress exclude each "
				 "other");
	if (h->compress % 4096 || h->compress > PAGEMAP_BLOCK_MAX)
		return api_usage(err, "a block has whole pages: a multiple of "
				 "4096 bytes, at most %d", PAGEMAP_BLOCK_MAX);
	if (h->prefix && to->form != CRIT_TAR)
		return api_usage(err, "a prefix goes with a tar archive");
	if (to->n > CRIT_SHARDS_MAX)
		return api_usage(err, "at most %d outputs", CRIT_SHARDS_MAX);
	return true;
}

/* What is odd goes to the context's function. */
static void warn(void *ctx, const char *name, const char *what)
{
	struct crit_error e;

	error_clear(&e);
	snprintf(e.image, sizeof(e.image), "%s", name);
	error_set(&e, CRIT_EDATA, "%s", what);
	api_warn(((struct copying *)ctx)->dir->c, &e);
}

static struct copy prepare(struct copying *g, struct target *target)
{
	const struct crit_copy_how *h = g->how;
	const struct store *s = g->changed ? &g->overlay.store : &g->dir->dir;
	struct copy c = {
		.store = s, .source = g->dir->path, .at = "",
		.prefix = h->prefix ? h->prefix : "", .target = target,
		.changes = g->changed ? &g->changes : NULL, .drop = h->drop,
		.n_drop = h->n_drop, .images_only = h->images_only,
		.flat = g->to->form == CRIT_STREAM,
		.sized = g->to->form == CRIT_TAR,
		.changed_only = g->to->in_place, .rewrite = rewrites(h),
		.warn = warn, .ctx = g, .err = g->err,
	};

	c.pages = (struct pages_options){
		.flatten = h->flatten, .drop_zero = h->drop_zero,
		.no_memory = h->no_memory, .block = h->compress,
		.acceleration = h->acceleration ? h->acceleration : 1,
	};
	/* pages stay packed as they were unless something else is asked for */
	if (c.rewrite && !h->compress && !h->decompress)
		c.pages.block = copy_inventory_block(s, g->err);
	return c;
}

/* The source once more: its tree is read beside the store. */
static bool copy(struct copying *g, struct target *target)
{
	struct copy c = prepare(g, target);
	struct source source;
	bool ok;

	if (error_is(g->err))
		return false;
	if (!g->dir->has_path)
		return copy_whole(&c, &g->dir->dir, NULL, NULL);
	ok = source_open(&source, g->dir->path, g->dir->c->schema, false, NULL,
			 g->err);
	if (!ok)
		return false;
	ok = copy_whole(&c, &g->dir->dir, &source, g->dir->path);
	source_close(&source);
	return ok;
}

static const struct crit_copy_how as_it_is;

static bool run(struct crit_dir *dir, const struct crit_copy_how *how,
		const struct api_where *to, struct crit_error *err)
{
	struct copying g = {
		.dir = dir, .how = how ? how : &as_it_is, .to = to,
	};
	struct api_target *t;
	bool ok;

	g.changes.fd = -1;
	if (!usable(g.how, to, err))
		return false;
	t = api_target_open(to, err);
	if (!t)
		return false;
	g.err = &t->err;
	ok = replace(&g) && copy(&g, t->target);
	if (g.changed)
		overlay_close(&g.overlay);
	changes_close(&g.changes);
	return api_target_close(t, ok, dir->place, err);
}

bool crit_copy(struct crit_dir *dir, const struct crit_copy_how *how,
	       const char *path, struct crit_error *err)
{
	API(dir->c);

	return run(dir, how, &(struct api_where){ .path = path }, err);
}

bool crit_copy_to(struct crit_dir *dir, const struct crit_copy_how *how,
		  enum crit_form form, struct crit_output *out,
		  struct crit_error *err)
{
	API(dir->c);

	return run(dir, how, &(struct api_where){
			.form = form, .outs = &out, .n = 1,
		}, err);
}

bool crit_copy_to_shards(struct crit_dir *dir, const struct crit_copy_how *how,
			 struct crit_output *const *outs, size_t n,
			 struct crit_error *err)
{
	API(dir->c);

	return n ? run(dir, how, &(struct api_where){
			.form = CRIT_STREAM, .outs = outs, .n = n,
		}, err) : api_usage(err, "no outputs");
}

bool crit_copy_in_place(struct crit_dir *dir, const struct crit_copy_how *how,
			struct crit_error *err)
{
	struct crit_error own;
	API(dir->c);

	error_clear(&own);
	how = how ? how : &as_it_is;
	return usable_in_place(dir, how, err) &&
	       run(dir, how, &(struct api_where){
			.path = dir->path, .in_place = true,
			.backup = how->backup,
		}, err) &&
	       (!how->flatten || to_place_forget_parent(dir->path, &own) ||
		api_fail(err, &own));
}

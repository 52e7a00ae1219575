// SPDX-License-Identifier: MIT
/*
 *   an open checkpoint ─► check ─► findings ─► one call each
 */
#include "api/dir.h"
#include "check/check.h"

const char *crit_check_rule(size_t i, const char **about,
			    enum crit_severity *severity)
{
	const struct rule *r = check_rule(i);

	if (!r)
		return NULL;
	if (about)
		*about = r->about;
	if (severity)
		*severity = (enum crit_severity)r->severity;
	return r->id;
}

static bool give(const struct check *c, const struct finding *f,
		 bool (*found)(void *ctx, const struct crit_finding *),
		 void *ctx)
{
	return found(ctx, &(struct crit_finding){
		.rule = f->rule->id,
		.severity = (enum crit_severity)f->severity,
		.image = f->image ? check_image_at(c, f->image - 1)->name : NULL,
		.entry = f->entry, .path = f->path, .text = f->text,
		.values = f->values, .more = f->more,
	});
}

static bool run(struct check *c, const struct crit_dir *dir,
		const struct crit_check_how *how)
{
	c->allow = how ? how->allow : NULL;
	c->n_allow = how ? how->n_allow : 0;
	c->host = how && how->host;
	c->warn = api_warn;
	c->ctx = dir->c;
	return store_has_images(&dir->dir, dir->path, c->err) &&
	       check_store(c, &dir->dir) && check_end(c);
}

bool crit_check(struct crit_dir *dir, const struct crit_check_how *how,
		bool (*found)(void *ctx, const struct crit_finding *),
		void *ctx, struct crit_error *err)
{
	struct crit_error own;
	struct check *c;
	bool ok;
	API(dir->c);

	c = alloc(sizeof(*c));
	if (!c)
		return api_no_memory(err);
	error_clear(&own);
	ok = check_init(c, dir->c->schema, &own) && run(c, dir, how);
	for (size_t i = 0; ok && i < c->findings.n; i++)
		if (!give(c, (struct finding *)c->findings.p + i, found, ctx))
			break;
	check_free(c);
	alloc_free(c);
	return ok || dir_fail(dir, err, &own);
}

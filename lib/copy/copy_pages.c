// SPDX-License-Identifier: MIT
/*
 *   a pagemap of the source ─► pages_rewrite ─► pagemap and pages ─► target
 */
#include "copy/copy_parts.h"
#include "base/temp.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* BEFORE PID AFTER */
static bool pid_of(const char *name, const char *before, const char *after,
		   uint32_t *pid)
{
	size_t n = strlen(before);
	char *end;

	if (strncmp(name, before, n) || name[n] < '0' || name[n] > '9')
		return false;
	*pid = (uint32_t)strtoul(name + n, &end, 10);
	return !strcmp(end, after);
}

static bool open_mappings(struct copy *c, const char *base,
			  struct mappings *v, bool *have)
{
	uint32_t pid;
	bool absent;

	*have = false;
	*v = (struct mappings){ .err = c->err };
	spool_init(&v->spool, c->err);
	if (!pid_of(base, "pagemap-", "", &pid))
		return true;
	if (!mappings_open(v, c->store, pid, &absent, c->err))
		return false;
	*have = !absent;
	return true;
}

/* Of a segment: as its tasks have them. */
static uint64_t any_page_size(struct copy *c)
{
	struct crit_error err;
	struct mappings v;
	uint32_t pid;
	bool absent;

	for (size_t i = 0; i < c->store->n && !c->page_size; i++) {
		if (!pid_of(c->store->files[i].name, "mm-", ".img", &pid))
			continue;
		error_clear(&err);
		if (mappings_open(&v, c->store, pid, &absent, &err) && !absent)
			c->page_size = mappings_page_size(&v);
		mappings_close(&v);
	}
	if (!c->page_size)
		c->page_size = 4096;
	return c->page_size;
}

/* The pages image of r, at a path that is put together in path. */
static bool pages_member(struct copy *c, const struct pages_rewrite *r,
			 const struct member *m, char path[PATH_MAX],
			 struct member *pages)
{
	char name[PATH_MAX];

	*pages = *m;
	pages->size = BLOB_UNKNOWN;
	snprintf(name, sizeof(name), "%spages-%" PRIu64 ".img", c->at,
		 r->pages_id);
	pages->path = name;
	if (!copy_place(c, pages, path))
		return false;
	pages->path = path;
	return true;
}

static bool put_pages(struct copy *c, struct pages_rewrite *r,
		      const struct member *pages)
{
	struct target_file f;
	bool ok = target_open(c->target, &f, pages);

	r->to = &f.out;
	ok = ok && pages_rewrite(r);
	r->to = NULL;
	return target_close(&f) && ok;
}

/* Raw pages: as many as the pagemap says. It is made twice. */
static bool put_counted(struct copy *c, struct pages_rewrite *r,
			const struct member *m, struct member *pages)
{
	bool ok = pages_rewrite(r) && copy_put_spool(c, m, &r->map.out);

	pages->size = r->counts.after;
	pages_rewrite_close(r);
	return ok && put_pages(c, r, pages);
}

/* Pages of unknown size are put aside until their end. */
static bool put_aside(struct copy *c, struct pages_rewrite *r,
		      const struct member *m, struct member *pages)
{
	struct blob b = { .fd = temp_file(c->err) };
	struct blob_copy to;
	bool ok;

	if (b.fd < 0)
		return false;
	ok = blob_copy_open(&to, b.fd, "temporary file", c->err);
	r->to = &to;
	ok = ok && pages_rewrite(r) && blob_copy_finish(&to) &&
	     copy_put_spool(c, m, &r->map.out);
	r->to = NULL;
	b.size = pages->size = to.pos;
	blob_copy_close(&to);
	c->wrote++;
	ok = ok && target_blob(c->target, pages, &b);
	close(b.fd);
	return ok;
}

/* Readers of archives need not keep pages where the pagemap comes first, as in
 * those of podman. Elsewhere the pages are written once. */
static bool put_memory(struct copy *c, struct pages_rewrite *r,
		       const struct member *m)
{
	char path[PATH_MAX];
	struct member pages;

	if (!pages_member(c, r, m, path, &pages))
		return false;
	if (!c->sized)
		return put_pages(c, r, &pages) && copy_put_spool(c, m, &r->map.out);
	return r->options->block || r->options->drop_zero ?
		put_aside(c, r, m, &pages) : put_counted(c, r, m, &pages);
}

/* A pagemap of which the source has nothing but marks has no pages image. */
static bool find_pages_id(struct copy *c, struct pages_rewrite *r)
{
	struct pagemap p;
	char name[64];
	bool absent, ok;

	snprintf(name, sizeof(name), "%s.img", r->base);
	ok = pagemap_open(&p, c->store, name, r->page_size, &absent, c->err);
	r->pages_id = p.pages_id;
	pagemap_close(&p);
	return ok;
}

/* Whether a segment's pages are never packed. */
static bool segment_raw(struct copy *c, const char *base, bool *raw)
{
	uint32_t id;

	*raw = false;
	if (!c->pages.block || !pid_of(base, "pagemap-shmem-", "", &id))
		return true;
	if (!c->huge_known && !huge_read(&c->huge, c->store, c->err))
		return false;
	c->huge_known = true;
	*raw = huge_has(&c->huge, id);
	return true;
}

bool copy_pages(struct copy *c, const struct member *m, const char *name)
{
	struct pages_rewrite r = {
		.store = c->store, .options = &c->pages, .err = c->err,
		.map.out.fd = -1,
	};
	struct mappings v;
	char base[64];
	bool have, ok;

	snprintf(base, sizeof(base), "%.*s", (int)strlen(name) - 4, name);
	r.base = base;
	ok = open_mappings(c, base, &v, &have);
	r.mappings = have ? &v : NULL;
	r.page_size = have ? mappings_page_size(&v) : any_page_size(c);
	ok = ok && segment_raw(c, base, &r.raw) && find_pages_id(c, &r) &&
	     put_memory(c, &r, m);
	if (ok && c->rewrote)
		c->rewrote(c->ctx, base, &r.counts);
	pages_rewrite_close(&r);
	mappings_close(&v);
	return ok;
}

// SPDX-License-Identifier: MIT
#include "copy/copy.h"
#include "base/alloc.h"
#include "base/file_io.h"
#include "base/temp.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { INVENTORY_MAX = 64 << 10 };

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The base name, if this is a file of the checkpoint itself; else NULL. */
static const char *own_name(const struct copy *c, const char *path)
{
	size_t n = strlen(c->at);

	if (strncmp(path, c->at, n) || strchr(path + n, '/') || !path[n])
		return NULL;
	return path + n;
}

int copy_drops(const char *const *drop, size_t n, const char *path)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(drop[i], path) || !fnmatch(drop[i], path, 0) ||
		    !fnmatch(drop[i], base_of(path), 0))
			return (int)i;
	return -1;
}

static bool is_dropped(const struct copy *c, const char *path)
{
	int i = copy_drops(c->drop, c->n_drop, path);

	if (i >= 0 && c->dropped)
		c->dropped[i] = true;
	return i >= 0;
}

/* Whether records describe it. */
static bool is_image(const struct copy *c, const char *name)
{
	struct crit_error err;
	struct blob b;
	enum file_is is;

	error_clear(&err);
	is = store_look(c->store, name, &b, &err);
	blob_close(&b);
	return is == FILE_IMAGE || is == FILE_BAD;
}

static bool is_pages(const char *name)
{
	return !strncmp(name, "pages-", 6);
}

static bool is_pagemap(const char *name)
{
	size_t n = strlen(name);

	return !strncmp(name, "pagemap-", 8) && n > 12 &&
	       !strcmp(name + n - 4, ".img");
}

static bool leave_out(struct copy *c, const char *path)
{
	if (c->left_out && !c->changed_only)
		c->left_out(c->ctx, path);
	return true;
}

/* Where it goes: the prefix and the path, or the base name. */
static bool place(const struct copy *c, const struct member *m, char *path)
{
	const char *from = c->flat ? base_of(m->path) : m->path;

	if (snprintf(path, PATH_MAX, "%s%s", c->prefix, from) < PATH_MAX)
		return true;
	return error_set(c->err, CRIT_EDATA, "%.100s...: name is too long",
			 m->path);
}

static bool put_blob(struct copy *c, const struct member *m,
		     const struct blob *b)
{
	char path[PATH_MAX];
	struct member to = *m;

	if (!place(c, m, path))
		return false;
	to.path = path;
	c->wrote++;
	return target_blob(c->target, &to, b);
}

static size_t read_spool(const struct blob *b, uint64_t at, void *p, size_t n,
			 struct crit_error *err)
{
	(void)err;
	return spool_read(b->ctx, at, p, n);
}

static struct blob spool_blob(struct spool *s)
{
	return (struct blob){
		.fd = -1, .size = spool_size(s), .read = read_spool, .ctx = s,
	};
}

static bool put_spool(struct copy *c, const struct member *m, struct spool *s)
{
	struct blob b = spool_blob(s);

	return put_blob(c, m, &b);
}

/* Pages. */

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
	if (!place(c, pages, path))
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
	bool ok = pages_rewrite(r) && put_spool(c, m, &r->map.out);

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
	     put_spool(c, m, &r->map.out);
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
		return put_pages(c, r, &pages) && put_spool(c, m, &r->map.out);
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

static bool rewrite(struct copy *c, const struct member *m, const char *name)
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

static bool put_inventory(struct copy *c, const struct member *m,
			  const struct blob *b)
{
	uint8_t *buf = alloc(INVENTORY_MAX);
	struct spool changed;
	size_t n;
	bool ok;

	if (!buf)
		return error_set(c->err, CRIT_ENOMEM, "out of memory");
	spool_init(&changed, c->err);
	n = blob_read(b, 0, buf, INVENTORY_MAX, c->err);
	ok = !error_is(c->err) &&
	     copy_inventory(buf, n, c->pages.block, false, &changed, c->err) &&
	     put_spool(c, m, &changed);
	spool_free(&changed);
	alloc_free(buf);
	return ok;
}

/* An image, from the source or from the records. */
static bool put_image(struct copy *c, const struct member *m, const char *name,
		      const struct blob *b)
{
	if (c->rewrite && is_pagemap(name))
		return rewrite(c, m, name);
	if (c->rewrite && !strcmp(name, IMAGE_INVENTORY))
		return put_inventory(c, m, b);
	return put_blob(c, m, b);
}

static bool copy_image(struct copy *c, const struct member *m, const char *name,
		       const struct blob *b)
{
	struct change *change = c->changes ? changes_find(c->changes, name) : NULL;
	struct blob own;

	if (change) {
		change->used = true;
		own = changes_blob(c->changes, change);
		return put_image(c, m, name, &own);
	}
	if (c->whole)
		return leave_out(c, m->path);
	if (c->changed_only && !is_pagemap(name) &&
	    strcmp(name, IMAGE_INVENTORY))
		return true;
	return put_image(c, m, name, b);
}

static bool copy_file(struct copy *c, const struct member *m,
		      const struct blob *b)
{
	const char *name = own_name(c, m->path);

	if (!c->store)
		return put_blob(c, m, b);
	if (name && c->rewrite && is_pages(name))
		return true;	/* comes with its pagemap */
	if (name && (is_image(c, name) ||
		     (c->changes && changes_find(c->changes, name))))
		return copy_image(c, m, name, b);
	if ((c->images_only && !(name && is_pages(name))) ||
	    (c->flat && !name))
		return leave_out(c, m->path);
	return c->changed_only || put_blob(c, m, b);
}

static bool is_image_name(const char *path)
{
	size_t n = strlen(path);

	return n > 4 && !strcmp(path + n - 4, ".img");
}

bool copy_member(void *ctx, const struct member *m, const struct blob *b)
{
	struct copy *c = ctx;
	const char *name = own_name(c, m->path);
	char path[PATH_MAX];
	struct member to = *m;

	c->image |= b && is_image_name(m->path);
	if (is_dropped(c, m->path))
		return true;
	if (m->xattrs && !c->told_xattrs && !c->changed_only && c->warn) {
		c->told_xattrs = true;
		c->warn(c->ctx, m->path, "extended attributes are not copied, "
			"here and elsewhere");
	}
	if (name && c->pages.flatten && !strcmp(name, "parent"))
		return true;
	if (b)
		return copy_file(c, m, b);
	if (c->changed_only)
		return true;
	if (c->flat || (c->images_only && m->type != MEMBER_DIR))
		return m->type == MEMBER_DIR || leave_out(c, m->path);
	if (!place(c, m, path))
		return false;
	to.path = path;
	return target_member(c->target, &to);
}

static bool no_images(struct copy *c)
{
	snprintf(c->err->image, sizeof(c->err->image), "%s",
		 strcmp(c->source, "-") ? c->source : "standard input");
	return error_set(c->err, CRIT_EDATA, "no images here");
}

bool copy_end(struct copy *c)
{
	char path[PATH_MAX];
	struct member m = {
		.path = path, .type = MEMBER_FILE, .mode = 0600,
		.mtime = (int64_t)time(NULL),
	};

	if (!c->store && !c->image)
		return no_images(c);
	for (size_t i = 0; c->changes && i < c->changes->n; i++) {
		struct change *change = &c->changes->list[i];
		struct blob b = changes_blob(c->changes, change);

		if (change->used)
			continue;
		snprintf(path, sizeof(path), "%s%s", c->at, change->name);
		if (!put_image(c, &m, change->name, &b))
			return false;
	}
	return !error_is(c->err);
}

// SPDX-License-Identifier: MIT
/*
 *   members of the source, changes ─► what becomes of each ─► target
 */
#include "copy/copy_parts.h"
#include "base/alloc.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

bool copy_place(const struct copy *c, const struct member *m,
		char path[PATH_MAX])
{
	const char *from = c->flat ? base_of(m->path) : m->path;

	if (snprintf(path, PATH_MAX, "%s%s", c->prefix, from) < PATH_MAX)
		return true;
	return error_set(c->err, CRIT_EDATA, "%.100s...: name is too long",
			 m->path);
}

bool copy_put(struct copy *c, const struct member *m, const struct blob *b)
{
	char path[PATH_MAX];
	struct member to = *m;

	if (!copy_place(c, m, path))
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

bool copy_put_spool(struct copy *c, const struct member *m, struct spool *s)
{
	struct blob b = spool_blob(s);

	return copy_put(c, m, &b);
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
	     copy_put_spool(c, m, &changed);
	spool_free(&changed);
	alloc_free(buf);
	return ok;
}

/* An image, from the source or from the records. */
static bool put_image(struct copy *c, const struct member *m, const char *name,
		      const struct blob *b)
{
	if (c->rewrite && is_pagemap(name))
		return copy_pages(c, m, name);
	if (c->rewrite && !strcmp(name, IMAGE_INVENTORY))
		return put_inventory(c, m, b);
	return copy_put(c, m, b);
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
		return copy_put(c, m, b);
	if (name && c->rewrite && is_pages(name))
		return true;	/* comes with its pagemap */
	if (name && (is_image(c, name) ||
		     (c->changes && changes_find(c->changes, name))))
		return copy_image(c, m, name, b);
	if ((c->images_only && !(name && is_pages(name))) ||
	    (c->flat && !name))
		return leave_out(c, m->path);
	return c->changed_only || copy_put(c, m, b);
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
	if (!copy_place(c, m, path))
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

// SPDX-License-Identifier: MIT
/*
 *   source ─► tree ──────┐
 *   store ──► its names ─┴─► copy_member ─► copy_end
 */
#include "copy/whole.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

static struct member plain_member(const char *name)
{
	return (struct member){
		.path = name, .type = MEMBER_FILE, .mode = 0600,
		.uid = geteuid(), .gid = getegid(),
		.mtime = (int64_t)time(NULL), .size = BLOB_UNKNOWN,
	};
}

static bool copy_name(struct copy *c, const struct store *s, const char *name)
{
	struct member m = plain_member(name);
	struct blob b;
	bool ok;

	if (!store_blob(s, name, &b, c->err))
		return false;
	c->err->image[0] = 0;
	m.size = b.size;
	ok = copy_member(c, &m, &b);
	blob_close(&b);
	return ok;
}

/* Every file of a store, in its order. */
static bool copy_each(struct copy *c, const struct store *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->files[i].regular && !store_absent(s, s->files[i].name) &&
		    !copy_name(c, s, s->files[i].name))
			return false;
	return true;
}

/* Whether the tree of the source holds the images as files of its own. */
static bool has_tree(const struct source *source, const struct store *s)
{
	return !s->in_layer && (source->content == CONTENT_DIR ||
				source->content == CONTENT_TAR);
}

/* As tar itself has it: the last member of a name counts. */
static bool copy_replacing(void *ctx, const struct member *m,
			   const struct blob *b)
{
	struct copy *c = ctx;
	bool ok = copy_member(c, m, b);

	if (ok && c->target->replaced && c->warn)
		c->warn(c->ctx, m->place, "there are several members of this "
			"name; the last one is used");
	c->target->replaced = false;
	return ok;
}

static bool copy_tree(struct copy *c, struct source *source, const char *path)
{
	c->target->replace = source->content == CONTENT_TAR;
	return source->content == CONTENT_DIR ?
		tree_dir(path, copy_member, c, c->err) :
		tree_tar(source, copy_replacing, c, c->err);
}

/* What lies beside the images, and has no place where they go. */
static bool tell_beside(void *ctx, const struct member *m, const struct blob *b)
{
	struct copy *c = ctx;
	size_t n = strlen(c->at);

	if (c->left_out && m->type != MEMBER_DIR &&
	    (!b || strncmp(m->path, c->at, n) || strchr(m->path + n, '/')))
		c->left_out(c->ctx, m->path);
	return true;
}

static bool copy_all(struct copy *c, const struct store *store,
		     struct source *source, const char *path)
{
	bool tree = source && (!store || has_tree(source, store));

	if (source && !tree && !c->flat && store->in_layer && c->warn)
		c->warn(c->ctx, source->name, "only the images are copied");
	if (tree && c->flat && store && source->content == CONTENT_DIR) {
		c->at = store->at;
		if (!tree_dir(path, tell_beside, c, c->err))
			return false;
		c->at = "";
	}
	if (!tree || (c->flat && store))
		return copy_each(c, store) && copy_end(c);
	c->at = store ? store->at : "";
	return copy_tree(c, source, path) && copy_end(c);
}

bool copy_whole(struct copy *c, const struct store *store,
		struct source *source, const char *path)
{
	bool ok = copy_all(c, store, source, path);

	huge_close(&c->huge);
	return ok;
}

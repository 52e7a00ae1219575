// SPDX-License-Identifier: MIT
#include "memory/layer.h"
#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void layer_free(struct pages_layer *l)
{
	pagemap_close(&l->map);
	blob_close(&l->blob);
	store_close(&l->own);
	alloc_free(l->past);
	alloc_free(l);
}

/* "parent/" once a level, with numbers where there are many. */
static void set_name(const struct pages_layer *l, char *to, const char *file)
{
	size_t n = 0;

	if (l->depth > 8)
		n = (size_t)snprintf(to, PAGES_WHERE_MAX, "(parent %u)/",
				     l->depth);
	else
		for (unsigned i = 0; i < l->depth; i++)
			n += (size_t)snprintf(to + n, PAGES_WHERE_MAX - n,
					      "parent/");
	snprintf(to + n, PAGES_WHERE_MAX - n, "%s", file);
}

static struct pages_layer *layer_new(const char *base, unsigned depth,
				     struct crit_error *err)
{
	struct pages_layer *l = alloc_zero(sizeof(*l));

	if (!l) {
		error_set(err, CRIT_ENOMEM, "out of memory");
		return NULL;
	}
	l->depth = depth;
	l->blob = l->map.blob = BLOB_NONE;
	l->sizes_entry = UINT64_MAX;
	snprintf(l->base, sizeof(l->base), "%s", base);
	set_name(l, l->name, base);
	return l;
}

static struct pages_layer *layer_start(struct pages_layer *l,
				       const struct store *dir,
				       uint64_t page_size,
				       struct crit_error *err)
{
	l->dir = dir;
	if (pagemap_open(&l->map, dir, l->base, page_size, &l->no_map, err) ||
	    l->no_map) {
		l->map.name = l->name;
		return l;
	}
	snprintf(err->image, sizeof(err->image), "%s", l->name);
	layer_free(l);
	return NULL;
}

struct pages_layer *layer_open(const struct store *dir, const char *base,
			       uint64_t page_size, struct crit_error *err)
{
	struct pages_layer *l = layer_new(base, 0, err);

	return l ? layer_start(l, dir, page_size, err) : NULL;
}

static bool is_loop(const struct pages *p, const struct store *s)
{
	for (const struct pages_layer *l = p->top; l; l = l->parent)
		if (store_same(l->dir, s))
			return true;
	return false;
}

static bool may_follow(struct pages *p, struct pages_layer *l,
		       const struct store *parent)
{
	if (l->depth == PAGES_DEPTH_MAX)
		return pagemap_bad(&l->map, "more than %d parents",
				   PAGES_DEPTH_MAX);
	if (is_loop(p, parent))
		return pagemap_bad(&l->map, "pages are in the parent, and the "
				   "links named parent go round in a loop");
	return true;
}

struct pages_layer *layer_parent(struct pages *p, struct pages_layer *l)
{
	struct pages_layer *below;

	if (l->parent)
		return l->parent;
	below = layer_new(l->base, l->depth + 1, p->err);
	if (!below)
		return NULL;
	if (!store_parent(l->dir, &below->own)) {
		pagemap_bad(&l->map, "pages are in the parent, and the directory "
			    "'parent' cannot be opened: %s%s", strerror(errno),
			    l->dir->place[0] ? " (--parent CHECKPOINT says where "
			    "it is)" : "");
		below->own.ops = NULL;
	} else if (may_follow(p, l, &below->own)) {
		l->parent = layer_start(below, &below->own, p->page_size,
					p->err);
		return l->parent;
	}
	layer_free(below);
	return NULL;
}

static void name_file(struct pages_layer *l, char name[64])
{
	snprintf(name, 64, "pages-%" PRIu64 ".img", l->map.pages_id);
	set_name(l, l->file, name);
}

bool layer_look(struct pages_layer *l)
{
	char name[64];

	if (blob_is(&l->blob) || l->no_file)
		return true;
	name_file(l, name);
	l->no_file = store_absent(l->dir, name);
	return l->no_file || layer_file(l);
}

bool layer_file(struct pages_layer *l)
{
	char name[64];

	name_file(l, name);
	if (!store_blob(l->dir, name, &l->blob, l->map.err)) {
		snprintf(l->map.err->image, sizeof(l->map.err->image), "%s",
			 l->file);
		return false;
	}
	l->map.err->image[0] = 0;
	return true;
}

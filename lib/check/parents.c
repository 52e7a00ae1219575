// SPDX-License-Identifier: MIT
/*
 * Whether the checkpoints behind "parent" have the pages that a pagemap says
 * are there.
 *
 *   ranges of the child ─► pagemap of the parent: PRESENT: found
 *                          PARENT: ranges for the next one
 *                          neither: a finding
 */
#include "check/areas.h"
#include "check/collect.h"
#include "check/pages.h"
#include "check/tasks.h"
#include "event/message.h"
#include "image/read.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The pagemap of one checkpoint of the chain, read once, forward, beside the
 * ranges that are looked for. */
struct level {
	struct sink sink;
	struct check *c;
	struct image_source source;
	struct blob blob;
	const struct store *store;
	int depth;
	uint64_t page_size, pages_id, present, vaddr, compat, nr_pages, flags;
	bool has_nr_pages, has_flags, in_parent, used;
	uint64_t start, end;		/* of the entry */
	bool have;
	struct crit_error err;
};

static void on_number(struct sink *sink, const struct field *f, uint64_t v)
{
	struct level *l = (struct level *)sink;

	if (!l->source.entries)
		l->pages_id = v;
	else if (!strcmp(f->name, "vaddr"))
		l->vaddr = v;
	else if (!strcmp(f->name, "compat_nr_pages"))
		l->compat = v;
	else if (!strcmp(f->name, "nr_pages"))
		l->nr_pages = v, l->has_nr_pages = true;
	else if (!strcmp(f->name, "flags"))
		l->flags = v, l->has_flags = true;
	else if (!strcmp(f->name, "in_parent"))
		l->in_parent = v;
}

static void on_entry(struct sink *sink, const struct message *m)
{
	struct level *l = (struct level *)sink;

	(void)m;
	l->vaddr = l->compat = l->nr_pages = l->flags = 0;
	l->has_nr_pages = l->has_flags = l->in_parent = false;
}

static enum flat on_flat(struct sink *sink, const struct message *m,
			 const uint8_t *p, size_t n)
{
	enum flat r = message_pass(sink, m, p, n);

	if (r != FLAT_OK)
		on_entry(sink, m);
	return r;
}

static const struct bulk_ops level_bulk = { .flat = on_flat };

static const struct sink_ops level_ops = {
	.entry = on_entry, .number = on_number, .bulk = &level_bulk,
};

/* The next entry; false at the end. */
static bool next(struct level *l)
{
	l->have = image_source_next(&l->source, &l->sink) > 0;
	if (!l->have)
		return false;
	if (!l->has_flags)
		l->flags = l->in_parent ? 0 : PE_PRESENT;
	if (l->in_parent)
		l->flags |= PE_PARENT;
	l->start = l->vaddr;
	l->end = l->vaddr + (l->has_nr_pages ? l->nr_pages : l->compat) *
		l->page_size;
	if (l->flags & PE_PRESENT)
		l->present += l->end - l->start;
	return true;
}

static void say_page(struct level *l, const struct page_range *r, uint64_t at,
		     const char *text)
{
	check_say_entry(l->c, "pagemap-parent-missing", l->c->image,
			(int64_t)r->entry, "vaddr", text,
			VALUES(at, (uint64_t)l->depth,
			       STRING(l->source.image.name)));
}

/* One range: what of it is where. What is in the next parent goes to the
 * spool. */
static void find_range(struct level *l, struct page_range r, struct spool *more)
{
	while (r.start < r.end) {
		struct page_range part = { r.start, r.end, r.entry };

		while (l->have && l->end <= r.start)
			next(l);
		if (!l->have || l->start > r.start ||
		    !(l->flags & (PE_PRESENT | PE_PARENT))) {
			say_page(l, &r, r.start, "the page at {page:x} is in "
				 "the parent, but parent {depth} has no such "
				 "page in {-name:s}");
			return;
		}
		if (part.end > l->end)
			part.end = l->end;
		if (l->flags & PE_PRESENT)
			l->used = true;
		else
			spool_put(more, &part, sizeof(part));
		r.start = part.end;
	}
}

/* Absent images are findings. */
static void keep_error(struct level *l)
{
	if (l->err.sys != ENOENT)
		images_failed_call(l->c, &l->err);
}

static void judge_pages(struct level *l)
{
	struct blob b = BLOB_NONE;
	char name[64];

	while (l->have)
		next(l);
	if (!l->used || error_is(&l->err))
		return;
	snprintf(name, sizeof(name), "pages-%llu.img",
		 (unsigned long long)l->pages_id);
	error_clear(&l->err);
	if (!store_blob(l->store, name, &b, &l->err))
		check_say(l->c, "pages-missing", AT_IMAGE(check_image_at(l->c,
			  l->c->image)), "pages-{pages_id}.img of parent "
			  "{depth} is missing",
			  VALUES(l->pages_id, (uint64_t)l->depth));
	else if (b.size != BLOB_UNKNOWN && b.size < l->present)
		check_say(l->c, "pages-size", AT_IMAGE(check_image_at(l->c,
			  l->c->image)), "pages-{pages_id}.img of parent "
			  "{depth} has {bytes} bytes, but its pagemap needs "
			  "{needed}", VALUES(l->pages_id, (uint64_t)l->depth,
			  b.size, l->present));
	keep_error(l);
	error_clear(&l->err);
	blob_close(&b);
}

static void judge_head(struct level *l)
{
	const struct inventory *inv = tasks_inventory(l->c);
	bool has = l->source.image.head != HEAD_NONE;

	if (inv && (inv->img_version == 1) == has)
		check_say(l->c, "parent-head", AT_IMAGE(check_image_at(l->c,
			  l->c->image)), has ? "the image of this name in "
			  "parent {depth} has a head, but img_version is 1" :
			  "the image of this name in parent {depth} has no "
			  "head, which img_version demands",
			  VALUES((uint64_t)l->depth));
}

/* The head, then the first entry. */
static bool open_level(struct level *l, const char *name)
{
	if (!store_blob(l->store, name, &l->blob, &l->err) ||
	    !image_source_open_blob(&l->source, &l->blob, name, l->c->schema,
				    &l->err) ||
	    image_source_next(&l->source, &l->sink) <= 0)
		return false;
	next(l);
	return true;
}

static bool first_range(struct spool *ranges, struct page_range *r)
{
	return spool_read(ranges, 0, r, sizeof(*r)) == sizeof(*r);
}

/* All ranges of the spool in the pagemap of that name of one parent. */
static void find_all(struct level *l, const char *name, struct spool *ranges,
		     struct spool *more)
{
	struct page_range r;
	uint64_t at = 0;

	l->sink = (struct sink){ .ops = &level_ops, .err = &l->err };
	l->blob = BLOB_NONE;
	l->page_size = l->c->pages->page_size;
	error_clear(&l->err);
	if (!open_level(l, name)) {
		l->source.image.name = name;
		if (first_range(ranges, &r))
			say_page(l, &r, r.start, "the page at {page:x} is in "
				 "the parent, but parent {depth} has no "
				 "readable {-name:s}");
	} else {
		judge_head(l);
		for (; spool_read(ranges, at, &r, sizeof(r)) == sizeof(r);
		     at += sizeof(r))
			find_range(l, r, more);
		judge_pages(l);
	}
	image_source_close(&l->source);
	blob_close(&l->blob);
	keep_error(l);
}

static void no_parent(struct check *c, struct spool *ranges, int depth)
{
	struct page_range r;

	if (!first_range(ranges, &r))
		return;
	check_say_entry(c, "pagemap-parent-missing", c->image, (int64_t)r.entry,
			"vaddr", depth ? "the page at {page:x} is in a parent "
			"of parent {depth}, which has none" : "the page at "
			"{page:x} is in the parent, but there is no 'parent'",
			VALUES(r.start, (uint64_t)depth));
}

void pages_in_parents(struct check *c, const char *name)
{
	struct spool spools[2], *ranges = &c->pages->parent, *more = spools;
	const struct store *child = c->store;
	struct store stores[2] = { 0 };
	int depth = 0;

	/* of a stream nothing is known; a broken chain has been told */
	if (!c->store || c->parent_broken)
		return;
	spool_init(&spools[0], c->err);
	spool_init(&spools[1], c->err);
	for (; spool_size(ranges) && depth < PARENTS_MAX; depth++) {
		struct store *parent = &stores[depth % 2];
		struct level l = { .c = c, .store = parent, .depth = depth + 1 };

		errno = 0;
		if (!store_parent(child, parent)) {
			parent_failed(c, errno);
			no_parent(c, ranges, depth);
			break;
		}
		spool_reset(more);
		find_all(&l, name, ranges, more);
		if (depth)
			store_close(&stores[(depth - 1) % 2]);
		child = parent;
		ranges = more;
		more = &spools[(depth + 1) % 2];
	}
	if (depth)
		store_close(&stores[(depth - 1) % 2]);
	spool_free(&spools[0]);
	spool_free(&spools[1]);
}

// SPDX-License-Identifier: MIT
/*
 *   store ─► names ─► each image, once ─► rows ─► areas ─► findings
 */
#include "check/collect.h"
#include "check/files.h"
#include "check/tasks.h"
#include "base/alloc.h"
#include "image/read.h"

#include <stdio.h>
#include <string.h>

bool check_init(struct check *c, const struct schema *schema,
		struct crit_error *err)
{
	memset(c, 0, sizeof(*c));
	c->sink.ops = &collect_ops;
	c->sink.err = c->err = err;
	c->schema = schema;
	c->image = SIZE_MAX;
	c->page_size = 4096;
	return plans_make(c) && pages_make(c);
}

void finding_free(struct finding *f)
{
	alloc_free(f->path);
}

void check_free(struct check *c)
{
	struct finding *all = c->findings.p;

	for (size_t i = 0; i < c->findings.n; i++)
		finding_free(&all[i]);
	alloc_free(c->findings.p);
	alloc_free(c->tallies.p);
	for (int t = 0; t < T_MAX; t++)
		alloc_free(c->tables[t].p);
	alloc_free(c->text.p);
	alloc_free(c->numbers.p);
	files_free(c);
	tasks_free(c);
	indexes_free(c);
	pages_free(c);
	plans_free(c);
	images_free(c);
}

/* Blank files are told apart: an image that is there must have a magic. */
static bool is_empty(struct check *c, const struct blob *b)
{
	struct check_image *im = check_image_at(c, c->image);

	im->has_size = b->size != BLOB_UNKNOWN;
	im->size = b->size;
	if (!im->has_size || im->size || !im->type)
		return false;
	im->state = IMAGE_BROKEN;
	check_say(c, "img-empty", AT_IMAGE(im), "the file is empty; CRIU "
		  "refuses it (an absent file would do)", NULL);
	return true;
}

/* The image's error has been reported; only lack of memory stops the check. */
static void clear(struct check *c)
{
	if (c->err->code != CRIT_ENOMEM)
		error_clear(c->err);
}

static void read_image(struct check *c, const struct blob *b)
{
	struct check_image *im = check_image_at(c, c->image);
	struct image_source s;

	if (image_source_open_blob(&s, b, im->name, c->schema, c->err))
		image_source_run(&s, &c->sink);
	else
		collect_ops.fail(&c->sink, c->err);
	image_source_close(&s);
	clear(c);
}

static void look(struct check *c, size_t n, bool raw)
{
	struct check_image *im = check_image_at(c, n);
	struct blob b = BLOB_NONE;

	c->image = n;
	if (!store_blob(c->store, im->name, &b, c->err)) {
		if (im->template || !raw)
			collect_ops.fail(&c->sink, c->err);
	} else if (raw) {
		is_empty(c, &b);
	} else if (!is_empty(c, &b)) {
		read_image(c, &b);
	}
	blob_close(&b);
	clear(c);
}

bool check_store(struct check *c, const struct store *store)
{
	c->store = store;
	for (size_t i = 0; i < store->n; i++)
		if (check_image(c, store->files[i].name) == SIZE_MAX)
			return false;
	if (!images_sort(c))
		return false;
	parents_look(c);
	for (size_t i = 0; i < c->images.n && !error_is(c->err); i++) {
		struct check_image *im = check_image_at(c, i);

		im->other = !store->files[i].regular;
		if (im->template)
			look(c, i, !im->type);
	}
	return !error_is(c->err);
}

static bool is_there(const struct check *c, const char *name)
{
	return check_find(c, name, 0) != NULL;
}

static bool any_of(const struct check *c, const char *template)
{
	for (size_t i = 0; i < c->images.n; i++) {
		const char *t = check_image_at(c, i)->template;

		if (t && !strcmp(t, template))
			return true;
	}
	return false;
}

static enum kind_of_dir kind_of(const struct check *c)
{
	bool pages = any_of(c, "pagemap-*.img");

	if (is_there(c, "pstree.img") || any_of(c, "core-*.img"))
		return DIR_FULL;
	if (pages && is_there(c, "inventory.img"))
		return DIR_PRE;
	if (pages)
		return DIR_PAGES;
	return is_there(c, "cpuinfo.img") && !is_there(c, "inventory.img") ?
		DIR_CPUINFO : DIR_FULL;
}

bool check_end(struct check *c)
{
	if (!c->by_name && !images_sort(c))
		return false;
	c->kind = kind_of(c);
	if (!tasks_make(c) || !files_make(c))
		return false;
	for (size_t i = 0; check_areas[i] && !error_is(c->err); i++) {
		check_declared(c, check_areas[i]);
		if (check_areas[i]->check)
			check_areas[i]->check(c);
	}
	findings_sort(c);
	return !error_is(c->err);
}

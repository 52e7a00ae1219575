// SPDX-License-Identifier: MIT
/*
 *   pagemap-12, pages-1, parents ─┬─► pages-7.img   a name that nobody uses
 *   changed pages ────────────────┘
 *   pagemap-12.img (pages-7) ─► in place of the old one: the switch
 *   pages-1.img ─► removed
 *
 * A process killed before the switch leaves the old checkpoint, after it the new
 * one; at worst with a pages image that no pagemap names.
 */
#include "change/memory_write.h"
#include "change/pages_ids.h"
#include "base/alloc.h"
#include "base/file_io.h"
#include "base/output_file.h"
#include "base/patch.h"
#include "copy/copy.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NAME = 32 };

static const char *pages_name(char *buf, uint64_t id)
{
	snprintf(buf, NAME, "pages-%" PRIu64 ".img", id);
	return buf;
}

/* The pages images that these pagemaps have, and will have. */
static bool plan_images(struct memory_write *w, const struct pages_ids *ids)
{
	uint64_t next = 1;

	for (size_t i = 0; i < w->n_images; i++) {
		struct memory_image *im = &w->images[i];
		char name[80];
		struct pagemap p;
		bool absent = false;

		snprintf(name, sizeof(name), "%s.img", im->base);
		if (!pagemap_open(&p, w->m->dir, name, w->m->page_size, &absent,
				  w->err)) {
			pagemap_close(&p);
			snprintf(w->err->image, sizeof(w->err->image), "%s", name);
			return error_set(w->err, CRIT_EDATA, "no such image");
		}
		im->old_id = p.pages_id;
		pagemap_close(&p);
		im->others = pages_ids_count(ids, im->old_id) > 1;
		im->new_id = pages_ids_unused(ids, next);
		next = im->new_id + 1;
	}
	return true;
}

bool memory_write_plan(struct memory_write *w)
{
	struct pages_ids ids = { 0 };
	struct store listed;
	char name[NAME];
	bool ok;

	w->in_place = false;
	ok = store_open_list(&listed, w->dir, w->m->dir->schema, false, w->err) &&
	     pages_ids_read(&ids, &listed, w->m->page_size, w->err) &&
	     plan_images(w, &ids);
	pages_ids_free(&ids);
	store_close(&listed);
	for (size_t i = 0; ok && i < w->n_images; i++)
		if (w->images[i].others)
			ok = error_set(w->err, CRIT_EDATA, "%s.img is not the only "
				       "pagemap of pages-%" PRIu64 ".img: neither "
				       "can be changed alone", w->images[i].base,
				       w->images[i].old_id);
	if (ok && w->n == 1 && w->pages->was == WAS_PRESENT)
		w->in_place = patch_can(w->m->dir->fd, pages_name(name,
						w->images->old_id));
	w->planned = ok;
	return ok;
}

static bool patch(struct memory_write *w)
{
	const struct memory_page *p = w->pages;
	size_t at = (size_t)(p->first - p->addr);
	char name[NAME];

	if (!pread_all(w->temp, w->page, (size_t)w->m->page_size, 0))
		return error_sys(w->err, errno, "cannot read a temporary file");
	return patch_file(w->m->dir->fd, pages_name(name, w->images->old_id),
			  p->at + at, w->page + at, (size_t)(p->end - p->first),
			  w->err);
}

/* The changed pages of one image. */
static struct pages_over *overlay(const struct memory_write *w, uint32_t image,
				  size_t *n)
{
	struct pages_over *over = alloc(w->n * sizeof(*over));

	*n = 0;
	for (size_t i = 0; over && i < w->n; i++)
		if (w->pages[i].image == image)
			over[(*n)++] = (struct pages_over){
				w->pages[i].key,
				w->pages[i].slot * w->m->page_size,
			};
	return over;
}

/* The image with its changes: pages to fd, the pagemap into r->map. */
static bool rewrite(struct memory_write *w, uint32_t image, int fd,
		    const char *shown, const struct pages_options *options,
		    struct pages_rewrite *r)
{
	struct memory_image *im = &w->images[image];
	const struct blob temp = { .fd = w->temp,
				   .size = w->n * w->m->page_size };
	struct pages_overlay over = { .blob = &temp };
	struct pages_over *pages = overlay(w, image, &over.n);
	struct blob_copy to;
	bool ok;

	over.pages = pages;
	if (!pages)
		return error_set(w->err, CRIT_ENOMEM, "out of memory");
	*r = (struct pages_rewrite){
		.store = w->m->dir, .base = im->base, .options = options,
		.page_size = w->m->page_size, .over = &over,
		.mappings = im->shared ? NULL : &w->m->vmas,
		.new_id = im->new_id, .to = &to, .err = w->err,
	};
	spool_init(&r->map.out, w->err);
	ok = blob_copy_open(&to, fd, shown, w->err) &&
	     pages_rewrite(r) && blob_copy_finish(&to);
	blob_copy_close(&to);
	alloc_free(pages);
	return ok;
}

static bool write_pages(struct memory_write *w, struct output_dir *dir,
			const struct pages_options *options,
			struct pages_rewrite *done)
{
	for (uint32_t i = 0; i < w->n_images; i++) {
		char name[NAME], shown[ERROR_IMAGE];
		int fd = output_dir_file(dir, pages_name(name,
					 w->images[i].new_id), w->err);
		bool ok;

		if (fd < 0)
			return false;
		ok = rewrite(w, i, fd, error_image_in(shown, dir->path, name),
			     options, &done[i]);
		if (close(fd) && ok)
			ok = error_sys(w->err, errno, "cannot close");
		if (!ok)
			return false;
	}
	return true;
}

static bool write_map(struct output_dir *dir, const char *base,
		      struct spool *map, struct crit_error *err)
{
	char name[80];
	uint8_t buf[8192];
	uint64_t at = 0;
	size_t n;
	int fd;
	bool ok = true;

	snprintf(name, sizeof(name), "%s.img", base);
	fd = output_dir_file(dir, name, err);
	if (fd < 0)
		return false;
	for (; ok && (n = spool_read(map, at, buf, sizeof(buf))) > 0; at += n)
		ok = write_all(fd, buf, n);
	if (!ok) {
		error_image_in(err->image, dir->path, name);
		error_sys(err, errno, "cannot write");
	}
	if (close(fd) && ok)
		ok = error_sys(err, errno, "cannot close");
	return ok && !error_is(err);
}

static bool open_dir(const struct memory_write *w, struct output_dir *dir)
{
	return w->plain ? output_dir_open_plain(dir, w->dir, w->err) :
		output_dir_open(dir, w->dir, w->err);
}

static bool put_pages(struct memory_write *w, struct pages_rewrite *done)
{
	struct pages_options options = { .acceleration = 1 };
	struct output_dir dir;
	bool ok;

	options.block = copy_inventory_block(w->m->dir, w->err);
	if (error_is(w->err))
		return false;
	ok = open_dir(w, &dir) &&
	     write_pages(w, &dir, &options, done) &&
	     output_dir_commit(&dir, w->err);
	if (!ok)
		output_dir_abort(&dir);
	return ok;
}

static bool put_maps(struct memory_write *w, struct pages_rewrite *done)
{
	struct output_dir dir;
	bool ok = open_dir(w, &dir);

	for (size_t i = 0; ok && i < w->n_images; i++)
		ok = write_map(&dir, w->images[i].base, &done[i].map.out, w->err);
	ok = ok && output_dir_commit(&dir, w->err);
	if (!ok)
		output_dir_abort(&dir);
	return ok;
}

static void remove_pages(const struct memory_write *w, bool old)
{
	char name[NAME];

	for (size_t i = 0; i < w->n_images; i++)
		unlinkat(w->m->dir->fd, pages_name(name, old ?
			 w->images[i].old_id : w->images[i].new_id), 0);
}

bool memory_write_commit(struct memory_write *w)
{
	struct pages_rewrite *done;
	bool ok;

	if (!w->planned && !memory_write_plan(w))
		return false;
	if (!w->n)
		return true;
	if (w->in_place)
		return patch(w);
	done = alloc_zero(w->n_images * sizeof(*done));
	if (!done)
		return error_set(w->err, CRIT_ENOMEM, "out of memory");
	for (size_t i = 0; i < w->n_images; i++)
		spool_init(&done[i].map.out, w->err);
	ok = put_pages(w, done);
	if (ok) {
		ok = put_maps(w, done);
		remove_pages(w, ok);
	}
	for (size_t i = 0; i < w->n_images; i++)
		pages_rewrite_close(&done[i]);
	alloc_free(done);
	return ok;
}

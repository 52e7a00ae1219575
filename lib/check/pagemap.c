// SPDX-License-Identifier: MIT
/*
 * pagemap-*.img as a whole, against pages-N.img, statistics and segments. The
 * entries were judged as they passed: pages.c, pages_vma.c.
 */
#include "check/files.h"
#include "check/pages.h"
#include "check/rows_ns.h"
#include "check/tasks.h"

#include <string.h>

static const struct rule rules[] = {
	{ "pagemap-missing", ERROR, "a task has no pagemap" },
	{ "pagemap-unaligned", ERROR, "vaddr is not page aligned" },
	{ "pagemap-empty-entry", WARNING, "an entry of no pages" },
	{ "pagemap-huge-entry", ERROR, "an entry of more pages than there can "
		"be" },
	{ "pagemap-unsorted", ERROR, "entries are not in order" },
	{ "pagemap-overlap", ERROR, "two entries overlap" },
	{ "pagemap-flags", ERROR, "flags that exclude each other" },
	{ "pagemap-flags-unknown", WARNING, "unknown flags" },
	{ "pagemap-no-data", ERROR, "pages that are nowhere" },
	{ "pagemap-compat", WARNING, "two numbers of pages that differ" },
	{ "pagemap-vma", ERROR, "pages in no private mapping" },
	{ "pagemap-lazy-vma", WARNING, "lazy pages in a mapping that cannot be "
		"lazy" },
	{ "pagemap-lazy-only", ERROR, "pages that only a page server has" },
	{ "pagemap-blocks", ERROR, "compressed blocks that cannot be" },
	{ "pagemap-blocks-sum", ERROR, "the sizes of blocks do not add up" },
	{ "pages-missing", ERROR, "the image of the pages is missing" },
	{ "pages-size", ERROR, "the image of the pages is too short" },
	{ "pages-trailing", WARNING, "the image of the pages is too long" },
	{ "pages-id-shared", ERROR, "two pagemaps have one image of pages" },
	{ "pages-stats", NOTE, "not as many pages as stats-dump says" },
	{ "shmem-range", ERROR, "pages beyond the end of a segment" },
	{ 0 },
};

static const struct pagemap_sum *sum_at(const struct check *c, size_t i)
{
	const struct pagemap_sum *all = c->sums.p;

	return &all[i];
}

static const struct check_image *image_of(const struct check *c,
					  const struct pagemap_sum *s)
{
	return check_image_at(c, s->image);
}

static void judge_pages(struct check *c, const struct pagemap_sum *s)
{
	struct check_image *im = check_find(c, "pages-#.img", s->pages_id);

	check_use(c, "pages-#.img", s->pages_id);
	if (s->broken || !c->store)
		return;
	if (!im) {
		if (s->payload)
			check_say(c, "pages-missing", AT_IMAGE(image_of(c, s)),
				  "pages-{pages_id}.img is missing; it has "
				  "{pages} pages",
				  VALUES(s->pages_id, s->present));
		return;
	}
	if (!im->has_size)
		return;
	if (im->size < s->payload)
		check_say(c, "pages-size", AT_IMAGE(im), "{bytes} bytes, but "
			  "{-pagemap:s} needs {needed}", VALUES(im->size,
			  STRING(image_of(c, s)->name), s->payload));
	else if (im->size > s->payload)
		check_say_as(c, s->compressed ? ERROR : WARNING,
			     "pages-trailing", AT_IMAGE(im), "{bytes} bytes, "
			     "but {-pagemap:s} needs only {needed}",
			     VALUES(im->size, STRING(image_of(c, s)->name),
				    s->payload));
}

/* Of two with one image of pages: the second one tells. */
static void judge_shared(struct check *c, size_t i)
{
	const struct pagemap_sum *s = sum_at(c, i), *other;
	const struct pagemap_head *head = check_lookup(c,
		"pagemap_head.pages_id", s->pages_id);
	size_t k = 0;

	if (!s->has_head || !head || head->row.image == s->image)
		return;
	while (sum_at(c, k)->image != head->row.image && k < i)
		k++;
	other = sum_at(c, k);
	if (k == i || !s->present || !other->present)
		return;
	check_say_as(c, other->digest == s->digest ? WARNING : ERROR,
		     "pages-id-shared", AT_IMAGE(image_of(c, s)), "its pages "
		     "are in pages-{pages_id}.img, as are those of {-other:s}",
		     VALUES(s->pages_id, STRING(image_of(c, other)->name)));
}

static void judge_stats(struct check *c)
{
	const struct dump_stats *d = check_first(c, T_DUMP_STATS);
	uint64_t present = 0;

	for (size_t i = 0; i < c->sums.n; i++) {
		if (sum_at(c, i)->broken)
			return;
		if (sum_at(c, i)->task)
			present += sum_at(c, i)->present;
	}
	if (d && c->kind == DIR_FULL && d->pages_written != present)
		check_say(c, "pages-stats", AT_FIELD(d, "pages_written"),
			  "{pages_written}, but the pagemaps have {pages}: were "
			  "images changed, or mixed?",
			  VALUES(d->pages_written, present));
}

static uint64_t pages_up(uint64_t n)
{
	return n > UINT64_MAX - 4095 ? UINT64_MAX : (n + 4095) / 4096 * 4096;
}

/* Bytes of the segment of this number; 0: not known. */
static uint64_t segment_size(const struct check *c, uint64_t shmid)
{
	const struct memfd_inode *inode = check_lookup(c,
		"memfd_inode_entry.shmid", shmid);
	const struct vma *v = check_lookup(c, "vma_entry.shmid", shmid);
	uint64_t size = 0;

	if (inode)
		return pages_up(inode->size);
	for EACH(c, T_SHM, shm, s) {
		const struct ipc_desc *d = check_row(c, T_IPC_DESC, s->desc);

		if (d && d->id == shmid)
			return pages_up(s->size);
	}
	for (; v; v = check_lookup_next(c, "vma_entry.shmid", v))
		if (v->status & VMA_ANON_SHARED &&
		    v->pgoff + (v->end - v->start) > size)
			size = v->pgoff + (v->end - v->start);
	return size;
}

static void judge_segment(struct check *c, const struct pagemap_sum *s)
{
	uint64_t size = segment_size(c, s->number);

	if (size && s->end > size)
		check_say_entry(c, "shmem-range", s->image,
				(int64_t)s->end_entry, "", "ends at {end:x}, "
				"beyond the segment of {size:x} bytes",
				VALUES(s->end, size));
}

static void check(struct check *c)
{
	for EACH_TASK(c, t) {
		check_use(c, "pagemap-#.img", t->pid);
		if (t->live && !check_present(c, "pagemap-#.img", t->pid))
			check_say(c, "pagemap-missing", AT(t->entry),
				  "pagemap-{pid}.img is missing", VALUES(t->pid));
	}
	for (size_t i = 0; i < c->sums.n; i++) {
		const struct pagemap_sum *s = sum_at(c, i);

		judge_pages(c, s);
		judge_shared(c, i);
		if (!s->task)
			judge_segment(c, s);
	}
	judge_stats(c);
}

const struct area area_pagemap = { .rules = rules, .check = check };

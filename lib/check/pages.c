// SPDX-License-Identifier: MIT
/*
 *   pagemap entries ─► order, flags, blocks ─► mappings, parent ranges, sum
 */
#include "check/pages.h"
#include "check/tasks.h"
#include "base/alloc.h"

#include <string.h>

enum { COUNT_MAX_BITS = 40, BLOCK_MAX = 4 << 20 };

bool pages_make(struct check *c)
{
	c->pages = alloc_zero(sizeof(*c->pages));
	if (!c->pages)
		return error_set(c->err, CRIT_ENOMEM, "out of memory");
	spool_init(&c->pages->parent, c->err);
	return true;
}

void pages_free(struct check *c)
{
	if (!c->pages)
		return;
	spool_free(&c->pages->parent);
	alloc_free(c->pages->vmas.p);
	alloc_free(c->pages);
	alloc_free(c->sums.p);
}

static bool is_pagemap(const struct check *c)
{
	const struct check_image *im = check_image_at(c, c->image);

	return im && im->template && !strncmp(im->template, "pagemap-", 8);
}

void pages_begin(struct check *c)
{
	const struct check_image *im = check_image_at(c, c->image);
	struct pages *p = c->pages;

	if (!is_pagemap(c))
		return;
	memset(&p->sum, 0, sizeof(p->sum));
	p->sum.image = (uint32_t)c->image;
	p->sum.task = !strcmp(im->template, "pagemap-*.img");
	p->sum.number = im->number;
	p->first = true;
	p->unsorted = p->judged = false;
	p->last_start = p->last_end = 0;
	p->vma = 0;
	p->last_vma = SIZE_MAX;
	p->vmas.n = 0;
	p->pending = (struct page_range){ 0 };
	p->page_size = p->sum.task ? pages_page_size(c, im->number) : 4096;
	spool_reset(&p->parent);
	if (p->sum.task)
		pages_mappings(c, im->number);
}

static void flush(struct pages *p)
{
	if (p->pending.end)
		spool_put(&p->parent, &p->pending, sizeof(p->pending));
	p->pending = (struct page_range){ 0 };
}

static void keep_sum(struct check *c, bool broken)
{
	struct pages *p = c->pages;
	const struct pagemap_head *head = check_row(c, T_PAGEMAP_HEAD,
						    c->tables[T_PAGEMAP_HEAD].n);
	struct pagemap_sum *sum;

	if (head && head->row.image == c->image) {
		p->sum.has_head = true;
		p->sum.pages_id = head->pages_id;
	}
	p->sum.broken = broken;
	sum = check_more(c, &c->sums, sizeof(*sum));
	if (sum)
		*sum = p->sum;
}

void pages_end(struct check *c)
{
	struct pages *p = c->pages;

	if (!is_pagemap(c))
		return;
	flush(p);
	keep_sum(c, false);
	if (spool_size(&p->parent) && !p->unsorted)
		pages_in_parents(c, check_image_at(c, c->image)->name);
}

void pages_lost(struct check *c)
{
	if (is_pagemap(c))
		keep_sum(c, true);
}

static void say(struct check *c, const char *rule, const char *path,
		const char *text, const uint64_t *values)
{
	check_say_entry(c, rule, c->image, (int64_t)c->entry, path, text, values);
}

static void judge_flags(struct check *c, uint64_t flags)
{
	if (flags & PE_PRESENT && flags & PE_PARENT)
		say(c, "pagemap-flags", "flags", "{flags:x} says both that the "
		    "pages are here and that they are in the parent",
		    VALUES(flags));
	if (flags & PE_ALIGNED && !(flags & PE_PRESENT))
		say(c, "pagemap-flags", "flags", "{flags:x} says that the payload "
		    "is aligned, but there is none", VALUES(flags));
	if (flags & ~UINT64_C(15))
		say(c, "pagemap-flags-unknown", "flags", "{flags:x} has unknown "
		    "bits", VALUES(flags));
	if (!(flags & (PE_PRESENT | PE_PARENT | PE_LAZY)))
		say(c, "pagemap-no-data", "flags", "{flags:x}: the pages are "
		    "neither here, nor in the parent, nor with a page server",
		    VALUES(flags));
	if ((flags & 7) == PE_LAZY && !check_allows(c, "lazy-pages"))
		say(c, "pagemap-lazy-only", "flags", "the pages are with a page "
		    "server: restore needs --lazy-pages", NULL);
}

static void judge_blocks(struct check *c, const struct blocks *b, uint64_t pages,
			 uint64_t flags)
{
	uint64_t block = b->pages_per_block * c->pages->page_size, sum = 0;
	uint32_t n = span_n(b->block_sizes);

	if (!(flags & PE_PRESENT))
		say(c, "pagemap-blocks", "blocks", "blocks of pages that are not "
		    "here", NULL);
	if (!b->pages_per_block) {
		say(c, "pagemap-blocks", "blocks.pages_per_block", "is 0", NULL);
		return;
	}
	if (n != (pages + b->pages_per_block - 1) / b->pages_per_block)
		say(c, "pagemap-blocks", "blocks.block_sizes", "{pages} pages, "
		    "{pages_per_block} in a block, but {blocks} blocks",
		    VALUES(pages, b->pages_per_block, n));
	for (uint32_t i = 0; i < n; i++) {
		uint64_t size = check_number(c, b->block_sizes, i);

		sum += size;
		if (size > block)
			say(c, "pagemap-blocks", "blocks.block_sizes", "block "
			    "{block} has {size} bytes, more than the {unpacked} "
			    "that it holds", VALUES(i, size, block));
	}
	if (sum != b->total_payload_size)
		say(c, "pagemap-blocks-sum", "blocks.total_payload_size",
		    "is {total}, but the blocks have {sum} bytes",
		    VALUES(b->total_payload_size, sum));
}

static void add_payload(struct check *c, const struct pagemap_row *e,
			const struct page_range *r, uint64_t pages,
			uint64_t flags)
{
	const struct blocks *b = check_row(c, T_BLOCKS, e->blocks);
	struct pagemap_sum *s = &c->pages->sum;
	uint64_t page = c->pages->page_size;

	s->compressed |= b != NULL || flags & PE_ALIGNED;
	if (flags & PE_ALIGNED)
		s->payload = (s->payload + page - 1) / page * page;
	s->payload += b ? b->total_payload_size : r->end - r->start;
	s->present += pages;
}

static void judge_order(struct check *c, const struct page_range *r)
{
	struct pages *p = c->pages;

	if (p->first)
		return;
	if (r->start < p->last_start)
		p->unsorted = true;
	if (r->start < p->last_end && r->end > p->last_start)
		say(c, "pagemap-overlap", "vaddr", "{vaddr:x} lies in the entry "
		    "before, which has {from:x}-{to:x}",
		    VALUES(r->start, p->last_start, p->last_end));
	else if (r->start < p->last_start && !p->judged)
		say(c, "pagemap-unsorted", "vaddr", "{vaddr:x} comes after "
		    "{before:x}", VALUES(r->start, p->last_start));
}

static void add_parent(struct pages *p, const struct page_range *r)
{
	if (p->pending.end && p->pending.end == r->start) {
		p->pending.end = r->end;
		return;
	}
	flush(p);
	p->pending = *r;
}

static void mix(uint64_t *digest, uint64_t v)
{
	*digest = (*digest ^ v) * UINT64_C(0x9e3779b97f4a7c15);
	*digest ^= *digest >> 29;
}

static uint64_t flags_of(const struct pagemap_row *e)
{
	uint64_t flags = e->flags;

	if (e->in_parent)
		flags |= PE_PARENT;
	else if (!HAS(e, pagemap_row, flags) && !e->in_parent)
		flags = PE_PRESENT;
	return flags;
}

/* False: there is no range to be looked at. */
static bool judge_range(struct check *c, const struct pagemap_row *e,
			uint64_t pages, struct page_range *r)
{
	uint64_t page = c->pages->page_size;

	if (HAS(e, pagemap_row, nr_pages) && e->compat_nr_pages &&
	    e->compat_nr_pages != e->nr_pages)
		say(c, "pagemap-compat", "compat_nr_pages", "is {compat}, but "
		    "nr_pages is {pages}", VALUES(e->compat_nr_pages, e->nr_pages));
	if (!pages) {
		say(c, "pagemap-empty-entry", "", "an entry of no pages at "
		    "{vaddr:x}", VALUES(e->vaddr));
		return false;
	}
	if (pages >> COUNT_MAX_BITS || pages > (UINT64_MAX - e->vaddr) / page) {
		say(c, "pagemap-huge-entry", "", "{pages} pages at {vaddr:x}",
		    VALUES(pages, e->vaddr));
		return false;
	}
	if (e->vaddr % page)
		say(c, "pagemap-unaligned", "vaddr", "{vaddr:x} is no multiple of "
		    "{page}", VALUES(e->vaddr, page));
	*r = (struct page_range){ e->vaddr, e->vaddr + pages * page, c->entry };
	return true;
}

static void judge_entry(struct check *c, const struct pagemap_row *e)
{
	uint64_t pages = HAS(e, pagemap_row, nr_pages) ? e->nr_pages :
		e->compat_nr_pages;
	const struct blocks *b = check_row(c, T_BLOCKS, e->blocks);
	uint64_t flags = flags_of(e);
	struct pages *p = c->pages;
	struct page_range r;

	mix(&p->sum.digest, e->vaddr);
	mix(&p->sum.digest, pages);
	mix(&p->sum.digest, flags);
	p->sum.entries++;
	p->sum.new_count |= HAS(e, pagemap_row, nr_pages);
	judge_flags(c, flags);
	if (b)
		judge_blocks(c, b, pages, flags);
	if (!judge_range(c, e, pages, &r))
		return;
	judge_order(c, &r);
	if (flags & PE_PRESENT)
		add_payload(c, e, &r, pages, flags);
	else if (flags & PE_PARENT && !(e->vaddr % p->page_size))
		add_parent(p, &r);
	if (p->judged && !(e->vaddr % p->page_size))
		pages_in_mappings(c, &r, flags);
	if (r.end > p->sum.end) {
		p->sum.end = r.end;
		p->sum.end_entry = c->entry;
	}
	p->last_start = r.start;
	p->last_end = r.end;
	p->first = false;
}

/* Nothing of an entry is kept. */
void check_pagemap_entry(struct check *c, void *row)
{
	const struct pagemap_row *e = row;
	const struct blocks *b = check_row(c, T_BLOCKS, e->blocks);

	judge_entry(c, e);
	if (b && b->block_sizes)
		c->numbers.n = span_at(b->block_sizes);
	c->tables[T_PAGEMAP].n = 0;
	c->tables[T_BLOCKS].n = 0;
}

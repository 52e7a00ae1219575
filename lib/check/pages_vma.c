// SPDX-License-Identifier: MIT
/*
 *   mappings of a task, sorted ─► cursor ─► pages that lie in none, or in one
 *                                           that has no pages of its own
 */
#include "check/pages.h"
#include "check/tasks.h"
#include "base/alloc.h"

#include <stdlib.h>

enum { AT_PAGE_SIZE = 6 };

uint64_t pages_page_size(const struct check *c, uint64_t pid)
{
	const struct mm *mm = check_of_image(c, T_MM, "mm-#.img", pid);
	uint32_t n = mm ? span_n(mm->mm_saved_auxv) : 0;

	for (uint32_t i = 0; i + 1 < n; i += 2) {
		uint64_t v = check_number(c, mm->mm_saved_auxv, i + 1);

		if (check_number(c, mm->mm_saved_auxv, i) == AT_PAGE_SIZE &&
		    v >= 4096 && v <= 1 << 20 && !(v & (v - 1)))
			return v;
	}
	return 4096;
}

static int compare(const void *a, const void *b)
{
	const struct page_vma *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return 0;
}

static bool can_be_lazy(const struct vma *v)
{
	enum {
		LAZY = VMA_MAP_PRIVATE | VMA_MAP_ANON,
		NEVER = VMA_MAP_LOCKED | VMA_MAP_HUGETLB,
		SPECIAL = VMA_VDSO | VMA_VVAR | VMA_VSYSCALL,
	};

	return (v->flags & (LAZY | NEVER)) == LAZY && !(v->status & SPECIAL);
}

void pages_mappings(struct check *c, uint64_t pid)
{
	struct pages *p = c->pages;
	struct vma *v;
	uint32_t n;

	v = tasks_vmas(c, pid, &n);
	if (!v)
		return;
	p->judged = true;
	for (uint32_t i = 0; i < n; i++, v++) {
		struct page_vma *to;

		if (v->status & VMA_GUARD)
			continue;
		to = check_more(c, &p->vmas, sizeof(*to));
		if (!to)
			return;
		*to = (struct page_vma){ v->start, v->end,
			vma_is_private(v), can_be_lazy(v) };
	}
	if (p->vmas.n)
		qsort(p->vmas.p, p->vmas.n, sizeof(struct page_vma), compare);
}

/* The first mapping that ends after this address. */
static size_t seek(struct pages *p, uint64_t start)
{
	const struct page_vma *v = p->vmas.p;
	size_t from = 0, to = p->vmas.n;

	if (p->vma < p->vmas.n && v[p->vma].end > start &&
	    (!p->vma || v[p->vma - 1].end <= start))
		return p->vma;
	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (v[mid].end > start)
			to = mid;
		else
			from = mid + 1;
	}
	return from;
}

static void say(struct check *c, const char *rule, uint64_t page,
		const struct page_vma *v, const char *text)
{
	check_say_entry(c, rule, c->image, (int64_t)c->entry, "vaddr", text,
			VALUES(page, c->pages->sum.number, v ? v->start : 0,
			       v ? v->end : 0));
}

/* Within one mapping CRIU reads the right bytes whatever the order. */
static void judge_order(struct check *c, const struct page_range *r, size_t i)
{
	struct pages *p = c->pages;

	if (!p->first && r->start < p->last_start && r->end <= p->last_start)
		check_say_entry_as(c, i == p->last_vma ? WARNING : ERROR,
				   "pagemap-unsorted", c->image,
				   (int64_t)c->entry, "vaddr",
				   "{vaddr:x} comes after {before:x}",
				   VALUES(r->start, p->last_start));
	p->last_vma = i;
}

void pages_in_mappings(struct check *c, const struct page_range *r,
		       uint64_t flags)
{
	struct pages *p = c->pages;
	const struct page_vma *v = p->vmas.p;
	uint64_t at = r->start;
	size_t i = seek(p, at);

	judge_order(c, r, i);
	for (; at < r->end; i++) {
		if (i == p->vmas.n || v[i].start > at) {
			say(c, "pagemap-vma", at, NULL, "the page at {page:x} "
			    "lies in no mapping of mm-{pid}.img");
			return;
		}
		p->vma = i;
		if (!v[i].private) {
			say(c, "pagemap-vma", at, &v[i], "the page at {page:x} "
			    "lies in a mapping of mm-{pid}.img that is not "
			    "private: {start:x}-{end:x}");
			return;
		}
		if (flags & PE_LAZY && !v[i].lazy) {
			say(c, "pagemap-lazy-vma", at, &v[i], "the page at "
			    "{page:x} cannot be loaded lazily: mapping of "
			    "mm-{pid}.img at {start:x}-{end:x}");
			flags &= ~(uint64_t)PE_LAZY;
		}
		at = v[i].end;
	}
}

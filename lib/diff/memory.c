// SPDX-License-Identifier: MIT
/*
 *   mappings of A and of B, by address ─► addresses of both ─► runs ─► compare.c
 *                                                                └─► sums, ranges
 *
 * The mappings that only one has are told as mappings, not as memory.
 */
#include "diff/memory.h"

#include <inttypes.h>
#include <string.h>

static void tell_range(struct memories *s)
{
	if (s->from < s->to && s->d->pages)
		print_range(s->d, &s->sum, s->from, s->to, s->page, s->change);
	s->from = s->to = 0;
}

void memories_pages(struct memories *s, uint64_t addr, uint64_t end,
		    enum change_kind c)
{
	s->sum.pages[c] += (end - addr + s->page - 1) / s->page;
	if (addr != s->to || c != s->change || s->d->hex) {
		tell_range(s);
		s->from = addr;
		s->change = c;
	}
	s->to = end;
	if (s->d->hex)
		tell_range(s);
}

static void tell(struct memories *s)
{
	tell_range(s);
	if (s->sum.pages[CHANGED] || s->sum.pages[GONE] ||
	    s->sum.pages[APPEARED])
		print_memory(s->d, &s->sum);
}

static bool has_pages(const struct run *r)
{
	return r->kind >= RUN_ZERO;
}

/* Of pages that a page server has, nothing is known. */
static bool pair_of(struct memories *s, const struct run *a,
		    const struct run *b, uint64_t addr, uint64_t end)
{
	if (has_pages(a) && has_pages(b))
		return compare_runs(s, a, b, addr, end);
	if (a->kind == RUN_LAZY || b->kind == RUN_LAZY)
		return true;
	if (has_pages(a))
		return compare_lone(s, 0, a, addr, end);
	return !has_pages(b) || compare_lone(s, 1, b, addr, end);
}

static bool run_at(struct memories *s, int side, const struct vma *v,
		   uint64_t addr, struct run *run)
{
	s->d->side = side;
	return memory_vma_run(s->m[side], v, addr, run);
}

static bool walk(struct memories *s, const struct vma *a, const struct vma *b,
		 uint64_t addr, uint64_t end)
{
	struct run x = { .end = 0 }, y = { .end = 0 };
	uint64_t to;

	for (; addr < end; addr = to) {
		if (x.end <= addr && !run_at(s, 0, a, addr, &x))
			return false;
		if (y.end <= addr && !run_at(s, 1, b, addr, &y))
			return false;
		to = x.end < y.end ? x.end : y.end;
		to = to < end ? to : end;
		if (to <= addr)
			return true;
		if (!pair_of(s, &x, &y, addr, to))
			return false;
	}
	return true;
}

/* Whether the segment's bytes were compared before. */
static bool is_seen(struct all_memory *all, struct memories *s,
		    const struct vma *a, const struct vma *b, uint64_t addr,
		    uint64_t end)
{
	struct segment_seen one = { .size = end - addr }, *p = all->seen.p;

	if (!vma_is_shared(a) || !vma_is_shared(b) ||
	    !memory_segment(s->m[0], a, &one.id[0]) ||
	    !memory_segment(s->m[1], b, &one.id[1]))
		return false;
	one.offset[0] = addr - a->start + a->pgoff;
	one.offset[1] = addr - b->start + b->pgoff;
	for (size_t i = 0; i < all->seen.n; i++)
		if (!memcmp(&p[i], &one, sizeof(one)))
			return true;
	p = list_more(&all->seen, sizeof(*p), all->d->err);
	if (p)
		*p = one;
	return false;
}

/* Addresses that are mapped in both. */
static bool overlap(struct all_memory *all, struct memories *s,
		    const struct vma *a, const struct vma *b)
{
	uint64_t addr = a->start > b->start ? a->start : b->start;
	uint64_t end = a->end < b->end ? a->end : b->end;

	if (is_seen(all, s, a, b, addr, end))
		return true;
	s->zeros = !vma_is_shared(a) && !vma_is_shared(b) && !vma_is_file(a) &&
		   !vma_is_file(b) && !(b->status & VMA_UNKNOWN);
	return walk(s, a, b, addr, end);
}

/* Addresses of a mapping that grew or shrank: what it has there. */
static bool rest(struct memories *s, int side, const struct vma *v,
		 uint64_t addr, uint64_t end)
{
	struct run run = { .end = 0 };

	for (; addr < end; addr = run.end) {
		if (!run_at(s, side, v, addr, &run))
			return false;
		run.end = run.end < end ? run.end : end;
		if (run.end <= addr)
			break;
		if (has_pages(&run))
			memories_pages(s, addr, run.end, side ? APPEARED : GONE);
	}
	return true;
}

static bool get(struct memory *m, uint64_t i, struct vma *v)
{
	const struct vma *at = i < m->vmas.n ? mappings_get(&m->vmas, i) : NULL;

	*v = (struct vma){ .start = UINT64_MAX, .end = UINT64_MAX };
	if (at)
		*v = *at;
	return at || i >= m->vmas.n;
}

static void begin(struct memories *s, int side, const struct vma *v, char *buf,
		  size_t size)
{
	memset(&s->sum, 0, sizeof(s->sum));
	s->sum.pid = s->m[side]->pid;
	s->sum.start = v->start;
	s->sum.end = v->end;
	s->sum.what = memory_what(s->m[side], v, buf, size);
}

/* A mapping of B, against all that A has at its addresses. */
static bool mapping(struct all_memory *all, struct memories *s,
		    const struct vma *b, uint64_t *i)
{
	char what[128];
	struct vma a;

	begin(s, 1, b, what, sizeof(what));
	for (;; ++*i) {
		if (!get(s->m[0], *i, &a))
			return false;
		if (a.start >= b->end)
			break;
		if (a.end > b->start && !overlap(all, s, &a, b))
			return false;
		if (a.start == b->start && a.end < b->end &&
		    !rest(s, 1, b, a.end, b->end))
			return false;
		if (a.start == b->start && a.end > b->end &&
		    !rest(s, 0, &a, b->end, a.end))
			return false;
		if (a.end > b->end)
			break;
	}
	tell(s);
	return true;
}

bool memory_compare(struct all_memory *all, struct memory *a, struct memory *b)
{
	struct memories s = {
		.d = all->d, .m = { a, b }, .page = b->page_size,
		.buf = { all->buf[0], all->buf[1] }, .size = COMPARE_PIECE,
	};
	struct vma v;

	if (a->page_size != b->page_size || s.page > s.size)
		return error_set(all->d->err, CRIT_EDATA, "the pages of task %"
				 PRIu32 " have other sizes", a->pid);
	for (uint64_t i = 0, k = 0; k < b->vmas.n; k++)
		if (!get(b, k, &v) || !mapping(all, &s, &v, &i))
			return false;
	if (s.nowhere && !all->nowhere++)
		all->first = a->pid;
	all->d->side = 0;
	if (!memory_finish(a))
		return false;
	all->d->side = 1;
	return memory_finish(b);
}

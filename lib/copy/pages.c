// SPDX-License-Identifier: MIT
#include "copy/pages_parts.h"
#include "copy/huge.h"
#include "memory/layer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What the mapping at an address allows, as far as it goes. */
struct area {
	uint64_t end;
	bool raw;		/* pages are never packed */
	bool zeros;		/* untouched memory reads as zeros */
};

static bool area_at(const struct pages_rewrite *r, uint64_t addr,
		    struct area *a)
{
	const struct vma *v;
	uint64_t i;

	*a = (struct area){ .end = UINT64_MAX, .raw = r->raw };
	if (!r->mappings)
		return true;
	i = mappings_find(r->mappings, addr);
	v = i < r->mappings->n ? mappings_get(r->mappings, i) : NULL;
	if (error_is(r->err))
		return false;
	if (!v)
		return true;
	a->end = v->start > addr ? v->start : v->end;
	if (v->start > addr)
		return true;
	a->raw = v->flags & VMA_MAP_HUGETLB || v->status & VMA_EXT_PLUGIN;
	a->zeros = !a->raw && !vma_is_shared(v) && !vma_is_file(v) &&
		   !(v->status & (VMA_VDSO | VMA_VVAR | VMA_VSYSCALL |
				  VMA_AIORING | VMA_SOCKET));
	return true;
}

static bool page_is_zero(const uint8_t *p, size_t n)
{
	return !p[0] && !memcmp(p, p + 1, n - 1);
}

/* Stores from..to of a run. */
static bool store_part(struct rewriting *w, const struct run *run,
		       uint64_t from, uint64_t to, uint32_t flags, bool raw)
{
	struct run part = *run;

	if (run->kind == RUN_RAW)
		part.at += from - run->start;
	part.start = from;
	part.end = to;
	return from == to || pages_store(w, &part, flags, raw);
}

/* Bytes of a run from addr on that are a hole of its file: whole pages. */
static uint64_t hole_at(struct rewriting *w, const struct run *run,
			uint64_t addr)
{
	uint64_t hole, data;

	if (run->kind != RUN_RAW || !pages_file(run))
		return 0;
	blob_next_known(&w->known, run->blob, run->at + (addr - run->start),
			run->end - addr, &hole, &data);
	return hole & ~(w->r->page_size - 1);
}

/* The same without the pages of zeros in it. */
static bool store_nonzero(struct rewriting *w, const struct run *run,
			  uint32_t flags)
{
	enum { CHUNK = 64 << 10 };
	size_t page = (size_t)w->r->page_size, most = CHUNK;
	uint64_t from = run->start, addr = from;
	uint8_t *buf = w->r->to->buf;

	if (run->kind == RUN_ZERO) {
		w->r->counts.dropped += (run->end - run->start) / page;
		return true;
	}
	if (page > CHUNK)
		return store_part(w, run, run->start, run->end, flags, false);
	while (addr < run->end) {
		size_t n = run->end - addr < most ? (size_t)(run->end - addr) :
			most;
		uint64_t hole = hole_at(w, run, addr);

		if (hole && !store_part(w, run, from, addr, flags, false))
			return false;
		if (hole) {
			w->r->counts.dropped += hole / page;
			from = addr += hole;
			continue;
		}
		if (!blob_copy_flush(w->r->to))
			return false;
		for (size_t got = 0, k; got < n; got += k) {
			k = pages_read(&w->pages, run, addr + got, buf + got,
				       n - got);
			if (!k)
				return false;
		}
		for (size_t at = 0; at < n; at += page) {
			if (!page_is_zero(buf + at, page))
				continue;
			w->r->counts.dropped++;
			if (!store_part(w, run, from, addr + at, flags, false))
				return false;
			/* what was stored may have used the buffer */
			if (from < addr + at) {
				from = addr + at + page;
				n = at + page;
				break;
			}
			from = addr + at + page;
		}
		addr += n;
	}
	return store_part(w, run, from, run->end, flags, false);
}

/* Pages with known bytes, mapping by mapping. */
static bool store_run(struct rewriting *w, const struct run *run,
		      uint32_t flags)
{
	struct area a;
	bool ok = true;

	for (uint64_t addr = run->start; ok && addr < run->end; ) {
		uint64_t end;
		struct run part = *run;

		if (!area_at(w->r, addr, &a))
			return false;
		end = a.end < run->end ? a.end : run->end;
		if (run->kind == RUN_RAW)
			part.at += addr - run->start;
		part.start = addr;
		part.end = end;
		ok = w->r->options->drop_zero && a.zeros ?
			store_nonzero(w, &part, flags) :
			store_part(w, &part, addr, end, flags, a.raw);
		addr = end;
	}
	return ok;
}

/* Copies pages that a parent holds, with these flags. */
static bool flatten(struct rewriting *w, uint64_t start, uint64_t end,
		    uint32_t flags)
{
	struct run run;

	for (uint64_t addr = start; addr < end; addr = run.end) {
		if (!pages_run(&w->pages, addr, &run))
			return false;
		if (run.end > end)
			run.end = end;
		if (run.kind == RUN_LAZY ?
		    !pages_mark(w, run.start, run.end, PAGEMAP_LAZY) :
		    !store_run(w, &run, flags))
			return false;
	}
	return true;
}

/* A page of the overlay. What is said of it beside PRESENT stays. */
static bool put_over(struct rewriting *w, uint64_t addr, uint64_t *end)
{
	const struct pages_overlay *over = w->r->over;
	struct pages_layer *top = w->pages.top;
	struct run run = {
		.start = addr, .end = addr + w->r->page_size, .kind = RUN_RAW,
		.blob = over->blob, .file = "what is written",
		.at = over->pages[w->over++].at,
	};
	uint32_t lazy = 0;
	struct area a;

	if (!layer_seek(top, addr) || !area_at(w->r, addr, &a))
		return false;
	if (top->entry && top->entry->start <= addr)
		lazy = (uint32_t)top->entry->flags & PAGEMAP_LAZY;
	*end = run.end;
	return pages_store(w, &run, lazy, a.raw);
}

/* The run at addr, and all of it to the right place. */
static bool next(struct rewriting *w, uint64_t addr, uint64_t *end)
{
	struct pages_layer *top = w->pages.top;
	struct pages_counts *c = &w->r->counts;
	uint64_t until = UINT64_MAX;
	uint32_t lazy = 0;
	struct run run;
	bool parent;

	if (w->r->over && w->over < w->r->over->n)
		until = w->r->over->pages[w->over].addr;
	if (addr == until)
		return put_over(w, addr, end);
	if (!layer_run(top, addr, &run, &parent))
		return false;
	/* entries of the source stay apart, also where they touch */
	if (top->entry && top->entry->start == addr && !pages_entry_end(w))
		return false;
	if (run.end > until)
		run.end = until;
	*end = run.end;
	if (run.kind == RUN_NONE && !parent)
		return true;
	if (top->entry)
		lazy = (uint32_t)top->entry->flags & PAGEMAP_LAZY;
	if (parent && w->r->options->flatten)
		return flatten(w, run.start, run.end, lazy);
	if (parent) {
		c->in_parent += (run.end - run.start) / w->r->page_size;
		return pages_mark(w, run.start, run.end, PAGEMAP_PARENT | lazy);
	}
	if (run.kind == RUN_LAZY)
		return pages_mark(w, run.start, run.end, PAGEMAP_LAZY);
	c->before += run.kind == RUN_PACKED && run.start == run.block ? run.size :
		run.kind == RUN_RAW ? run.end - run.start : 0;
	c->packed_before |= run.kind != RUN_RAW;
	return store_run(w, &run, lazy);
}

static bool walk(struct rewriting *w)
{
	uint64_t addr = 0, end;

	for (; addr != UINT64_MAX; addr = end)
		if (!next(w, addr, &end))
			return false;
	return pages_entry_end(w);
}

bool pages_rewrite(struct pages_rewrite *r)
{
	struct rewriting w = { .r = r };
	bool ok;

	memset(&r->map, 0, sizeof(r->map));
	spool_init(&r->map.out, r->err);
	memset(&r->counts, 0, sizeof(r->counts));
	if (!pages_open(&w.pages, r->store, r->base, r->page_size, &w.pool,
			r->err))
		return false;
	if (pages_none(&w.pages)) {
		snprintf(r->err->image, sizeof(r->err->image), "%s.img", r->base);
		error_set(r->err, CRIT_EDATA, "no such image");
		pages_close(&w.pages);
		return false;
	}
	/* the first entry tells how this CRIU counts pages */
	ok = layer_seek(w.pages.top, 0) &&
	     pagemap_write_open(&r->map, &w.pages.top->map, r->new_id ?
				r->new_id : w.pages.top->map.pages_id, r->err);
	r->pages_id = w.pages.top->map.pages_id;
	ok = ok && pages_store_open(&w) && walk(&w) &&
	     (!r->to || blob_copy_flush(r->to));
	pages_store_close(&w);
	pages_close(&w.pages);
	return ok;
}

void pages_rewrite_close(struct pages_rewrite *r)
{
	pagemap_write_close(&r->map);
}

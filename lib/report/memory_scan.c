// SPDX-License-Identifier: MIT
/*
 *   stored pages of a mapping ─► zeros: counted ─► others: hashes ─► equal ones
 */
#include "report/memory_sizes.h"
#include "base/alloc.h"
#include "codec/page_hash.h"
#include "codec/fnv.h"

enum { BUFFER = (256 << 10) / CRIT_SCALE };

static bool begin(struct memory_sizes *s)
{
	if (s->page)
		return true;
	s->page = alloc(BUFFER);
	if (!s->page)
		return error_set(s->err, CRIT_ENOMEM, "out of memory");
	return !s->count_equal || same_pages_open(&s->same, s->err);
}

/* Where a page is stored: the same one may be met in several tasks. */
static uint64_t place(const struct run *run, uint64_t addr)
{
	uint64_t h = fnv_text(run->file);

	if (run->kind == RUN_RAW)
		return h + run->at + (addr - run->start);
	return h + (run->at << 24) + (addr - run->block);
}

static bool count_page(struct memory_sizes *s, const struct run *run,
		       uint64_t addr, const uint8_t *p, size_t size, size_t row)
{
	bool zero = page_is_zero(p, size);

	s->rows[row].zero_pages += zero;
	if (zero || !s->count_equal)
		return true;
	return same_pages_add(&s->same, (struct same_page){
		page_hash(p, size), place(run, addr), row,
	});
}

static bool scan_run(struct memory_sizes *s, struct memory *m,
		     const struct run *run, size_t row)
{
	size_t page = (size_t)m->page_size, n, k;

	for (uint64_t addr = run->start; addr < run->end; addr += n) {
		n = run->end - addr < BUFFER ? (size_t)(run->end - addr) : BUFFER;
		n = memory_read(m, run, addr, s->page, n);
		if (!n)
			return false;
		for (k = 0; k + page <= n; k += page)
			if (!count_page(s, run, addr + k, s->page + k, page, row))
				return false;
		/* a part of a page is read again, with the rest */
		if (k && k < n)
			n = k;
	}
	return true;
}

bool memory_scan(struct memory_sizes *s, struct memory *m, const struct vma *a,
		 size_t row)
{
	struct run run;

	if (!s->count_zero && !s->count_equal)
		return true;
	if (!begin(s))
		return false;
	for (uint64_t addr = a->start; addr < a->end; addr = run.end) {
		if (!memory_vma_run(m, a, addr, &run))
			return false;
		if (!run.depth && run.kind >= RUN_RAW && !scan_run(s, m, &run, row))
			return false;
	}
	return true;
}

static void count_equal(void *ctx, uint64_t row)
{
	struct memory_sizes *s = ctx;

	s->rows[row].equal_pages++;
}

bool memory_scan_end(struct memory_sizes *s)
{
	return !s->page || !s->count_equal ||
	       same_pages_count(&s->same, count_equal, s);
}

void memory_scan_free(struct memory_sizes *s)
{
	alloc_free(s->page);
	same_pages_close(&s->same);
}

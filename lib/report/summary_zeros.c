// SPDX-License-Identifier: MIT
/*
 *   pagemap entries ─► runs of pages ─► bytes ─► how many pages are all zeros
 *
 * Only pages that the checkpoint's own pages images store: what a pagemap says to
 * be zeros is counted elsewhere.
 */
#include "base/alloc.h"
#include "memory/pages.h"
#include "report/summary_data.h"

#include <stdio.h>
#include <string.h>

enum { ZEROS_BUFFER = 64 << 10 };

static bool is_zero(const uint8_t *p, size_t n)
{
	return !p[0] && !memcmp(p, p + 1, n - 1);
}

static bool stored(const struct run *run)
{
	return !run->depth && (run->kind == RUN_RAW || run->kind == RUN_PACKED);
}

/* A run, a buffer of whole pages after another. */
static bool count_run(struct summary *s, struct pages *p, const struct run *run,
		      uint8_t *buf)
{
	size_t page = (size_t)p->page_size;

	for (uint64_t addr = run->start, n; addr < run->end; addr += n) {
		n = run->end - addr < ZEROS_BUFFER ? run->end - addr : ZEROS_BUFFER;
		for (size_t got = 0, k; got < n; got += k) {
			k = pages_read(p, run, addr + got, buf + got,
				       (size_t)n - got);
			if (!k)
				return false;
		}
		for (size_t at = 0; at + page <= n; at += page)
			s->stored_zero += is_zero(buf + at, page) ? page : 0;
	}
	return true;
}

static bool count_entry(struct summary *s, struct pages *p,
			const struct pagemap_entry *e, uint8_t *buf)
{
	struct run run;

	for (uint64_t addr = e->start; addr < e->end; addr = run.end) {
		if (!pages_run(p, addr, &run))
			return false;
		if (run.end > e->end)
			run.end = e->end;
		if (stored(&run) && !(pages_file(&run) &&
				      count_run(s, p, &run, buf)))
			return false;
	}
	return true;
}

static bool count_pagemap(struct summary *s, struct pages *p, const char *name,
			  uint8_t *buf)
{
	struct pagemap map;
	bool absent, ok = true;
	int r = -1;

	if (pagemap_open(&map, s->dir, name, p->page_size, &absent, &s->err))
		while (ok && (r = pagemap_next(&map)) > 0)
			if (map.entry.flags & PAGEMAP_PRESENT)
				ok = count_entry(s, p, &map.entry, buf);
	pagemap_close(&map);
	return ok && !r;
}

bool summary_zeros(struct summary *s, const char *name, uint64_t page_size)
{
	uint8_t *buf = page_size <= ZEROS_BUFFER ? alloc(ZEROS_BUFFER) : NULL;
	struct pages_pool pool = { 0 };
	struct pages pages = { 0 };
	char base[64];
	bool ok;

	if (!buf)
		return error_set(&s->err, CRIT_ENOMEM, "out of memory");
	/* pagemap-12.img */
	snprintf(base, sizeof(base), "%.*s", (int)strlen(name) - 4, name);
	ok = pages_open(&pages, s->dir, base, page_size, &pool, &s->err) &&
	     count_pagemap(s, &pages, name, buf);
	pages_close(&pages);
	alloc_free(buf);
	return ok;
}

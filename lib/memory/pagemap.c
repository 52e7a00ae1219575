// SPDX-License-Identifier: MIT
#include "memory/pagemap_entry.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void place(struct pagemap *p, uint64_t index)
{
	snprintf(p->err->image, sizeof(p->err->image), "%s", p->name);
	p->err->entry = (int64_t)index;
}

bool pagemap_bad(struct pagemap *p, const char *fmt, ...)
{
	va_list ap;
	char text[200];

	if (error_is(p->err))
		return false;
	place(p, p->index);
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return error_set(p->err, CRIT_EDATA, "%s", text);
}

/* What the message says, checked. */

static bool has(const struct pagemap *p, int slot)
{
	return p->plan.seen >> slot & 1;
}

static uint64_t value(const struct pagemap *p, int slot)
{
	return has(p, slot) ? p->plan.value[slot] : 0;
}

static bool take_range(struct pagemap *p)
{
	struct pagemap_entry *e = &p->entry;
	uint64_t vaddr = value(p, PAGEMAP_VADDR);
	uint64_t n = value(p, has(p, PAGEMAP_NR_PAGES) ? PAGEMAP_NR_PAGES :
			   PAGEMAP_COMPAT);

	if (!has(p, PAGEMAP_VADDR))
		return pagemap_bad(p, "has no vaddr");
	if (vaddr & (p->page_size - 1))
		return pagemap_bad(p, "address 0x%" PRIx64 " is not at a boundary "
				   "of pages of %" PRIu64 " bytes", vaddr,
				   p->page_size);
	if (n > (UINT64_MAX - vaddr) >> p->page_shift)
		return pagemap_bad(p, "%" PRIu64 " pages at 0x%" PRIx64 " run past "
				   "the end of memory", n, vaddr);
	if (vaddr < p->last_start)
		return pagemap_bad(p, "address 0x%" PRIx64 " comes after 0x%" PRIx64
				   ": entries are not sorted", vaddr,
				   p->last_start);
	if (vaddr < p->from)
		return pagemap_bad(p, "address 0x%" PRIx64 " overlaps the entry "
				   "before, which ends at 0x%" PRIx64, vaddr,
				   p->from);
	e->start = vaddr;
	e->end = vaddr + (n << p->page_shift);
	return true;
}

static bool take_flags(struct pagemap *p)
{
	uint64_t flags = page_run_flags(has(p, PAGEMAP_FLAGS),
					(uint32_t)value(p, PAGEMAP_FLAGS),
					value(p, PAGEMAP_IN_PARENT));

	p->entry.flags = flags;
	if ((flags & PAGEMAP_PRESENT) && (flags & PAGEMAP_PARENT))
		return pagemap_bad(p, "pages are said to be both here and in the "
				   "parent");
	if (flags & PAGEMAP_PRESENT)
		return true;
	if (flags & PAGEMAP_ALIGNED)
		return pagemap_bad(p, "aligned payload of pages that are not here");
	if (p->has_blocks)
		return pagemap_bad(p, "blocks of pages that are not here");
	return true;
}

static bool check_sizes(struct pagemap *p)
{
	struct pagemap_entry *e = &p->entry;
	uint32_t sizes[1024];

	for (uint64_t i = 0; i < e->blocks; i += 1024) {
		size_t n = e->blocks - i < 1024 ? (size_t)(e->blocks - i) : 1024;

		if (!pagemap_sizes(p, i, sizes, n))
			return false;
		for (size_t k = 0; k < n; k++) {
			uint64_t whole = e->end - e->start -
				(i + k) * e->block_size;

			if (whole > e->block_size)
				whole = e->block_size;
			if (!sizes[k])
				e->zero += whole;
			if (sizes[k] > whole)
				return pagemap_bad(p, "block %" PRIu64 " has %"
						   PRIu32 " bytes, more than its "
						   "pages", i + k, sizes[k]);
		}
	}
	return true;
}

static bool take_blocks(struct pagemap *p)
{
	struct pagemap_entry *e = &p->entry;
	uint64_t pages = (e->end - e->start) / p->page_size, n, want;
	uint64_t total = value(p, PAGEMAP_TOTAL);
	uint64_t per_block = value(p, PAGEMAP_PER_BLOCK);

	if (p->n_pending &&
	    !spool_put(&p->sizes, p->pending, p->n_pending * sizeof(uint32_t)))
		return false;
	p->n_pending = 0;
	n = spool_size(&p->sizes) / sizeof(uint32_t);
	if (!per_block || per_block > PAGEMAP_BLOCK_MAX / p->page_size)
		return pagemap_bad(p, "%" PRIu64 " pages a block (1 to %" PRIu64
				   ")", per_block,
				   PAGEMAP_BLOCK_MAX / p->page_size);
	want = pages / per_block + (pages % per_block != 0);
	if (n != want || !n)
		return pagemap_bad(p, "%" PRIu64 " block sizes for %" PRIu64
				   " blocks", n, want);
	if (p->sum != total)
		return pagemap_bad(p, "block sizes sum up to %" PRIu64 ", not %"
				   PRIu64, p->sum, total);
	e->blocks = n;
	e->block_size = per_block * p->page_size;
	e->size = total;
	return check_sizes(p);
}

static bool take_payload(struct pagemap *p)
{
	struct pagemap_entry *e = &p->entry;

	e->at = p->payload;
	e->size = e->blocks = e->block_size = e->zero = 0;
	if (!(e->flags & PAGEMAP_PRESENT))
		return true;
	if (e->flags & PAGEMAP_ALIGNED)
		e->at += -e->at & (p->page_size - 1);
	if (!p->has_blocks)
		e->size = e->end - e->start;
	else if (!take_blocks(p))
		return false;
	if (e->size > INT64_MAX - e->at || e->at > INT64_MAX)
		return pagemap_bad(p, "payload runs past the end of any file");
	p->payload = e->at + e->size;
	p->strict |= p->has_blocks || (e->flags & PAGEMAP_ALIGNED);
	return true;
}

/* Two pagemaps that say the same have the same one. */
static void add_digest(struct pagemap *p)
{
	const struct pagemap_entry *e = &p->entry;
	const uint64_t words[] = { e->start, e->end, e->flags, e->size };

	for (size_t i = 0; i < 4; i++)
		p->digest = (p->digest ^ words[i]) *
			UINT64_C(0x9e3779b97f4a7c15) + (p->digest >> 32);
}

int pagemap_next(struct pagemap *p)
{
	int r;

	if (error_is(p->err))
		return -1;
	if (p->have) {
		p->from = p->entry.end;
		p->last_start = p->entry.start;
	}
	p->have = false;
	if (!p->has_head)
		return 0;
	r = image_source_next(&p->source, &p->sink);
	if (r <= 0) {
		if (r < 0)
			snprintf(p->err->image, sizeof(p->err->image), "%s",
				 p->name);
		return r;
	}
	p->index = p->source.entries - 1;
	if (p->obsolete)
		pagemap_bad(p, "compressed pages in a layout that no release of "
			    "CRIU has");
	if (error_is(p->err) || !take_range(p) || !take_flags(p) ||
	    !take_payload(p))
		return -1;
	p->have = true;
	add_digest(p);
	return 1;
}

bool pagemap_sizes(struct pagemap *p, uint64_t i, uint32_t *sizes, size_t n)
{
	n *= sizeof(*sizes);
	return spool_read(&p->sizes, i * sizeof(*sizes), sizes, n) == n ||
	       pagemap_bad(p, "block sizes are gone");
}

/* The head, which an image without any entry lacks. */
static bool start(struct pagemap *p)
{
	int r;

	if (!image_source_open_blob(&p->source, &p->blob, p->name, p->schema,
				    p->err))
		return false;
	if (strcmp(p->source.image.type->name, "PAGEMAP")) {
		error_set(p->err, CRIT_EDATA, "is a %s image, not PAGEMAP",
			  p->source.image.type->name);
		return false;
	}
	r = image_source_next(&p->source, &p->sink);
	p->pages_id = value(p, PAGEMAP_PAGES_ID);
	p->has_head = r > 0;
	p->have = p->strict = false;
	p->from = p->last_start = p->payload = p->digest = 0;
	if (r < 0)
		return false;
	p->err->image[0] = 0;
	return true;
}

bool pagemap_open(struct pagemap *p, const struct store *dir,
		  const char *name, uint64_t page_size, bool *absent,
		  struct crit_error *err)
{
	memset(p, 0, sizeof(*p));
	p->blob = BLOB_NONE;
	p->schema = dir->schema;
	p->name = name;
	p->page_size = page_size;
	p->page_shift = (unsigned)__builtin_ctzll(page_size);
	p->err = err;
	p->sink = (struct sink){ .ops = &pagemap_sink_ops, .err = err };
	spool_init(&p->sizes, err);
	pagemap_bind(p);
	*absent = store_absent(dir, name);
	if (*absent)
		return false;
	return store_blob(dir, name, &p->blob, err) && start(p);
}

bool pagemap_rewind(struct pagemap *p)
{
	image_source_close(&p->source);
	return start(p);
}

void pagemap_close(struct pagemap *p)
{
	if (!blob_is(&p->blob))
		return;
	image_source_close(&p->source);
	spool_free(&p->sizes);
	plan_free(&p->plan);
	blob_close(&p->blob);
}

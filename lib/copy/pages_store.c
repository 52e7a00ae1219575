// SPDX-License-Identifier: MIT
/*
 *   run ─┬─ raw: the same bytes ────────────────┬─► pages image
 *        └─ block ─► LZ4 | zero | stored raw ───┘
 *   sizes of blocks, flags ─► entry ─► pagemap
 */
#include "copy/pages_parts.h"
#include "base/alloc.h"

#include <inttypes.h>
#include <lz4.h>
#include <string.h>

bool pages_store_open(struct rewriting *w)
{
	uint32_t block = w->r->options->block;

	if (!block)
		return true;
	w->bound = (size_t)LZ4_compressBound((int)block);
	w->block = alloc(block);
	w->packed = alloc(w->bound);
	w->sizes = alloc(PAGEMAP_BLOCKS_MAX * sizeof(*w->sizes));
	return (w->block && w->packed && w->sizes) ||
	       error_set(w->r->err, CRIT_ENOMEM, "out of memory");
}

void pages_store_close(struct rewriting *w)
{
	alloc_free(w->block);
	alloc_free(w->packed);
	alloc_free(w->sizes);
}

static bool put(struct rewriting *w, const void *p, size_t n)
{
	w->r->counts.after += n;
	return blob_copy_put(w->r->to, p, n);
}

/* Zeros up to the next page of the image: raw payloads can be mapped. */
static bool align(struct rewriting *w)
{
	uint64_t n = -w->r->counts.after & (w->r->page_size - 1);

	w->flags |= PAGEMAP_ALIGNED;
	w->r->counts.after += n;
	return !n || blob_copy_zeros(w->r->to, n);
}

static bool is_zero(const uint8_t *p, size_t n)
{
	return !p[0] && !memcmp(p, p + 1, n - 1);
}

/* Stored as it is where LZ4 saves less than an eighth. */
static bool end_block(struct rewriting *w)
{
	size_t n = w->filled;
	uint32_t *size = &w->sizes[w->n_sizes++];

	w->filled = 0;
	if (is_zero(w->block, n)) {
		*size = 0;
		w->all_raw = false;
		return true;
	}
	*size = (uint32_t)LZ4_compress_fast((char *)w->block, (char *)w->packed,
					    (int)n, (int)w->bound,
					    w->r->options->acceleration);
	if (*size && *size <= n - n / 8) {
		w->all_raw = false;
		w->stored = true;
		return put(w, w->packed, *size);
	}
	*size = (uint32_t)n;
	if (!w->stored && !align(w))
		return false;
	w->stored = true;
	return put(w, w->block, n);
}

bool pages_entry_end(struct rewriting *w)
{
	struct pages_rewrite *r = w->r;
	struct pagemap_says says;
	bool packed;

	if (!w->have)
		return true;
	if (w->filled && !end_block(w))
		return false;
	w->have = false;
	packed = w->n_sizes && !w->all_raw;
	says = (struct pagemap_says){
		.vaddr = w->start, .pages = (w->end - w->start) / r->page_size,
		.flags = w->flags, .sizes = w->sizes,
		.n_sizes = packed ? w->n_sizes : 0,
		.per_block = (uint32_t)(r->options->block / r->page_size),
	};
	return pagemap_write_entry(&r->map, &says);
}

/* Goes on with the entry, or begins another. */
static bool entry_at(struct rewriting *w, uint64_t start, uint32_t flags,
		     bool raw)
{
	if (w->have && w->end == start && w->raw == raw &&
	    (w->flags | PAGEMAP_ALIGNED) == (flags | PAGEMAP_ALIGNED) &&
	    w->n_sizes < PAGEMAP_BLOCKS_MAX)
		return true;
	if (!pages_entry_end(w))
		return false;
	w->have = w->all_raw = true;
	w->raw = raw;
	w->stored = false;
	w->start = w->end = start;
	w->flags = flags;
	w->n_sizes = 0;
	return true;
}

bool pages_mark(struct rewriting *w, uint64_t start, uint64_t end,
		uint32_t flags)
{
	if (!entry_at(w, start, flags, true))
		return false;
	w->end = end;
	return true;
}

static bool store_raw(struct rewriting *w, const struct run *run)
{
	struct pages_rewrite *r = w->r;
	uint64_t n = run->end - run->start;

	r->counts.after += n;
	if (!r->to)
		return true;
	if (r->options->no_memory || run->kind == RUN_ZERO)
		return blob_copy_zeros(r->to, n);
	if (run->kind == RUN_RAW)
		return pages_file(run) &&
		       blob_copy_range(r->to, run->blob, run->file, run->at, n);
	if (!blob_copy_flush(r->to))
		return false;
	for (uint64_t addr = run->start; addr < run->end; ) {
		size_t k = pages_read(&w->pages, run, addr, r->to->buf,
				      BLOB_COPY_BUFFER);

		if (!k || !blob_copy_put(r->to, r->to->buf, k))
			return false;
		addr += k;
	}
	return true;
}

static bool read_block(struct rewriting *w, const struct run *run,
		       uint64_t addr, size_t n)
{
	if (w->r->options->no_memory) {
		memset(w->block + w->filled, 0, n);
		w->filled += n;
		return true;
	}
	for (size_t k; n; n -= k, addr += k) {
		k = pages_read(&w->pages, run, addr, w->block + w->filled, n);
		if (!k)
			return false;
		w->filled += k;
	}
	return true;
}

static bool store_blocks(struct rewriting *w, const struct run *run,
			 uint32_t flags)
{
	uint32_t block = w->r->options->block;

	for (uint64_t addr = run->start; addr < run->end; ) {
		uint64_t n = run->end - addr;

		if (!entry_at(w, addr, flags, false))
			return false;
		if (n > block - w->filled)
			n = block - w->filled;
		if (!read_block(w, run, addr, (size_t)n))
			return false;
		addr += n;
		w->end = addr;
		if (w->filled == block && !end_block(w))
			return false;
	}
	return true;
}

bool pages_store(struct rewriting *w, const struct run *run, uint32_t flags,
		 bool raw)
{
	struct pages_rewrite *r = w->r;

	r->counts.pages += (run->end - run->start) / r->page_size;
	flags |= PAGEMAP_PRESENT;
	if (r->options->block && !raw)
		return store_blocks(w, run, flags);
	if (!entry_at(w, run->start, flags, true))
		return false;
	if (r->options->block && w->start == run->start && !align(w))
		return false;
	w->end = run->end;
	return store_raw(w, run);
}

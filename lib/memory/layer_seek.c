// SPDX-License-Identifier: MIT
/*
 *   address ─► pagemap entry of a layer ─► run of pages
 */
#include "memory/layer.h"
#include "base/alloc.h"

#include <inttypes.h>

enum {
	PAST = 2048,			/* entries that are kept, */
	PAST_DEPTH = 8,			/* down to this layer */
};

static bool check_file(struct pages_layer *l)
{
	const struct pagemap_entry *e = &l->map.entry;

	if (!(e->flags & PAGEMAP_PRESENT))
		return true;
	if (!layer_look(l))
		return false;
	if (l->no_file || e->at + e->size <= l->blob.size)
		return true;
	return pagemap_bad(&l->map, "its pages end at %" PRIu64 ", and %s has only %"
			   PRIu64 " bytes", e->at + e->size, l->file, l->blob.size);
}

/* Entries that were passed, for mappings that go through them backwards. */

static void keep_past(struct pages_layer *l)
{
	if (l->past)
		l->past[l->n_past++ % PAST] = l->map.entry;
}

/* The first kept entry that ends after addr; NULL if it may not be among them.
 * */
static const struct pagemap_entry *find_past(const struct pages_layer *l,
					     uint64_t addr)
{
	uint64_t low = l->n_past > PAST ? l->n_past - PAST : 0, high = l->n_past;

	if (!l->past || low == high || (low && l->past[low % PAST].start > addr))
		return NULL;
	while (low < high) {
		uint64_t i = low + (high - low) / 2;

		if (l->past[i % PAST].end > addr)
			high = i;
		else
			low = i + 1;
	}
	/* only the current entry has its block sizes */
	return low < l->n_past && !l->past[low % PAST].blocks ?
		&l->past[low % PAST] : NULL;
}

static bool layer_rewind(struct pages_layer *l)
{
	if (!l->past && l->depth < PAST_DEPTH)
		l->past = alloc(PAST * sizeof(*l->past));
	l->n_past = 0;
	return pagemap_rewind(&l->map);
}

bool layer_seek(struct pages_layer *l, uint64_t addr)
{
	int r;

	l->entry = NULL;
	if (l->no_map)
		return true;
	if (addr < l->map.from) {
		l->entry = find_past(l, addr);
		if (l->entry)
			return true;
		if (!layer_rewind(l))
			return false;
	}
	while (!l->map.have || l->map.entry.end <= addr) {
		r = pagemap_next(&l->map);
		if (r <= 0)
			return !r;
		keep_past(l);
		if (!check_file(l))
			return false;
	}
	l->entry = &l->map.entry;
	return true;
}

static bool load_sizes(struct pages_layer *l, uint64_t i)
{
	const struct pagemap_entry *e = &l->map.entry;

	l->first = i;
	l->n_sizes = e->blocks - i < PAGES_SIZES ? e->blocks - i : PAGES_SIZES;
	return pagemap_sizes(&l->map, i, l->sizes, (size_t)l->n_sizes);
}

static bool block_size(struct pages_layer *l, uint64_t i, uint32_t *size)
{
	if ((i < l->first || i >= l->first + l->n_sizes) && !load_sizes(l, i))
		return false;
	*size = l->sizes[i - l->first];
	return true;
}

/* Goes to block i of the entry: l->block_at is where its bytes are. */
static bool block_seek(struct pages_layer *l, uint64_t i)
{
	uint32_t size;

	if (l->sizes_entry != l->map.index || i < l->block) {
		l->sizes_entry = l->map.index;
		l->n_sizes = 0;
		l->block = 0;
		l->block_at = l->map.entry.at;
	}
	for (; l->block < i; l->block++) {
		if (!block_size(l, l->block, &size))
			return false;
		l->block_at += size;
	}
	return true;
}

static void set_block(struct pages_layer *l, uint64_t addr, uint32_t size,
		      struct run *run)
{
	const struct pagemap_entry *e = &l->map.entry;

	run->block = e->start + l->block * e->block_size;
	run->block_size = e->end - run->block;
	if (run->block_size > e->block_size)
		run->block_size = e->block_size;
	run->end = run->block + run->block_size;
	run->at = l->block_at;
	run->size = size;
	run->kind = RUN_PACKED;
	if (!size) {
		run->kind = RUN_ZERO;
	} else if (size == run->block_size) {
		run->kind = RUN_RAW;
		run->at += addr - run->block;
	}
}

/* The block at addr, and those after it that are as it is. */
static bool block_run(struct pages_layer *l, uint64_t addr, struct run *run)
{
	const struct pagemap_entry *e = &l->map.entry;
	uint64_t i = (addr - e->start) / e->block_size;
	uint32_t size;

	if (!block_seek(l, i) || !block_size(l, i, &size))
		return false;
	set_block(l, addr, size, run);
	while (run->kind != RUN_PACKED && ++i < e->blocks) {
		uint64_t left = e->end - run->end;
		uint64_t whole = left < e->block_size ? left : e->block_size;

		if (!block_size(l, i, &size))
			return false;
		if (size != (run->kind == RUN_RAW ? whole : 0))
			break;
		run->end += whole;
	}
	return true;
}

bool layer_run(struct pages_layer *l, uint64_t addr, struct run *run,
	       bool *parent)
{
	const struct pagemap_entry *e;

	*parent = false;
	*run = (struct run){
		.start = addr, .end = UINT64_MAX, .kind = RUN_NONE, .blob = NULL,
		.depth = l->depth, .layer = l,
	};
	if (!layer_seek(l, addr))
		return false;
	e = l->entry;
	if (!e)
		return true;
	run->end = e->start;
	if (e->start > addr)
		return true;
	run->end = e->end;
	*parent = e->flags & PAGEMAP_PARENT;
	if (e->flags & PAGEMAP_PRESENT) {
		run->blob = &l->blob;
		run->file = l->file;
		if (e->blocks)
			return block_run(l, addr, run);
		run->kind = RUN_RAW;
		run->at = e->at + (addr - e->start);
	} else if (e->flags & PAGEMAP_LAZY && !*parent) {
		run->kind = RUN_LAZY;
	}
	return true;
}

// SPDX-License-Identifier: MIT
/*
 *   run of a layer ─► bytes, unpacked where blocks are compressed
 */
#include "memory/layer.h"
#include "base/alloc.h"

#include <errno.h>
#include <inttypes.h>
#include <lz4.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void pool_remove(struct pages_pool *pool, struct pages_layer *l)
{
	struct pages_layer **at = &pool->first;

	while (*at && *at != l)
		at = &(*at)->next_held;
	if (!*at)
		return;
	*at = l->next_held;
	pool->held -= l->capacity;
}

static void pool_put(struct pages_pool *pool, struct pages_layer *l)
{
	l->next_held = pool->first;
	pool->first = l;
	pool->held += l->capacity;
}

static void drop_block(struct pages_layer *l)
{
	alloc_free(l->unpacked);
	l->unpacked = NULL;
	l->unpacked_size = l->capacity = 0;
}

void layer_drop(struct pages_pool *pool, struct pages_layer *l)
{
	pool_remove(pool, l);
	drop_block(l);
}

/* Drops the blocks that were used longest ago until n bytes fit. */
static void pool_shrink(struct pages_pool *pool, size_t n)
{
	while (pool->first && pool->held + n > PAGES_POOL_MAX) {
		struct pages_layer *last = pool->first;

		while (last->next_held)
			last = last->next_held;
		layer_drop(pool, last);
	}
}

static size_t read_at(struct pages *p, const struct run *run, uint64_t at,
		      void *buf, size_t n)
{
	size_t r = blob_read(run->blob, at, buf, n, p->err);

	if (r)
		return r;
	if (!error_is(p->err))
		error_set(p->err, CRIT_EDATA, "cannot read: the file ends");
	if (!p->err->image[0])
		snprintf(p->err->image, sizeof(p->err->image), "%s", run->file);
	return 0;
}

static bool room(struct pages *p, struct pages_layer *l, size_t n)
{
	uint8_t *more;

	pool_remove(p->pool, l);
	if (l->capacity < n)
		drop_block(l);
	pool_shrink(p->pool, l->capacity < n ? n : l->capacity);
	more = l->capacity < n ? alloc(n) : l->unpacked;
	if (!more) {
		error_set(p->err, CRIT_ENOMEM, "out of memory");
		return false;
	}
	l->unpacked = more;
	l->capacity = l->capacity < n ? n : l->capacity;
	pool_put(p->pool, l);
	return true;
}

/* Unpacks a block within one buffer: LZ4 allows that where the packed bytes
 * lie at its end, 1/256 and a little behind the end of what comes out. */
static bool unpack(struct pages *p, const struct run *run)
{
	struct pages_layer *l = run->layer;
	size_t size = (size_t)run->block_size, packed = (size_t)run->size;
	size_t whole = size + (size >> 8) + 64;
	uint8_t *from;

	l->unpacked_size = 0;
	if (!room(p, l, whole))
		return false;
	from = l->unpacked + whole - packed;
	for (size_t got = 0, k; got < packed; got += k) {
		k = read_at(p, run, run->at + got, from + got, packed - got);
		if (!k)
			return false;
	}
	if (LZ4_decompress_safe((char *)from, (char *)l->unpacked, (int)packed,
				(int)size) != (int)size) {
		error_set(p->err, CRIT_EDATA, "the LZ4 block of 0x%" PRIx64
			  " does not unpack to %zu bytes", run->block, size);
		snprintf(p->err->image, sizeof(p->err->image), "%s", run->file);
		p->err->offset = (int64_t)run->at;
		return false;
	}
	l->unpacked_at = run->at;
	l->unpacked_size = size;
	return true;
}

static size_t read_packed(struct pages *p, const struct run *run, uint64_t addr,
			  void *buf, size_t n)
{
	struct pages_layer *l = run->layer;

	if ((!l->unpacked_size || l->unpacked_at != run->at) &&
	    !unpack(p, run))
		return 0;
	memcpy(buf, l->unpacked + (addr - run->block), n);
	return n;
}

bool pages_file(const struct run *run)
{
	return !run->layer || blob_is(run->blob) || layer_file(run->layer);
}

size_t pages_read(struct pages *p, const struct run *run, uint64_t addr,
		  void *buf, size_t n)
{
	if (n > run->end - addr)
		n = (size_t)(run->end - addr);
	if (run->kind >= RUN_RAW && !pages_file(run))
		return 0;
	if (run->kind == RUN_RAW)
		return read_at(p, run, run->at + (addr - run->start), buf, n);
	if (run->kind == RUN_PACKED)
		return read_packed(p, run, addr, buf, n);
	memset(buf, 0, n);
	return n;
}

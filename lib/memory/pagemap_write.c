// SPDX-License-Identifier: MIT
/*
 *   vaddr, pages, flags, block sizes ─► size, message ─► spool
 */
#include "memory/pagemap_write.h"
#include "memory/pagemap_entry.h"
#include "base/alloc.h"
#include "facts.h"

/* A field of a number: its tag is one byte. */
static uint8_t *put_number(uint8_t *p, unsigned field, uint64_t v)
{
	*p++ = (uint8_t)(field << 3 | WIRE_VARINT);
	return wire_put_varint(p, v);
}

static uint8_t *put_length(uint8_t *p, unsigned field, uint64_t n)
{
	*p++ = (uint8_t)(field << 3 | WIRE_LEN);
	return wire_put_varint(p, n);
}

static bool put_part(struct pagemap_write *w, const uint8_t *p, size_t n,
		     const uint8_t *more, size_t n_more)
{
	uint8_t size[4];

	wire_put32(size, (uint32_t)(n + n_more));
	return spool_put(&w->out, size, 4) && spool_put(&w->out, p, n) &&
	       (!n_more || spool_put(&w->out, more, n_more));
}

bool pagemap_write_open(struct pagemap_write *w, const struct pagemap *like,
			uint64_t pages_id, struct crit_error *err)
{
	const struct image *im = &like->source.image;
	uint8_t head[16], *p = head;

	w->err = err;
	w->compat = like->have && !(like->plan.seen >> PAGEMAP_NR_PAGES & 1);
	spool_init(&w->out, err);
	if (im->head) {
		wire_put32(p, im->head == HEAD_SERVICE ? MAGIC_SERVICE :
			   MAGIC_COMMON);
		p += 4;
	}
	wire_put32(p, im->type->magic);
	if (!spool_put(&w->out, head, (size_t)(p + 4 - head)))
		return false;
	p = put_number(head, PAGEMAP_HEAD__PAGES_ID, pages_id);
	return put_part(w, head, (size_t)(p - head), NULL, 0);
}

static uint64_t sum(const struct pagemap_says *e, size_t *packed)
{
	uint64_t total = 0;

	*packed = 0;
	for (size_t i = 0; i < e->n_sizes; i++) {
		total += e->sizes[i];
		*packed += wire_varint_size(e->sizes[i]);
	}
	return total;
}

/* pagemap_blocks: the sizes, packed; their sum; pages of each. */
static uint8_t *put_blocks(uint8_t *p, const struct pagemap_says *e)
{
	uint8_t rest[32], *end;
	size_t packed;
	uint64_t total = sum(e, &packed);
	size_t head = 1 + wire_varint_size(packed);

	end = put_number(rest, PAGEMAP_BLOCKS__TOTAL_PAYLOAD_SIZE, total);
	end = put_number(end, PAGEMAP_BLOCKS__PAGES_PER_BLOCK, e->per_block);
	p = put_length(p, PAGEMAP_ENTRY__BLOCKS, head + packed + (size_t)(end - rest));
	p = put_length(p, PAGEMAP_BLOCKS__BLOCK_SIZES, packed);
	for (size_t i = 0; i < e->n_sizes; i++)
		p = wire_put_varint(p, e->sizes[i]);
	memcpy(p, rest, (size_t)(end - rest));
	return p + (end - rest);
}

bool pagemap_write_entry(struct pagemap_write *w, const struct pagemap_says *e)
{
	uint8_t head[64], *p = head, *blocks = NULL, *end = NULL;
	bool ok;

	if (w->compat && e->pages > UINT32_MAX)
		w->compat = false;
	p = put_number(p, PAGEMAP_ENTRY__VADDR, e->vaddr);
	p = put_number(p, PAGEMAP_ENTRY__COMPAT_NR_PAGES, w->compat ? e->pages : 0);
	p = put_number(p, PAGEMAP_ENTRY__FLAGS, e->flags);
	if (!w->compat)
		p = put_number(p, PAGEMAP_ENTRY__NR_PAGES, e->pages);
	if (e->n_sizes) {
		blocks = alloc(e->n_sizes * 5 + 64);
		if (!blocks)
			return error_set(w->err, CRIT_ENOMEM, "out of memory");
		end = put_blocks(blocks, e);
	}
	ok = put_part(w, head, (size_t)(p - head), blocks,
		      blocks ? (size_t)(end - blocks) : 0);
	alloc_free(blocks);
	return ok;
}

void pagemap_write_close(struct pagemap_write *w)
{
	spool_free(&w->out);
}

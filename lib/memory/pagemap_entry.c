// SPDX-License-Identifier: MIT
#include "event/bulk.h"
#include "memory/pagemap_entry.h"
#include "facts.h"

/* A field of a development version. */
enum { ENTRY_OBSOLETE = 7 };

static void keep_size(struct pagemap *p, uint64_t v)
{
	if (p->n_pending == 256) {
		spool_put(&p->sizes, p->pending, sizeof(p->pending));
		p->n_pending = 0;
	}
	p->pending[p->n_pending++] = (uint32_t)v;
	p->sum += (uint32_t)v;
}

static void blocks_number(struct pagemap *p, uint32_t number, uint64_t v)
{
	if (number == PAGEMAP_BLOCKS__BLOCK_SIZES)
		keep_size(p, v);
	else if (number == PAGEMAP_BLOCKS__TOTAL_PAYLOAD_SIZE)
		p->total = v;
	else if (number == PAGEMAP_BLOCKS__PAGES_PER_BLOCK)
		p->per_block = (uint32_t)v;
}

static void entry_number(struct pagemap *p, uint32_t number, uint64_t v)
{
	switch (number) {
	case PAGEMAP_ENTRY__VADDR:
		p->vaddr = v;
		p->has_vaddr = true;
		break;
	case PAGEMAP_ENTRY__COMPAT_NR_PAGES:
		p->compat = (uint32_t)v;
		break;
	case PAGEMAP_ENTRY__IN_PARENT:
		p->in_parent = v;
		break;
	case PAGEMAP_ENTRY__FLAGS:
		p->flags = (uint32_t)v;
		p->has_flags = true;
		break;
	case PAGEMAP_ENTRY__NR_PAGES:
		p->nr_pages = v;
		p->has_nr_pages = true;
		break;
	}
}

static bool is_head(const struct pagemap *p)
{
	return !p->source.entries;
}

static void on_number(struct sink *sink, const struct field *f, uint64_t v)
{
	struct pagemap *p = (struct pagemap *)sink;

	if (is_head(p))
		p->pages_id = f->number == PAGEMAP_HEAD__PAGES_ID ? v : p->pages_id;
	else if (p->has_blocks)
		blocks_number(p, f->number, v);
	else
		entry_number(p, f->number, v);
}

static void on_begin(struct sink *sink, const struct field *f)
{
	(void)f;
	((struct pagemap *)sink)->has_blocks = true;
}

/* Fields 6 and 7 of a development layout that was replaced before release. */
static void on_unknown(struct sink *sink, const void *b, size_t n, bool last)
{
	struct pagemap *p = (struct pagemap *)sink;
	const uint8_t *q = b;

	(void)last;
	if (n && !is_head(p) && (*q >> 3 == PAGEMAP_ENTRY__BLOCKS ||
				 *q >> 3 == ENTRY_OBSOLETE))
		p->obsolete = true;
}

static void on_entry(struct sink *sink, const struct message *m)
{
	struct pagemap *p = (struct pagemap *)sink;

	(void)m;
	p->vaddr = p->compat = p->nr_pages = p->in_parent = p->flags = 0;
	p->has_vaddr = p->has_nr_pages = p->has_flags = p->has_blocks = false;
	p->obsolete = false;
	p->total = p->per_block = p->sum = 0;
	p->n_pending = 0;
	spool_reset(&p->sizes);
}

static bool flat_sizes(struct pagemap *p, const uint8_t *b, const uint8_t *end)
{
	while (b < end) {
		unsigned sloppy = 0;
		uint64_t v;

		b = wire_varint(b, &v, &sloppy);
		if (!b || b > end)
			return false;
		keep_size(p, v);
	}
	return true;
}

static enum flat flat_blocks(struct pagemap *p, const uint8_t *b,
			     const uint8_t *end)
{
	struct wire_field w;
	const char *what;

	p->has_blocks = true;
	while (b < end) {
		b = wire_field(b, end, &w, &what);
		if (!b)
			return FLAT_BAD;
		if (w.type == WIRE_VARINT)
			blocks_number(p, w.number, w.value);
		else if (w.number == PAGEMAP_BLOCKS__BLOCK_SIZES && w.type == WIRE_LEN &&
			 !flat_sizes(p, w.data, w.end))
			return FLAT_BAD;
	}
	return FLAT_OK;
}

static enum flat flat_entry(struct pagemap *p, const uint8_t *b,
			    const uint8_t *end)
{
	const uint8_t *blocks = NULL, *blocks_end = NULL;
	struct wire_field w;
	const char *what;

	while (b < end) {
		b = wire_field(b, end, &w, &what);
		if (!b)
			return FLAT_BAD;
		if (w.number == ENTRY_OBSOLETE ||
		    (w.number == PAGEMAP_ENTRY__BLOCKS && w.type == WIRE_VARINT)) {
			p->obsolete = true;
		} else if (w.type == WIRE_VARINT) {
			entry_number(p, w.number, w.value);
		} else if (w.number == PAGEMAP_ENTRY__BLOCKS && w.type == WIRE_LEN) {
			if (blocks)
				return FLAT_IRREGULAR;	/* merges them */
			blocks = w.data;
			blocks_end = w.end;
		}
	}
	if (!blocks || p->obsolete)
		return FLAT_OK;
	return flat_blocks(p, blocks, blocks_end);
}

static enum flat flat_head(struct pagemap *p, const uint8_t *b,
			   const uint8_t *end)
{
	struct wire_field w;
	const char *what;

	while (b < end) {
		b = wire_field(b, end, &w, &what);
		if (!b)
			return FLAT_BAD;
		if (w.number == PAGEMAP_HEAD__PAGES_ID && w.type == WIRE_VARINT)
			p->pages_id = (uint32_t)w.value;
	}
	return FLAT_OK;
}

static enum flat on_flat(struct sink *sink, const struct message *m,
			 const uint8_t *b, size_t n)
{
	struct pagemap *p = (struct pagemap *)sink;

	if (is_head(p))
		return flat_head(p, b, b + n);
	if (m != p->source.image.type->rest)
		return flat_blocks(p, b, b + n);
	on_entry(sink, m);
	return flat_entry(p, b, b + n);
}

static const struct bulk_ops bulk = { .flat = on_flat };

const struct sink_ops pagemap_sink_ops = {
	.entry = on_entry, .begin = on_begin, .number = on_number,
	.unknown = on_unknown, .bulk = &bulk,
};

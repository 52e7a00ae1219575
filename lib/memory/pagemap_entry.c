// SPDX-License-Identifier: MIT
#include "memory/pagemap_entry.h"

/* Fields by number. */
enum { HEAD_PAGES_ID = 1 };
enum {
	ENTRY_VADDR = 1, ENTRY_COMPAT = 2, ENTRY_IN_PARENT = 3, ENTRY_FLAGS = 4,
	ENTRY_NR_PAGES = 5, ENTRY_BLOCKS = 6, ENTRY_OBSOLETE = 7,
};
enum { BLOCKS_SIZES = 1, BLOCKS_TOTAL = 2, BLOCKS_PER_BLOCK = 3 };

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
	if (number == BLOCKS_SIZES)
		keep_size(p, v);
	else if (number == BLOCKS_TOTAL)
		p->total = v;
	else if (number == BLOCKS_PER_BLOCK)
		p->per_block = (uint32_t)v;
}

static void entry_number(struct pagemap *p, uint32_t number, uint64_t v)
{
	switch (number) {
	case ENTRY_VADDR:
		p->vaddr = v;
		p->has_vaddr = true;
		break;
	case ENTRY_COMPAT:
		p->compat = (uint32_t)v;
		break;
	case ENTRY_IN_PARENT:
		p->in_parent = v;
		break;
	case ENTRY_FLAGS:
		p->flags = (uint32_t)v;
		p->has_flags = true;
		break;
	case ENTRY_NR_PAGES:
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
		p->pages_id = f->number == HEAD_PAGES_ID ? v : p->pages_id;
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

static void on_image(struct sink *sink, const struct image *i)
{
	(void)sink;
	(void)i;
}

static void on_nothing(struct sink *sink)
{
	(void)sink;
}

static void on_list(struct sink *sink, const struct field *f)
{
	(void)sink;
	(void)f;
}

static void on_bytes(struct sink *sink, const struct field *f, const void *b,
		     size_t n, bool last)
{
	(void)sink;
	(void)f;
	(void)b;
	(void)n;
	(void)last;
}

/* Fields 6 and 7 of a development layout that was replaced before release. */
static void on_unknown(struct sink *sink, const void *b, size_t n, bool last)
{
	struct pagemap *p = (struct pagemap *)sink;
	const uint8_t *q = b;

	(void)last;
	if (n && !is_head(p) && (*q >> 3 == ENTRY_BLOCKS ||
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
		else if (w.number == BLOCKS_SIZES && w.type == WIRE_LEN &&
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
		    (w.number == ENTRY_BLOCKS && w.type == WIRE_VARINT)) {
			p->obsolete = true;
		} else if (w.type == WIRE_VARINT) {
			entry_number(p, w.number, w.value);
		} else if (w.number == ENTRY_BLOCKS && w.type == WIRE_LEN) {
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
		if (w.number == HEAD_PAGES_ID && w.type == WIRE_VARINT)
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

const struct sink_ops pagemap_sink_ops = {
	.image = on_image, .image_end = on_nothing,
	.entry = on_entry, .entry_end = on_nothing,
	.begin = on_begin, .end = on_nothing,
	.list = on_list, .list_end = on_nothing,
	.number = on_number, .bytes = on_bytes, .unknown = on_unknown,
	.flat = on_flat,
};

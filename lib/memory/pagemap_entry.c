// SPDX-License-Identifier: MIT
/*
 *   entry ─► plan: its numbers, by slot
 *         ├► sizes of blocks, to the spool
 *         └► fields that no release has
 */
#include "memory/pagemap_entry.h"
#include "facts.h"

static const struct {
	const char *message, *field;
	uint8_t slot;
} rules[] = {
	{ "pagemap_head", "pages_id", PAGEMAP_PAGES_ID },
	{ "pagemap_entry", "vaddr", PAGEMAP_VADDR },
	{ "pagemap_entry", "compat_nr_pages", PAGEMAP_COMPAT },
	{ "pagemap_entry", "in_parent", PAGEMAP_IN_PARENT },
	{ "pagemap_entry", "flags", PAGEMAP_FLAGS },
	{ "pagemap_entry", "nr_pages", PAGEMAP_NR_PAGES },
	{ "pagemap_blocks", "block_sizes", PAGEMAP_SIZES },
	{ "pagemap_blocks", "total_payload_size", PAGEMAP_TOTAL },
	{ "pagemap_blocks", "pages_per_block", PAGEMAP_PER_BLOCK },
};

/* A field of a development version. */
enum { ENTRY_OBSOLETE = 7 };

/* A schema of another version may lack some. */
void pagemap_bind(struct pagemap *p)
{
	p->plan.pass_misfits = true;
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		plan_rule(&p->plan, p->schema, rules[i].message,
			  rules[i].field, rules[i].slot);
}

static void keep_size(struct pagemap *p, uint64_t v)
{
	if (p->n_pending == 256) {
		spool_put(&p->sizes, p->pending, sizeof(p->pending));
		p->n_pending = 0;
	}
	p->pending[p->n_pending++] = (uint32_t)v;
	p->sum += (uint32_t)v;
}

static void on_number(struct sink *sink, const struct field *f, uint64_t v)
{
	struct pagemap *p = (struct pagemap *)sink;
	uint8_t slot = plan_slot(&p->plan, f);

	if (slot == PAGEMAP_SIZES)
		keep_size(p, v);
	else if (slot)
		plan_set(&p->plan, slot, v);
}

static void on_begin(struct sink *sink, const struct field *f)
{
	struct pagemap *p = (struct pagemap *)sink;

	(void)f;
	p->has_blocks = p->in_blocks = true;
}

static void on_end(struct sink *sink)
{
	((struct pagemap *)sink)->in_blocks = false;
}

/* Fields 6 and 7 of a development layout that was replaced before release. */
static void on_unknown(struct sink *sink, const void *b, size_t n, bool last)
{
	struct pagemap *p = (struct pagemap *)sink;
	const uint8_t *q = b;

	(void)last;
	if (n && p->source.entries && !p->in_blocks &&
	    (*q >> 3 == PAGEMAP_ENTRY__BLOCKS || *q >> 3 == ENTRY_OBSOLETE))
		p->obsolete = true;
}

static void on_entry(struct sink *sink, const struct message *m)
{
	struct pagemap *p = (struct pagemap *)sink;

	(void)m;
	p->plan.seen = 0;
	p->has_blocks = p->in_blocks = p->obsolete = false;
	p->sum = 0;
	p->n_pending = 0;
	spool_reset(&p->sizes);
}

static enum flat on_flat(struct sink *sink, const struct message *m,
			 const uint8_t *b, size_t n)
{
	struct pagemap *p = (struct pagemap *)sink;

	return plan_read(&p->plan, sink, m, b, n) ? FLAT_OK : FLAT_BAD;
}

static const struct bulk_ops bulk = { .flat = on_flat };

const struct sink_ops pagemap_sink_ops = {
	.entry = on_entry, .begin = on_begin, .end = on_end,
	.number = on_number, .unknown = on_unknown, .bulk = &bulk,
};

// SPDX-License-Identifier: MIT
#include "memory/layer.h"

#include <inttypes.h>
#include <stdio.h>

bool pages_open(struct pages *p, const struct store *dir, const char *base,
		uint64_t page_size, struct pages_pool *pool,
		struct crit_error *err)
{
	char name[64];

	p->page_size = page_size;
	p->pool = pool;
	p->holes = false;
	p->err = err;
	snprintf(name, sizeof(name), "%s.img", base);
	p->top = layer_open(dir, name, page_size, err);
	return p->top != NULL;
}

void pages_close(struct pages *p)
{
	for (struct pages_layer *l = p->top, *next; l; l = next) {
		next = l->parent;
		layer_drop(p->pool, l);
		layer_free(l);
	}
	p->top = NULL;
}

bool pages_none(const struct pages *p)
{
	return p->top->no_map;
}

bool pages_run(struct pages *p, uint64_t addr, struct run *run)
{
	struct pages_layer *l = p->top, *above = NULL;
	uint64_t end = UINT64_MAX;
	bool parent = true;

	for (;;) {
		if (!layer_run(l, addr, run, &parent))
			return false;
		if (run->end > end)
			run->end = end;
		p->holes |= run->kind == RUN_NONE && !parent;
		if (!parent)
			break;
		end = run->end;
		above = l;
		l = layer_parent(p, l);
		if (!l)
			return false;
	}
	if (above && run->kind == RUN_NONE)
		return pagemap_bad(&above->map, "page 0x%" PRIx64 " is in the parent, "
				   "and %s does not have it", addr, l->name);
	return true;
}

bool pages_check(struct pages *p)
{
	if (!p->holes)
		return true;
	for (struct pages_layer *l = p->top; l; l = l->parent)
		if (!layer_seek(l, UINT64_MAX))
			return false;
	return true;
}

/* How much of the pages image no entry describes. */
static uint64_t trailing(struct pages_layer *l)
{
	struct crit_error keep = *l->map.err;

	if (!blob_is(&l->blob) && !layer_file(l)) {
		/* nothing is said to be in it: it need not be there */
		*l->map.err = keep;
		return 0;
	}
	return l->blob.size > l->map.payload ? l->blob.size - l->map.payload : 0;
}

bool pages_finish(struct pages *p, struct pages_end *end)
{
	struct pages_layer *l = p->top;

	*end = (struct pages_end){ .name = l->name, .file = l->file };
	if (!layer_seek(l, UINT64_MAX))
		return false;
	if (l->no_map || !l->map.has_head)
		return true;
	end->has_id = true;
	end->id = l->map.pages_id;
	end->digest = l->map.digest;
	end->trailing = trailing(l);
	if (!l->map.strict || !end->trailing)
		return true;
	l->map.index = l->map.source.entries - 1;
	return pagemap_bad(&l->map, "the last payload ends at %" PRIu64 ", and %s has %"
			   PRIu64 " bytes", l->map.payload, l->file, l->blob.size);
}

// SPDX-License-Identifier: MIT
/*
 *   mappings ─► neighbours of one name ─► of one kind ─► so many at a time
 *
 * Then the runs of pages are painted into the cells of the bands that are left.
 */
#include "draw/space.h"

static bool same_name(const struct space *s, const struct space_band *a,
		      const struct space_band *b)
{
	static const uint64_t near = 64 << 20;

	return b->start - a->end < near && (a->hue == b->hue ||
	       (a->hue <= HUE_TEAL && b->hue <= HUE_TEAL)) &&
	       !strcmp(space_name(s, a->name), space_name(s, b->name));
}

static bool same_kind(const struct space *s, const struct space_band *a,
		      const struct space_band *b)
{
	(void)s;
	return a->hue == b->hue ||
	       (a->hue <= HUE_TEAL && b->hue <= HUE_TEAL);
}

static void append(const struct space *s, struct space_band *a,
		   const struct space_band *b)
{
	if (a->name && b->name &&
	    strcmp(space_name(s, a->name), space_name(s, b->name)))
		a->name = 0;
	if (a->hue > HUE_TEAL && a->hue != b->hue)
		a->hue = HUE_GREY;
	a->end = b->end;
	a->mappings += b->mappings;
	a->prot |= b->prot;
	a->shared |= b->shared;
	memory_bytes_add(&a->bytes, &b->bytes);
}

/* Joins neighbours that are the same; at most so many at a time. */
static void join(const struct space *s, struct list *l, size_t at_a_time,
		 bool (*same)(const struct space *, const struct space_band *,
			      const struct space_band *))
{
	struct space_band *b = l->p;
	size_t n = 0, run = 1;

	for (size_t i = 1; i < l->n; i++) {
		if (run < at_a_time && (!same || same(s, &b[n], &b[i]))) {
			append(s, &b[n], &b[i]);
			run++;
		} else {
			b[++n] = b[i];
			run = 1;
		}
	}
	l->n = l->n ? n + 1 : 0;
}

static bool add_band(struct space *s, struct memory *m, const struct vma *a,
		     struct list *l)
{
	struct space_band *b = l->n ? (struct space_band *)l->p + l->n - 1 : NULL;
	struct space_band next = {
		.start = a->start, .end = a->end, .mappings = 1,
		.hue = space_hue(m, a), .prot = a->prot,
		.shared = vma_is_shared(a),
	};
	char buf[64];
	const char *what = memory_what(m, a, buf, sizeof(buf));

	if (!memory_weigh(m, a, &next.bytes))
		return false;
	next.name = b && b->name && !strcmp(space_name(s, b->name), what) ?
		b->name : space_keep(s, what);
	if (b && same_name(s, b, &next)) {
		append(s, b, &next);
		return true;
	}
	b = list_more(l, sizeof(*b), 1, s->draw->err);
	if (b)
		*b = next;
	return b;
}

/* What of [start, end) lies in each cell of the band. */
static void paint(struct space_band *b, uint64_t start, uint64_t end)
{
	double cell = (double)(b->end - b->start) / SPACE_CELLS;
	double from = (double)(start - b->start) / cell;
	double to = (double)(end - b->start) / cell;

	for (int i = (int)from; i < SPACE_CELLS && i < to; i++) {
		double low = from > i ? from : i, high = to < i + 1 ? to : i + 1;

		b->cells[i] += (float)(high - low);
	}
}

static bool paint_mapping(struct memory *m, const struct vma *a,
			  struct space_band *b)
{
	struct run run;

	for (uint64_t addr = a->start; addr < a->end; addr = run.end) {
		if (!memory_vma_run(m, a, addr, &run))
			return false;
		if (run.kind != RUN_NONE)
			paint(b, run.start, run.end);
	}
	return true;
}

static bool each_mapping(struct space *s, struct memory *m, struct list *l,
			 bool first)
{
	struct space_band *b = l->p;
	size_t at = 0;

	for (uint64_t i = 0; i < m->vmas.n; i++) {
		struct vma a;

		if (!mappings_take(&m->vmas, i, &a))
			return false;
		if (first && !add_band(s, m, &a, l))
			return false;
		while (!first && at < l->n && b[at].end <= a.start)
			at++;
		if (!first && at < l->n && !paint_mapping(m, &a, &b[at]))
			return false;
	}
	return true;
}

bool space_bands(struct space *s, uint32_t pid, struct list *bands)
{
	struct memory m;
	bool absent = false, ok;

	ok = memory_open(&m, s->draw->store, pid, 0, NULL, &absent,
			 s->draw->err) && !absent;
	m.mapped = &s->mapped;
	ok = ok && each_mapping(s, &m, bands, true);
	if (bands->n > SPACE_ROWS)
		join(s, bands, SIZE_MAX, same_kind);
	if (bands->n > SPACE_ROWS)
		join(s, bands, (bands->n + SPACE_ROWS - 1) / SPACE_ROWS, NULL);
	ok = ok && each_mapping(s, &m, bands, false);
	memory_close(&m);
	return ok;
}

// SPDX-License-Identifier: MIT
#include "core/segments.h"

#include <string.h>

enum { PROT_ANY = 7 };

/* A mapping that is being cut: |from  here  mid  absent  to| */
struct cutting {
	struct core_segments *s;
	uint32_t prot;
	bool fill;		/* short gaps are zeros */
	bool lazy;		/* the absent part may not be zeros */
	uint64_t from, mid, to;
};

bool core_segments_file(const struct vma *a)
{
	return vma_is_file(a) && !(a->status & VMA_MEMFD);
}

static bool put(struct cutting *c, uint64_t start, uint64_t end, bool here)
{
	struct core_segment seg;

	if (start == end)
		return true;
	/* padding goes to a file, too */
	memset(&seg, 0, sizeof(seg));
	seg.start = start;
	seg.end = end;
	seg.prot = c->prot;
	seg.here = here;
	c->s->n++;
	return spool_put(&c->s->spool, &seg, sizeof(seg));
}

static bool cut(struct cutting *c)
{
	bool ok = put(c, c->from, c->mid, true) &&
		  put(c, c->mid, c->to, false);

	c->from = c->mid = c->to;
	c->lazy = false;
	return ok;
}

/* Whether the absent part is of the kind that is written as zeros. */
static bool is_gap(const struct cutting *c)
{
	return c->fill && !c->lazy && c->to - c->mid < CORE_HOLE_MIN;
}

static bool add_here(struct cutting *c, uint64_t end)
{
	if (c->to > c->mid && !is_gap(c) && !cut(c))
		return false;
	c->mid = c->to = end;
	return true;
}

static bool finish(struct cutting *c)
{
	if (c->mid > c->from && is_gap(c))
		c->mid = c->to;
	return cut(c);
}

/* The bytes up to end that no image has; the file has those below file_end. */
static bool add_absent(struct cutting *c, const struct run *run,
		       uint64_t file_end)
{
	uint64_t n = run->end - run->start;

	if (run->kind == RUN_LAZY) {
		c->s->lazy += n;
		c->lazy = true;
	} else if (file_end > run->start) {
		if (!add_here(c, file_end < run->end ? file_end : run->end))
			return false;
	}
	c->to = run->end;
	return true;
}

/* vvar, vsyscall and the like have no pages: they need no rule. */
static bool cut_mapping(struct core_segments *s, struct memory *m,
			const struct vma *a, struct core_sysroot *root)
{
	bool file = core_segments_file(a);
	struct cutting c = {
		.s = s, .prot = a->prot & PROT_ANY,
		.fill = !file && a->prot & PROT_ANY,
		.from = a->start, .mid = a->start, .to = a->start,
	};
	uint64_t file_end = file ? core_sysroot_end(root, m, a) : 0;
	struct run run;

	for (uint64_t addr = a->start; addr < a->end; addr = run.end) {
		if (!memory_vma_run(m, a, addr, &run))
			return false;
		if (!(run.kind > RUN_LAZY ? add_here(&c, run.end) :
		      add_absent(&c, &run, file_end)))
			return false;
	}
	return finish(&c);
}

bool core_segments_open(struct core_segments *s, struct memory *m,
			struct core_sysroot *root, uint64_t limit)
{
	memset(s, 0, sizeof(*s));
	s->err = m->err;
	spool_init(&s->spool, m->err);
	for (uint64_t i = 0; i < m->vmas.n; i++) {
		struct vma a;

		if (!mappings_take(&m->vmas, i, &a))
			return false;
		if (a.end <= limit && !cut_mapping(s, m, &a, root))
			return false;
	}
	return !error_is(s->err);
}

void core_segments_close(struct core_segments *s)
{
	spool_free(&s->spool);
}

static bool load(struct core_segments *s, uint64_t i)
{
	size_t size = sizeof(*s->window);
	uint64_t left = s->n - i, at = i * size;
	char *to = (char *)s->window;

	s->first = i;
	s->n_window = left < CORE_SEGMENTS_WINDOW ? left : CORE_SEGMENTS_WINDOW;
	for (size_t n = (size_t)s->n_window * size, k; n; n -= k) {
		k = spool_read(&s->spool, at, to, n);
		if (!k)
			return error_set(s->err, CRIT_EIO, "segments are gone");
		to += k;
		at += k;
	}
	return true;
}

const struct core_segment *core_segments_get(struct core_segments *s,
					     uint64_t i)
{
	if (i < s->first || i >= s->first + s->n_window)
		if (!load(s, i))
			return NULL;
	return &s->window[i - s->first];
}

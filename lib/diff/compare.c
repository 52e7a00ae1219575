// SPDX-License-Identifier: MIT
/*
 *   run of A, run of B ─┬─ the same bytes of one file ─► nothing is read
 *                       ├─ holes of both              ─► nothing is read
 *                       └─ pieces of both, memcmp ─► page by page where not equal
 */
#include "diff/memory.h"
#include "memory/layer.h"

#include <string.h>
#include <sys/stat.h>

static bool is_one_file(struct memories *s, const struct blob *a,
			const struct blob *b)
{
	struct stat x, y;

	if (s->last[0] == a && s->last[1] == b)
		return s->one_file;
	s->last[0] = a;
	s->last[1] = b;
	s->one_file = a->fd >= 0 && b->fd >= 0 && !fstat(a->fd, &x) &&
		      !fstat(b->fd, &y) && x.st_dev == y.st_dev &&
		      x.st_ino == y.st_ino;
	return s->one_file;
}

static uint64_t place(const struct run *r, uint64_t addr)
{
	return r->at + (r->kind == RUN_RAW ? addr - r->start : 0);
}

static bool file_open(struct memories *s, int side, const struct run *run)
{
	s->d->side = side;
	return run->kind < RUN_RAW || pages_file(run);
}

static bool files_open(struct memories *s, const struct run *a,
		       const struct run *b)
{
	return file_open(s, 0, a) && file_open(s, 1, b);
}

/* The same pages image of the same checkpoint. */
static bool is_one_image(const struct pages_layer *a,
			 const struct pages_layer *b)
{
	return a && b && a->map.pages_id == b->map.pages_id &&
	       store_same(a->dir, b->dir);
}

/* Whether they may be the same bytes. */
static bool is_alike(const struct run *a, const struct run *b)
{
	return a->kind == b->kind && a->kind >= RUN_RAW &&
	       a->block == b->block && a->size == b->size;
}

/* The same of what need not be opened to know it. */
static bool is_shared(const struct run *a, const struct run *b, uint64_t addr)
{
	return (a->kind == RUN_ZERO && b->kind == RUN_ZERO) ||
	       (is_alike(a, b) && is_one_image(a->layer, b->layer) &&
		place(a, addr) == place(b, addr));
}

/* Whether both are the same bytes of one file. */
static bool is_same(struct memories *s, const struct run *a,
		    const struct run *b, uint64_t addr)
{
	if (!is_alike(a, b))
		return false;
	return files_open(s, a, b) && is_one_file(s, a->blob, b->blob) &&
	       a->blob->start + place(a, addr) ==
	       b->blob->start + place(b, addr);
}

/* Whether neither side has the bytes: images were copied without memory. */
static bool is_nowhere(struct memories *s, const struct run *a,
		       const struct run *b)
{
	if (a->kind < RUN_RAW || b->kind < RUN_RAW || !a->layer || !b->layer ||
	    !layer_look(a->layer) || !layer_look(b->layer) ||
	    !a->layer->no_file || !b->layer->no_file)
		return false;
	s->nowhere = true;
	return true;
}

/* How many of n bytes at addr are zeros that need not be read; *data: how many
 * after them are not known to be. */
static uint64_t hole_at(struct extent *x, const struct run *r, uint64_t addr,
			uint64_t n, uint64_t *data)
{
	uint64_t at, hole;

	*data = n;
	if (r->kind == RUN_ZERO) {
		*data = 0;
		return n;
	}
	if (r->kind != RUN_RAW)
		return 0;
	at = place(r, addr);
	if (x->blob != r->blob || at < x->from || at >= x->to) {
		blob_next_data(r->blob, at, r->blob->size - at, &hole, data);
		*x = (struct extent){ .blob = r->blob, .from = at,
			.to = at + (hole ? hole : *data), .hole = hole };
		if (x->to == at)
			x->to = at + n;
	}
	*data = x->hole ? 0 : n < x->to - at ? n : x->to - at;
	return !x->hole ? 0 : n < x->to - at ? n : x->to - at;
}

static bool read_all(struct memories *s, int side, const struct run *r,
		     uint64_t addr, size_t n)
{
	s->d->side = side;
	for (size_t got = 0, k; got < n; got += k) {
		k = memory_read(s->m[side], r, addr + got, s->buf[side] + got,
				n - got);
		if (!k)
			return false;
	}
	return true;
}

static void compare_pages(struct memories *s, uint64_t addr, size_t n)
{
	size_t page = (size_t)s->page, k;

	for (size_t i = 0; i < n; i += k) {
		k = n - i < page ? n - i : page;
		if (!memcmp(s->buf[0] + i, s->buf[1] + i, k))
			continue;
		memories_pages(s, addr + i, addr + i + page, CHANGED);
		if (s->d->hex)
			print_hex(s->d, addr + i, s->buf[0] + i, s->buf[1] + i,
				  k);
	}
}

bool compare_runs(struct memories *s, const struct run *a, const struct run *b,
		  uint64_t addr, uint64_t end)
{
	if (is_shared(a, b, addr) || is_nowhere(s, a, b) ||
	    is_same(s, a, b, addr))
		return true;
	if (error_is(s->d->err) || !files_open(s, a, b))
		return false;
	while (addr < end) {
		uint64_t data, left = end - addr, x, y;
		size_t n = left < s->size ? (size_t)left : s->size;

		x = hole_at(&s->extents[0], a, addr, left, &data);
		y = x ? hole_at(&s->extents[1], b, addr, left, &data) : 0;
		x = (x < y ? x : y) & -s->page;
		if (x) {
			addr += x;
			continue;
		}
		if (!read_all(s, 0, a, addr, n) || !read_all(s, 1, b, addr, n))
			return false;
		if (memcmp(s->buf[0], s->buf[1], n))
			compare_pages(s, addr, n);
		addr += n;
	}
	return true;
}

static bool is_zero(const uint8_t *p, size_t n)
{
	return !p[0] && !memcmp(p, p + 1, n - 1);
}

static bool read_lone(struct memories *s, int side, const struct run *run,
		      uint64_t addr, size_t n)
{
	size_t page = (size_t)s->page, k;

	if (!read_all(s, side, run, addr, n))
		return false;
	for (size_t i = 0; i < n; i += k) {
		k = n - i < page ? n - i : page;
		if (!is_zero(s->buf[side] + i, k))
			memories_pages(s, addr + i, addr + i + page,
				       side ? APPEARED : GONE);
	}
	return true;
}

bool compare_lone(struct memories *s, int side, const struct run *run,
		  uint64_t addr, uint64_t end)
{
	uint64_t hole, data;

	if (!s->zeros) {
		memories_pages(s, addr, end, side ? APPEARED : GONE);
		return true;
	}
	if (!file_open(s, side, run))
		return false;
	while (addr < end) {
		uint64_t left = end - addr;
		size_t n = left < s->size ? (size_t)left : s->size;

		hole = hole_at(&s->extents[side], run, addr, left, &data) &
			-s->page;
		if (!hole && !read_lone(s, side, run, addr, n))
			return false;
		addr += hole ? hole : n;
	}
	return true;
}

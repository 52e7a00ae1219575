// SPDX-License-Identifier: MIT
/*
 * Sparse members: where in the file the bytes belong that are in the archive.
 *
 *   old GNU   in the header, and in blocks after it
 *   PAX 0.0   offset and numbytes records; 0.1: one record, "o,n,o,n"
 *   PAX 1.0   lines at the start of the data: count, o, n, o, n
 */
#include "store/tar.h"
#include "base/alloc.h"

#include <string.h>

enum { OLD_FIRST = 386, OLD_N = 4, OLD_MORE = 482, OLD_REAL = 483,
	EXTRA_N = 21, EXTRA_MORE = 504, ENTRY = 24 };

static void begin(struct tar *t, uint64_t real)
{
	t->list = (struct extent_list){ 0 };
	t->real = real;
	t->end = t->packed = 0;
}

/* Ascending, and within the file. */
static bool add(struct tar *t, const struct tar_member *m, uint64_t at,
		uint64_t size)
{
	const struct extent e = { at, size, t->packed };

	if (at < t->end || at > t->real || size > t->real - at)
		return tar_bad(t, m->header, "bad sparse map of %s", m->name);
	t->end = at + size;
	t->packed += size;
	return !size || extents_add(t->extents, &t->list, &e, t->err);
}

/* And all within what is packed. */
static bool finish(struct tar *t, struct tar_member *m)
{
	if (t->packed > m->packed)
		return tar_bad(t, m->header, "bad sparse map of %s", m->name);
	m->size = t->real;
	m->extents = t->list;
	m->sparse = true;
	return true;
}

/* Entries of a header; they end at the first that is empty. */
static bool entries(struct tar *t, const struct tar_member *m,
		    const uint8_t *p, size_t n)
{
	uint64_t at, size;

	for (; n && p[0]; n--, p += ENTRY)
		if (!tar_number(p, 12, &at) || !tar_number(p + 12, 12, &size))
			return tar_bad(t, in_offset(t->in), "bad sparse map");
		else if (!add(t, m, at, size))
			return false;
	return true;
}

bool tar_sparse_old(struct tar *t, const uint8_t *h, struct tar_member *m)
{
	bool more = h[OLD_MORE];
	uint64_t real;

	if (!tar_number(h + OLD_REAL, 12, &real))
		return tar_bad(t, m->header, "bad size field of %s", m->name);
	begin(t, real);
	if (!entries(t, m, h + OLD_FIRST, OLD_N))
		return false;
	in_take(t->in, TAR_BLOCK);
	while (more) {
		h = in_peek(t->in, TAR_BLOCK);
		if (!h)
			return tar_bad(t, in_offset(t->in),
				       "the archive ends within a header");
		more = h[EXTRA_MORE];
		if (!entries(t, m, h, EXTRA_N))
			return false;
		in_take(t->in, TAR_BLOCK);
		m->data += TAR_BLOCK;
		t->next += TAR_BLOCK;
	}
	return finish(t, m);
}

/* A number and the byte that ends it. */
static bool number(const char **p, char end, uint64_t *v)
{
	const char *from = *p;

	for (*v = 0; **p >= '0' && **p <= '9'; ++*p) {
		if (*v > INT64_MAX / 10 - 1)
			return false;
		*v = 10 * *v + (uint64_t)(**p - '0');
	}
	if (*p == from || (**p && **p != end))
		return false;
	*p += **p != 0;
	return true;
}

static bool pairs(struct tar *t, const struct tar_member *m, const char *p)
{
	uint64_t at, size;

	while (*p)
		if (!number(&p, ',', &at) || !number(&p, ',', &size))
			return tar_bad(t, t->special.first, "bad sparse map");
		else if (!add(t, m, at, size))
			return false;
	return true;
}

/* A line of a map that is in the data. */
static bool line(struct tar *t, struct tar_member *m, uint64_t *used,
		 uint64_t *v)
{
	char text[24] = "";
	const char *p = text;

	for (size_t n = 0; n < sizeof(text) - 1 && *used < m->packed; n++) {
		const uint8_t *c = in_peek(t->in, 1);

		if (!c)
			return tar_bad(t, in_offset(t->in),
				       "the archive ends in the data of %s",
				       m->name);
		in_take(t->in, 1);
		++*used;
		text[n] = (char)*c;
		if (*c == '\n' && number(&p, '\n', v))
			return true;
	}
	return tar_bad(t, m->header, "bad sparse map of %s", m->name);
}

static bool lines(struct tar *t, struct tar_member *m)
{
	uint64_t n, at, size, used = 0;

	if (!line(t, m, &used, &n))
		return false;
	for (; n; n--)
		if (!line(t, m, &used, &at) || !line(t, m, &used, &size) ||
		    !add(t, m, at, size))
			return false;
	n = (used + TAR_BLOCK - 1) & ~(uint64_t)(TAR_BLOCK - 1);
	if (n > m->packed)
		return tar_bad(t, m->header, "bad sparse map of %s", m->name);
	m->data += n;
	m->packed -= n;
	return in_skip(t->in, n - used) ||
	       tar_bad(t, in_offset(t->in), "the archive ends in the data of %s",
		       m->name);
}

bool tar_sparse_pax(struct tar *t, struct tar_member *m)
{
	struct tar_special *s = &t->special;

	if (!s->has_real)
		return tar_bad(t, m->header, "sparse member %s has no size",
			       m->name);
	begin(t, s->real);
	if (s->one_zero ? !lines(t, m) : s->map.n && !pairs(t, m, s->map.p))
		return false;
	return finish(t, m);
}

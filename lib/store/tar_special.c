// SPDX-License-Identifier: MIT
/*
 * Headers that speak of the next member:
 *
 *   x  "LEN key=value\n"...   path, linkpath, size, GNU.sparse.*
 *   L, K                      a long name, a long link target
 *   g                         of all members: nothing in it matters here
 */
#include "store/tar.h"
#include "base/alloc.h"
#include "base/xattr.h"
#include "codec/digits.h"

#include <string.h>

static bool room(struct tar *t, struct tar_text *to, size_t n)
{
	size_t cap = to->cap ? to->cap : 256;
	char *more;

	while (cap < to->n + n + 1)
		cap *= 2;
	if (to->p && cap == to->cap)
		return true;
	more = alloc_more(to->p, cap);
	if (!more) {
		error_set(t->err, CRIT_ENOMEM, "out of memory");
		return false;
	}
	to->p = more;
	to->cap = cap;
	return true;
}

static bool add(struct tar *t, struct tar_text *to, const void *p, size_t n)
{
	if (!room(t, to, n))
		return false;
	memcpy(to->p + to->n, p, n);
	to->n += n;
	to->p[to->n] = 0;
	return true;
}

bool tar_take(struct tar *t, struct tar_text *to, uint64_t n)
{
	const uint8_t *p;

	while (n) {
		size_t k = in_some(t->in, n, &p);

		if (!k)
			return tar_bad(t, in_offset(t->in),
				       "the archive ends within a header");
		if (!add(t, to, p, k))
			return false;
		n -= k;
	}
	return add(t, to, "", 0);
}

static void empty(struct tar_text *t)
{
	t->n = 0;
	t->set = false;
}

void tar_special_clear(struct tar_special *s)
{
	struct tar_text *all[] = { &s->name, &s->link, &s->sparse_name, &s->map };

	for (size_t i = 0; i < 4; i++)
		empty(all[i]);
	s->has_uid = s->has_gid = false;
	s->has_size = s->has_real = s->sparse = s->one_zero = s->any = false;
	s->xattrs = false;
}

void tar_special_free(struct tar_special *s)
{
	alloc_free(s->name.p);
	alloc_free(s->link.p);
	alloc_free(s->sparse_name.p);
	alloc_free(s->map.p);
	*s = (struct tar_special){ 0 };
}

static bool decimal(const char *p, size_t n, uint64_t *v)
{
	*v = 0;
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9' || *v > UINT64_MAX / 10 - 1)
			return false;
		*v = 10 * *v + (uint64_t)(p[i] - '0');
	}
	return n && *v <= INT64_MAX - TAR_BLOCK;
}

/* A value of one record of a PAX header. */

static bool put_text(struct tar *t, struct tar_text *to, const char *p, size_t n)
{
	empty(to);
	to->set = true;
	return add(t, to, p, n);
}

static bool put_number(struct tar *t, uint64_t *to, bool *has, const char *p,
		       size_t n)
{
	*has = decimal(p, n, to);
	return *has || tar_bad(t, t->special.first, "bad number in a PAX header");
}

static bool put_path(struct tar *t, const char *p, size_t n)
{
	return put_text(t, &t->special.name, p, n);
}

static bool put_link(struct tar *t, const char *p, size_t n)
{
	return put_text(t, &t->special.link, p, n);
}

static bool put_size(struct tar *t, const char *p, size_t n)
{
	return put_number(t, &t->special.size, &t->special.has_size, p, n);
}

static bool put_uid(struct tar *t, const char *p, size_t n)
{
	return put_number(t, &t->special.uid, &t->special.has_uid, p, n);
}

static bool put_gid(struct tar *t, const char *p, size_t n)
{
	return put_number(t, &t->special.gid, &t->special.has_gid, p, n);
}

static bool put_real(struct tar *t, const char *p, size_t n)
{
	t->special.sparse = true;
	return put_number(t, &t->special.real, &t->special.has_real, p, n);
}

static bool put_sparse_name(struct tar *t, const char *p, size_t n)
{
	return put_text(t, &t->special.sparse_name, p, n);
}

static bool put_major(struct tar *t, const char *p, size_t n)
{
	t->special.sparse = true;
	t->special.one_zero = n == 1 && *p == '1';
	return true;
}

/* 0.0: offset and numbytes by turns; 0.1: all of them in one map */
static bool put_extent(struct tar *t, const char *p, size_t n)
{
	struct tar_text *map = &t->special.map;

	t->special.sparse = map->set = true;
	return (!map->n || add(t, map, ",", 1)) && add(t, map, p, n);
}

static bool put_map(struct tar *t, const char *p, size_t n)
{
	t->special.sparse = true;
	return put_text(t, &t->special.map, p, n);
}

static const struct {
	const char *key;
	bool (*put)(struct tar *, const char *, size_t);
} keys[] = {
	{ "path", put_path }, { "linkpath", put_link }, { "size", put_size },
	{ "uid", put_uid }, { "gid", put_gid },
	{ "GNU.sparse.name", put_sparse_name },
	{ "GNU.sparse.realsize", put_real }, { "GNU.sparse.size", put_real },
	{ "GNU.sparse.major", put_major }, { "GNU.sparse.map", put_map },
	{ "GNU.sparse.offset", put_extent },
	{ "GNU.sparse.numbytes", put_extent },
};

static bool is_xattr(const char *key, size_t n, const char *start)
{
	size_t k = strlen(start);

	return n > k && !memcmp(key, start, k) && xattr_counts(key + k, n - k);
}

static bool record(struct tar *t, const char *p, size_t n)
{
	const char *equal = memchr(p, '=', n);
	size_t key = equal ? (size_t)(equal - p) : 0;

	if (!key)
		return tar_bad(t, t->special.first, "bad PAX record");
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (strlen(keys[i].key) == key && !memcmp(keys[i].key, p, key))
			return memchr(equal, 0, n - key) ?
				tar_bad(t, t->special.first,
					"NUL in a PAX header") :
				keys[i].put(t, equal + 1, n - key - 1);
	t->special.xattrs |= is_xattr(p, key, "SCHILY.xattr.") ||
			     is_xattr(p, key, "LIBARCHIVE.xattr.");
	return true;
}

/* "LEN key=value\n", where LEN counts all of it */
static bool records(struct tar *t, const char *p, size_t n)
{
	while (n && *p) {
		const char *blank = memchr(p, ' ', n < 20 ? n : 20);
		size_t k = blank ? (size_t)(blank - p) : 0;
		uint64_t len;

		if (!k || !decimal(p, k, &len) || len > n || len < k + 3 ||
		    p[len - 1] != '\n')
			return tar_bad(t, t->special.first, "bad PAX record");
		if (!record(t, blank + 1, (size_t)len - k - 2))
			return false;
		p += len;
		n -= (size_t)len;
	}
	return true;
}

static bool pax(struct tar *t, uint64_t size)
{
	struct tar_text text = { 0 };
	bool ok = tar_take(t, &text, size) && records(t, text.p, text.n);

	alloc_free(text.p);
	return ok;
}

bool tar_special(struct tar *t, char type, uint64_t size, uint64_t at)
{
	struct tar_text *to = type == 'L' ? &t->special.name : &t->special.link;

	(void)at;
	if (type == 'g')
		return true;
	if (type == 'x' || type == 'X')
		return pax(t, size);
	empty(to);
	to->set = true;
	return tar_take(t, to, size);
}

// SPDX-License-Identifier: MIT
/*
 *   source ─► (decompressor) ─► window ─► tar ─► members, their bytes
 */
#include "copy/tree.h"
#include "store/source.h"
#include "store/tar.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

struct reading {
	struct source *source;
	struct unpack *unpack;
	struct in in;
	struct tar tar;
	struct extents extents;		/* of a sparse member */
	struct extent_place place;
	struct crit_error *err;

	/* the member being read */
	const struct tar_member *now;
	uint64_t taken;			/* of its packed bytes */
};

static size_t read_source(const struct blob *b, uint64_t at, void *p, size_t n,
			  struct crit_error *err)
{
	const struct reading *r = b->ctx;

	return source_read(r->source, r->unpack, at, p, n, err);
}

static enum member_type type_of(const struct tar_member *m)
{
	switch (m->type) {
	case TAR_DIR:
		return MEMBER_DIR;
	case TAR_LINK:
		return MEMBER_HARDLINK;
	case TAR_SYMLINK:
		return MEMBER_SYMLINK;
	case TAR_OTHER:
		return m->kind == '6' ? MEMBER_FIFO : MEMBER_DEVICE;
	default:
		return MEMBER_FILE;
	}
}

/* Without "./" and slashes before and behind; NULL: it leads out. */
static char *clean(char *to, const char *path)
{
	size_t n = 0;

	while (*path) {
		size_t k = strcspn(path, "/");

		if (k == 2 && !memcmp(path, "..", 2))
			return NULL;
		if (k && !(k == 1 && *path == '.')) {
			if (n + k + 2 > PATH_MAX)
				return NULL;
			if (n)
				to[n++] = '/';
			memcpy(to + n, path, k);
			n += k;
		}
		path += k + strspn(path + k, "/");
	}
	to[n] = 0;
	return to;
}

/* Packed bytes, forward: n of them from offset at. */
static bool take(struct reading *r, uint64_t at, uint8_t *p, size_t n)
{
	if (at < r->taken || !in_skip(&r->in, at - r->taken))
		return false;
	r->taken = at;
	while (n) {
		const uint8_t *q;
		size_t k = in_some(&r->in, n, &q);

		if (!k)
			return false;
		memcpy(p, q, k);
		p += k;
		n -= k;
		r->taken += k;
	}
	return true;
}

/* What is there: data or a hole, n bytes at most. */
static bool find(struct reading *r, uint64_t at, uint64_t n,
		 struct extent *e, struct crit_error *err)
{
	const struct tar_member *m = r->now;

	*e = (struct extent){ at, n, at };
	if (m->sparse && !extents_find(&r->extents, m->extents.first,
				       m->extents.n, &r->place, at, e, err))
		return false;
	e->size = e->size < n ? e->size : n;
	return true;
}

static void next_data(const struct blob *b, uint64_t at, uint64_t n,
		      uint64_t *hole, uint64_t *data)
{
	struct crit_error err;
	struct extent e;

	*hole = 0;
	*data = n;
	error_clear(&err);
	if (!find(b->ctx, at, n, &e, &err) || e.from != EXTENT_HOLE)
		return;
	*hole = e.size;
	*data = n - e.size;
	if (*data && find(b->ctx, at + e.size, *data, &e, &err))
		*data = e.size;
}

static size_t read_member(const struct blob *b, uint64_t at, void *p, size_t n,
			  struct crit_error *err)
{
	struct reading *r = b->ctx;
	struct extent e;

	if (!find(r, at, n, &e, err))
		return 0;
	if (e.from == EXTENT_HOLE)
		memset(p, 0, (size_t)e.size);
	if (e.from == EXTENT_HOLE || take(r, e.from, p, (size_t)e.size))
		return (size_t)e.size;
	if (!error_is(err))
		error_set(err, CRIT_EDATA, "%.100s: the archive ends within it",
			  r->now->name);
	return 0;
}

/* Where the bytes of a member are. */
static struct blob bytes(struct reading *r, const struct tar_member *m)
{
	const struct blob *raw = &r->source->raw;

	if (!r->source->kind && raw->fd >= 0 && !m->sparse)
		return (struct blob){
			.fd = raw->fd, .start = raw->start + m->data,
			.size = m->size,
		};
	return (struct blob){
		.fd = -1, .size = m->size, .read = read_member,
		.next = next_data, .ctx = r,
	};
}

static bool one(struct reading *r, const struct tar_member *m,
		tree_member *each, void *ctx)
{
	char path[PATH_MAX], link[PATH_MAX], place[600];
	struct member to = {
		.path = clean(path, m->name), .place = place, .type = type_of(m),
		.mode = (uint32_t)m->mode & 07777, .uid = (uint32_t)m->uid,
		.gid = (uint32_t)m->gid, .mtime = (int64_t)m->mtime,
		.size = m->size, .link = m->link, .major = (uint32_t)m->major,
		.minor = (uint32_t)m->minor, .block = m->kind == '4',
		.xattrs = m->xattrs,
	};
	struct blob b = bytes(r, m);

	if (to.type == MEMBER_HARDLINK)
		to.link = clean(link, m->link);
	if (!to.path || ((to.type == MEMBER_HARDLINK) && !to.link)) {
		r->err->offset = (int64_t)m->header;
		return error_set(r->err, CRIT_EDATA, "%.100s leads out of the "
				 "archive", m->name);
	}
	snprintf(place, sizeof(place), "%.250s: %.300s", r->source->name, path);
	r->now = m;
	r->taken = 0;
	r->place = (struct extent_place){ 0 };
	if (!*path)
		return true;
	return each(ctx, &to, to.type == MEMBER_FILE ? &b : NULL);
}

static bool run(struct reading *r, tree_member *each, void *ctx)
{
	struct tar_member m;
	bool ok = true;
	int n = 1;

	extents_init(&r->extents);
	tar_open(&r->tar, &r->in, &r->extents, r->err);
	while (ok && (n = tar_next(&r->tar, &m)) > 0) {
		ok = one(r, &m, each, ctx);
		if (m.sparse)
			extents_free(&r->extents);
	}
	tar_close(&r->tar);
	extents_free(&r->extents);
	if (n < 0 && !r->err->image[0])
		snprintf(r->err->image, sizeof(r->err->image), "%.200s",
			 r->source->name);
	/* without its last blocks, a copy that failed looks like this one */
	if (ok && !n && !r->tar.ended)
		ok = error_set(r->err, CRIT_EDATA, "%.200s: the archive "
			"has no end: truncated?", r->source->name);
	return ok && !n;
}

/* Checksums of what is compressed come after the last member. */
static bool drain(struct reading *r)
{
	const uint8_t *p;

	while (in_some(&r->in, UINT64_MAX, &p))
		;
	return !error_is(r->err);
}

bool tree_tar(struct source *s, tree_member *each, void *ctx,
	      struct crit_error *err)
{
	struct reading r = { .source = s, .err = err };
	struct blob b = {
		.fd = -1, .size = BLOB_UNKNOWN, .read = read_source, .ctx = &r,
	};
	bool ok;

	if (s->kind) {
		r.unpack = source_unpack(s, err);
		if (!r.unpack)
			return false;
	} else {
		b.size = s->raw.size;
	}
	ok = in_open_blob(&r.in, &b, err) && run(&r, each, ctx) && drain(&r);
	in_close(&r.in);
	if (s->kind)
		source_unpack_put(s, r.unpack);
	return ok;
}

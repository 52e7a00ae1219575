// SPDX-License-Identifier: MIT
/*
 * The bytes of a member:
 *
 *   offset in the file ─► extent ─► memory, temporary file, source
 */
#include "store/archive.h"
#include "base/alloc.h"

#include <string.h>

enum { BACK = (64 << 10) / CRIT_SCALE };

/* What a decompressor gave last: short steps back are no further pass. */
struct window {
	size_t shard, n;
	uint64_t at;
	uint8_t *bytes;			/* 2 * BACK */
};

struct reader {
	struct archive *a;
	struct member m;
	struct unpack **unpack;		/* of each shard, when it is in use */
	struct extent_place place;
	struct window window;
	bool any_order;
};

static bool unpacked(struct reader *r, size_t shard, struct crit_error *err)
{
	struct source *s = &r->a->source[shard];

	if (!s->kind || r->unpack[shard])
		return true;
	r->unpack[shard] = source_unpack(s, err);
	return r->unpack[shard];
}

/* Before bytes at an offset of a compressed file are read: going back is a
 * further pass over it. After many of them its pages are put aside. */
static bool go(struct reader *r, size_t shard, uint64_t at,
	       struct crit_error *err)
{
	struct archive *a = r->a;
	struct source *s = &a->source[shard];

	if (r->unpack[shard]->pos && r->unpack[shard]->pos <= at)
		return true;
	if (a->note && !a->passes)
		a->note(a->note_ctx, "the archive is read a second time");
	if (a->passes++ < ARCHIVE_PASSES)
		return true;
	source_unpack_put(s, r->unpack[shard]);
	r->unpack[shard] = NULL;
	return archive_again(a, shard, err);
}

static size_t in_window(const struct window *w, size_t shard, uint64_t at,
			void *p, size_t n)
{
	if (shard != w->shard || at < w->at || at - w->at >= w->n)
		return 0;
	if (n > w->n - (at - w->at))
		n = w->n - (size_t)(at - w->at);
	memcpy(p, w->bytes + (at - w->at), n);
	return n;
}

/* Moves it so that at is in its second half, or not far behind. */
static bool move_window(struct reader *r, size_t shard, uint64_t at,
			struct crit_error *err)
{
	struct window *w = &r->window;
	const struct unpack *u = r->unpack[shard];
	uint64_t end = w->at + w->n, from = at > BACK ? at - BACK : 0;

	if (!w->bytes && !(w->bytes = alloc(2 * BACK)))
		return error_set(err, CRIT_ENOMEM, "out of memory");
	if (w->n && w->shard == shard && end <= at && from < end &&
	    u->pos == end) {
		from = from > w->at ? from : w->at;
		memmove(w->bytes, w->bytes + (from - w->at), (size_t)(end - from));
		w->n = (size_t)(end - from);
		w->at = from;
		return true;
	}
	if (u->pos > from && u->pos <= at)
		from = u->pos;
	*w = (struct window){ .shard = shard, .at = from, .bytes = w->bytes };
	return go(r, shard, from, err);
}

/* The next member may be wanted next: of a tar, nothing behind this one is
 * read. */
static size_t room(const struct reader *r)
{
	const struct window *w = &r->window;
	uint64_t end = r->m.from + r->m.packed, at = w->at + w->n;
	size_t n = 2 * BACK - w->n;

	if (r->a->source->content == CONTENT_STREAM || at + n <= end)
		return n;
	return at < end ? (size_t)(end - at) : 0;
}

static size_t read_unpacked(struct reader *r, size_t shard, uint64_t at,
			    void *p, size_t n, struct crit_error *err)
{
	struct source *s = &r->a->source[shard];
	struct window *w = &r->window;
	struct crit_error ignored;
	size_t k = in_window(w, shard, at, p, n);

	if (k || !unpacked(r, shard, err))
		return k;
	if (n >= BACK) {
		w->n = 0;
		k = go(r, shard, at, err);
		return k ? source_read(s, r->unpack[shard], at, p, n, err) : 0;
	}
	if (!move_window(r, shard, at, err))
		return 0;
	error_clear(&ignored);
	do {
		k = source_read(s, r->unpack[shard], w->at + w->n, w->bytes + w->n,
				room(r), w->at + w->n <= at ? err : &ignored);
		w->n += k;
	} while (k && room(r));
	return in_window(w, shard, at, p, n);
}

/* n bytes that are packed, at an offset among them; from of a source has the
 * number of the shard on top. */
static size_t read_packed(struct reader *r, uint64_t at, void *p, size_t n,
			  struct crit_error *err)
{
	const struct member *m = &r->m;
	size_t shard = m->sparse ? (size_t)(at >> ARCHIVE_SHARD) : 0;
	struct blob temp = { .fd = r->a->temp, .size = BLOB_UNKNOWN };
	const struct source *s;
	size_t k;

	if (m->at == MEMBER_GONE) {
		error_set(err, CRIT_EDATA, "its bytes went by in the pipe");
		return 0;
	}
	if (m->at == MEMBER_MEMORY) {
		memcpy(p, m->bytes + at, n);
		return n;
	}
	if (m->at == MEMBER_TEMP)
		return blob_read(&temp, m->from + at, p, n, err);
	at = m->from + (at & ((UINT64_C(1) << ARCHIVE_SHARD) - 1));
	k = shard ? 0 : archive_piece(r->a, at, p, n);
	if (k)
		return k;
	s = &r->a->source[shard];
	if (r->any_order && s->kind && !blob_is(&s->plain))
		return read_unpacked(r, shard, at, p, n, err);
	if (!r->any_order && !unpacked(r, shard, err))
		return 0;
	return source_read(s, r->any_order ? NULL : r->unpack[shard], at, p, n,
			   err);
}

static bool find(struct reader *r, uint64_t at, struct extent *e,
		 struct crit_error *err)
{
	return extents_find(&r->a->extents, r->m.extents, r->m.n_extents,
			    &r->place, at, e, err);
}

static size_t read_sparse(struct reader *r, uint64_t at, void *p, size_t n,
			  struct crit_error *err)
{
	struct extent e;

	if (!find(r, at, &e, err))
		return 0;
	if (n > e.size)
		n = (size_t)e.size;
	if (e.from != EXTENT_HOLE)
		return read_packed(r, e.from, p, n, err);
	memset(p, 0, n);
	return n;
}

static void next_data(const struct blob *b, uint64_t at, uint64_t n,
		      uint64_t *hole, uint64_t *data)
{
	struct reader *r = b->ctx;
	struct crit_error err;
	struct extent e;

	*hole = 0;
	*data = n;
	error_clear(&err);
	if (!r->m.sparse || !find(r, at, &e, &err) || e.from != EXTENT_HOLE)
		return;
	*hole = e.size < n ? e.size : n;
	*data = n - *hole;
	if (*data && find(r, at + *hole, &e, &err) && e.size < *data)
		*data = e.size;
}

static size_t read_member(const struct blob *b, uint64_t at, void *p, size_t n,
			  struct crit_error *err)
{
	struct reader *r = b->ctx;
	size_t got = 0, k = 1;

	while (got < n && k) {
		k = r->m.sparse ? read_sparse(r, at + got, (char *)p + got,
					      n - got, err) :
			read_packed(r, at + got, (char *)p + got, n - got, err);
		got += k;
	}
	return error_is(err) ? 0 : got;
}

static void close_member(struct blob *b)
{
	struct reader *r = b->ctx;

	for (size_t i = 0; i < r->a->n_sources; i++)
		if (r->unpack[i])
			source_unpack_put(&r->a->source[i], r->unpack[i]);
	alloc_free(r->window.bytes);
	alloc_free(r->unpack);
	alloc_free(r);
}

static bool by_function(struct archive *a, const struct member *m,
			struct blob *b, struct crit_error *err)
{
	struct reader *r = alloc_zero(sizeof(*r));

	if (r)
		r->unpack = alloc_zero(a->n_sources * sizeof(struct unpack *));
	if (!r || !r->unpack) {
		alloc_free(r);
		return error_set(err, CRIT_ENOMEM, "out of memory");
	}
	r->a = a;
	r->m = *m;
	r->any_order = archive_any_order(a, m);
	*b = (struct blob){
		.fd = -1, .size = m->size, .read = read_member,
		.close = close_member, .next = next_data, .ctx = r,
	};
	return true;
}

static bool none(const struct archive *a, const struct member *m,
		 struct crit_error *err)
{
	if (m->type == TAR_DIR)
		return error_set(err, CRIT_EDATA, "is a directory");
	if (m->type == TAR_SYMLINK)
		return error_set(err, CRIT_EDATA, "symbolic link to %s: links of "
				 "archives are not followed", a->names + m->link);
	return error_set(err, CRIT_EDATA, m->type == TAR_LINK ?
			 "hard link to a file that is not before it in the "
			 "archive" :
			 "not a regular file");
}

bool archive_blob(struct archive *a, const struct member *m, struct blob *b,
		  struct crit_error *err)
{
	const struct blob *raw = &a->source->raw;

	*b = BLOB_NONE;
	if (m->at == MEMBER_NONE)
		return none(a, m, err);
	if (m->sparse || m->at == MEMBER_GONE || (m->at == MEMBER_SOURCE &&
			  (a->source->kind || raw->fd < 0)))
		return by_function(a, m, b, err);
	if (m->at == MEMBER_MEMORY)
		*b = (struct blob){ .fd = -1, .size = m->size,
				    .bytes = m->bytes };
	else
		*b = (struct blob){
			.fd = m->at == MEMBER_TEMP ? a->temp : raw->fd,
			.start = m->from + (m->at == MEMBER_TEMP ? 0 : raw->start),
			.size = m->size,
			.meter = raw->meter,
		};
	return true;
}

// SPDX-License-Identifier: MIT
/*
 *   member ─► headers ─┐
 *   blob ──► data ─────┼─► padding ─► archive
 *   file of unknown size ─► its place, or a temporary file ─┘
 */
#include "copy/to_tar.h"
#include "base/alloc.h"
#include "base/buffer.h"
#include "copy/tar_header.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool out_open_at(struct to_tar *t, struct blob_copy *out)
{
	if (!blob_copy_open(out, t->fd, t->name, t->target.err))
		return false;
	target_tells(&t->target, out);
	out->sparse = t->file;
	out->pos = t->pos;
	return true;
}

/* Headers at the end of the archive. */
static bool put_headers(struct to_tar *t, struct blob_copy *out,
			const struct member *m, uint64_t packed, bool sparse)
{
	size_t n = tar_headers(t->headers, m, packed, sparse, false);

	if (n)
		return blob_copy_put(out, t->headers, n);
	snprintf(t->target.err->image, sizeof(t->target.err->image), "%.100s",
		 m->path);
	return error_set(t->target.err, CRIT_EDATA, "name or link is too long "
			 "for a tar archive");
}

static bool end(struct to_tar *t, struct blob_copy *out, uint64_t n)
{
	static const uint8_t zeros[TAR_UNIT];
	bool ok = blob_copy_put(out, zeros, tar_padding(n));

	t->pos = out->pos;
	return ok;
}

static bool member(struct target *target, const struct member *m)
{
	struct to_tar *t = (struct to_tar *)target;
	struct blob_copy out;
	bool ok = out_open_at(t, &out) && put_headers(t, &out, m, 0, false);

	t->pos = out.pos;
	blob_copy_close(&out);
	return ok;
}

/* Holes of a file: what a map of them takes, and what the data take. Each
 * number is a line. */
struct map {
	uint64_t extents, text, data;
};

static int digits(uint64_t v)
{
	return snprintf(NULL, 0, "%" PRIu64 "\n", v);
}

static bool put_extent(struct blob_copy *out, uint64_t at, uint64_t n)
{
	char text[48];

	return blob_copy_put(out, text, (size_t)snprintf(text, sizeof(text),
				"%" PRIu64 "\n%" PRIu64 "\n", at, n));
}

/* Calls each extent; the last one, at the end, may be empty. */
static bool each_extent(const struct blob *b, void *ctx,
			bool (*extent)(void *, uint64_t at, uint64_t n))
{
	uint64_t at = 0, hole, data;

	while (at < b->size) {
		blob_next_data(b, at, b->size - at, &hole, &data);
		at += hole;
		if ((data || at == b->size) && !extent(ctx, at, data))
			return false;
		at += data;
	}
	return true;
}

static bool count_extent(void *ctx, uint64_t at, uint64_t n)
{
	struct map *m = ctx;

	m->extents++;
	m->text += (uint64_t)(digits(at) + digits(n));
	m->data += n;
	return true;
}

struct putting {
	struct blob_copy *out;
	const struct blob *b;
	const char *name;
};

static bool map_extent(void *ctx, uint64_t at, uint64_t n)
{
	struct putting *p = ctx;

	return put_extent(p->out, at, n);
}

static bool data_extent(void *ctx, uint64_t at, uint64_t n)
{
	struct putting *p = ctx;

	return blob_copy_range(p->out, p->b, p->name, at, n);
}

static bool put_map(struct blob_copy *out, const struct map *map)
{
	char text[24];

	return blob_copy_put(out, text, (size_t)snprintf(text, sizeof(text),
				"%" PRIu64 "\n", map->extents));
}

static bool put_sparse(struct to_tar *t, struct blob_copy *out,
		       const struct member *m, const struct blob *b,
		       const struct map *map)
{
	static const uint8_t zeros[TAR_UNIT];
	struct putting p = { out, b, member_place(m) };
	uint64_t text = map->text + (uint64_t)digits(map->extents);
	uint64_t packed = text + tar_padding(text) + map->data;

	return put_headers(t, out, m, packed, true) && put_map(out, map) &&
	       each_extent(b, &p, map_extent) &&
	       blob_copy_put(out, zeros, tar_padding(text)) &&
	       each_extent(b, &p, data_extent) && end(t, out, packed);
}

static bool blob(struct target *target, const struct member *of,
		 const struct blob *b)
{
	struct to_tar *t = (struct to_tar *)target;
	struct member m = *of;
	struct map map = { 0 };
	struct blob_copy out;
	bool ok;

	if (!out_open_at(t, &out))
		return false;
	m.size = b->size;
	each_extent(b, &map, count_extent);
	if (map.data < b->size)
		ok = put_sparse(t, &out, &m, b, &map);
	else
		ok = put_headers(t, &out, &m, b->size, false) &&
		     blob_copy_range(&out, b, member_place(&m), 0, b->size) &&
		     end(t, &out, b->size);
	blob_copy_close(&out);
	return ok;
}

/* Straight to its place: its header is filled in by close_file. */
static bool open_direct(struct to_tar *t, struct target_file *f)
{
	size_t n = tar_headers(t->headers, &f->m, 0, false, false);

	if (!n || !out_open_at(t, &f->out))
		return false;
	t->direct = f;
	f->at = t->pos;
	f->out.pos = t->pos + n;
	return true;
}

static bool open_file(struct target *target, struct target_file *f)
{
	struct to_tar *t = (struct to_tar *)target;

	if (t->file && !t->direct)
		return open_direct(t, f);
	f->spool = temp_file(target->err);
	return f->spool >= 0 &&
	       blob_copy_open(&f->out, f->spool, "temporary file", target->err);
}

static bool close_direct(struct to_tar *t, struct target_file *f)
{
	size_t n = tar_headers(t->headers, &f->m, 0, false, false);
	uint64_t size = f->out.pos - f->at - n;
	struct member m = f->m;

	t->direct = NULL;
	f->size = size;
	/* where the size would want an x header of its own, there is no room */
	if (tar_headers(t->headers, &m, size, false, false) != n) {
		size_t at = n - TAR_UNIT;

		tar_headers(t->headers, &m, 0, false, false);
		tar_headers(t->headers + at, &m, size, false, true);
	}
	if (!pwrite_all(t->fd, t->headers, n, f->at)) {
		snprintf(t->target.err->image, sizeof(t->target.err->image),
			 "%s", t->name);
		return error_sys(t->target.err, errno, "cannot write");
	}
	return end(t, &f->out, size);
}

/* Those that were complete before the one at their place was. */
static bool put_waiting(struct to_tar *t)
{
	bool ok = true;

	for (size_t i = 0; i < t->n_waiting; i++) {
		struct to_tar_waiting *w = &t->waiting[i];
		struct blob b = { .fd = w->fd, .size = w->m.size };

		w->m.path = w->path;
		ok = ok && blob(&t->target, &w->m, &b);
		alloc_free(w->path);
		close(w->fd);
	}
	t->n_waiting = 0;
	return ok;
}

/* Takes the temporary file. */
static bool wait_for_direct(struct to_tar *t, struct target_file *f)
{
	struct to_tar_waiting *more = t->waiting;

	if (t->n_waiting == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 16;
		more = alloc_more(t->waiting, t->cap * sizeof(*more));
		if (!more)
			return error_set(t->target.err, CRIT_ENOMEM,
					 "out of memory");
		t->waiting = more;
	}
	more += t->n_waiting;
	*more = (struct to_tar_waiting){ f->m, alloc_text(f->m.path), f->spool };
	if (!more->path)
		return error_set(t->target.err, CRIT_ENOMEM, "out of memory");
	more->m.size = f->size;
	more->m.link = NULL;
	f->spool = -1;
	t->n_waiting++;
	return true;
}

static bool close_file(struct target *target, struct target_file *f)
{
	struct to_tar *t = (struct to_tar *)target;
	struct blob b = { .fd = f->spool };

	if (t->direct == f)
		return close_direct(t, f) && put_waiting(t);
	if (!blob_copy_finish(&f->out))
		return false;
	f->size = b.size = f->out.pos;
	return t->direct ? wait_for_direct(t, f) : blob(target, &f->m, &b);
}

static void forget(struct to_tar *t)
{
	for (size_t i = 0; i < t->n_waiting; i++) {
		alloc_free(t->waiting[i].path);
		close(t->waiting[i].fd);
	}
	alloc_free(t->waiting);
	t->waiting = NULL;
	t->n_waiting = 0;
	alloc_free(t->headers);
	t->headers = NULL;
}

static bool finish(struct target *target)
{
	static const uint8_t zeros[2 * TAR_UNIT];
	struct to_tar *t = (struct to_tar *)target;
	struct blob_copy out;
	bool ok = out_open_at(t, &out) &&
		  blob_copy_put(&out, zeros, sizeof(zeros)) &&
		  blob_copy_finish(&out);

	blob_copy_close(&out);
	if (ok)
		forget(t);
	return ok;
}

static void abort_all(struct target *target)
{
	forget((struct to_tar *)target);
}

static const struct target_ops ops = {
	.member = member, .blob = blob, .open = open_file, .close = close_file,
	.finish = finish, .abort = abort_all,
};

bool to_tar_open(struct to_tar *t, int fd, const char *name,
		 struct crit_error *err)
{
	struct stat st;

	memset(t, 0, sizeof(*t));
	t->target.ops = &ops;
	t->target.err = err;
	t->fd = fd;
	t->name = name;
	t->file = !fstat(fd, &st) && S_ISREG(st.st_mode) && !st.st_size &&
		  !lseek(fd, 0, SEEK_CUR);
	t->headers = alloc(TAR_HEADERS_MAX);
	return t->headers || error_set(err, CRIT_ENOMEM, "out of memory");
}

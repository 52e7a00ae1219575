// SPDX-License-Identifier: MIT
#include "store/archive.h"
#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WINDOW = 1024 };

bool archive_room(void **p, size_t n, size_t *cap, size_t size,
		  struct crit_error *err)
{
	size_t more = *cap ? *cap + *cap / 2 : 64;
	void *to;

	if (n < *cap)
		return true;
	to = alloc_more(*p, more * size);
	if (!to)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	*p = to;
	*cap = more;
	return true;
}

void archive_warn(const struct archive *a, const char *name, const char *what)
{
	struct crit_error w;

	if (!a->how->warn)
		return;
	error_clear(&w);
	snprintf(w.image, sizeof(w.image), "%.120s: %.130s",
		 a->source->name, name);
	error_set(&w, CRIT_EDATA, "warning: %s", what);
	a->how->warn(a->how->ctx, &w);
}

bool archive_path(char *to, size_t size, const char *dir, const char *path)
{
	size_t n = (size_t)snprintf(to, size, "%s", dir);

	while (n < size && *path) {
		size_t k = strcspn(path, "/");

		if (k == 2 && !memcmp(path, "..", 2)) {
			if (!n)
				return false;
			while (n && to[--n] != '/')
				;
			to[n] = 0;
		} else if (k && !(k == 1 && *path == '.')) {
			n += (size_t)snprintf(to + n, size - n, "%s%.*s",
					      n ? "/" : "", (int)k, path);
		}
		path += k + (path[k] == '/');
	}
	return n < size;
}

/* By path; of the same path the last one of the archive comes first. */
static int compare(const void *x, const void *y, void *ctx)
{
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	const struct archive *a = ctx;
	int r = strcmp(archive_name(a, &a->members[i]),
		       archive_name(a, &a->members[j]));

	return r ? r : i < j ? 1 : -1;
}

/* The same bytes; false where that cannot be seen any more. */
static bool same(struct archive *a, const struct member *x,
		 const struct member *y)
{
	uint8_t p[2][512];
	struct blob b[2];
	struct crit_error err;
	bool equal = x->size == y->size && x->type == y->type;

	if (!equal || x->at == MEMBER_GONE || y->at == MEMBER_GONE)
		return equal && !x->size;
	error_clear(&err);
	equal = archive_blob(a, x, &b[0], &err);
	if (!equal)
		return false;
	equal = archive_blob(a, y, &b[1], &err);
	for (uint64_t at = 0; equal && at < x->size; at += 512) {
		size_t n = blob_read(&b[0], at, p[0], 512, &err);

		equal = n == blob_read(&b[1], at, p[1], 512, &err) && n &&
			!memcmp(p[0], p[1], n);
	}
	blob_close(&b[0]);
	if (blob_is(&b[1]))
		blob_close(&b[1]);
	return equal;
}

/* The last one wins, as tar -x has it. What has gone by may have been used. */
static void duplicate(struct archive *a, const struct member *last,
		      const struct member *first)
{
	bool file = !a->source->kind && !source_is_pipe(a->source);

	if (last->type != TAR_FILE || first->type != TAR_FILE)
		return;
	if (!file && !same(a, last, first) && !error_is(a->err)) {
		snprintf(a->err->image, sizeof(a->err->image), "%.120s: %.130s",
			 a->source->name, archive_name(a, last));
		error_set(a->err, CRIT_EDATA, "a second member of this name, "
			  "with other content");
	} else if (file && a->how) {
		archive_warn(a, archive_name(a, last), "there are several "
			     "members of this name; the last one counts");
	}
}

static bool sort(struct archive *a, struct crit_error *err)
{
	uint32_t *to;

	if (a->indexed == a->n)
		return true;
	to = alloc_more(a->sorted, a->n * sizeof(*to));
	if (!to)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	for (size_t i = 0; i < a->n; i++)
		to[i] = (uint32_t)i;
	qsort_r(to, a->n, sizeof(*to), compare, a);
	a->sorted = to;
	a->indexed = a->n_sorted = a->n;
	return true;
}

/* Leaves one of each name. */
static bool finish(struct archive *a)
{
	size_t n = 0;

	if (!sort(a, a->err))
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct member *m = &a->members[a->sorted[i]];
		const struct member *before = n ?
			&a->members[a->sorted[n - 1]] : NULL;

		if (before && !strcmp(archive_name(a, m), archive_name(a, before)))
			duplicate(a, before, m);
		else
			a->sorted[n++] = a->sorted[i];
	}
	a->n_sorted = n;
	return !error_is(a->err);
}

/* The first of sorted that is not before path. */
static size_t lower(const struct archive *a, const char *path)
{
	size_t low = 0, high = a->n_sorted;

	while (low < high) {
		size_t i = low + (high - low) / 2;

		if (strcmp(archive_name(a, &a->members[a->sorted[i]]), path) < 0)
			low = i + 1;
		else
			high = i;
	}
	return low;
}

const struct member *archive_nth(struct archive *a, size_t i)
{
	struct crit_error err;

	error_clear(&err);
	return sort(a, &err) && i < a->n_sorted ?
		&a->members[a->sorted[i]] : NULL;
}

const struct member *archive_find(struct archive *a, const char *path)
{
	const struct member *m = archive_nth(a, 0) ?
		archive_nth(a, lower(a, path)) : NULL;

	return m && !strcmp(archive_name(a, m), path) ? m : NULL;
}

bool archive_has_dir(struct archive *a, const char *path)
{
	char text[ARCHIVE_PATH];
	size_t n = (size_t)snprintf(text, sizeof(text), "%s/", path);
	const struct member *m;

	if (!*path || n >= sizeof(text))
		return !*path;
	m = archive_nth(a, 0) ? archive_nth(a, lower(a, text)) : NULL;
	return m && !strncmp(archive_name(a, m), text, n);
}

static void set_place(struct archive *a, struct crit_error *err)
{
	if (error_is(err) && !err->image[0])
		snprintf(err->image, sizeof(err->image), "%s", a->source->name);
}

/* What is behind the archive's end: checksums stand there. */
static bool drain(struct archive *a, struct in *in)
{
	const uint8_t *p;

	if (!a->source->kind)
		return true;
	while (in_some(in, UINT64_MAX, &p))
		;
	return !error_is(a->err);
}

struct stream {
	struct source *s;
	struct unpack *u;
};

static size_t read_stream(const struct blob *b, uint64_t at, void *p, size_t n,
			  struct crit_error *err)
{
	struct stream *s = b->ctx;

	return source_read(s->s, s->u, at, p, n, err);
}

bool archive_in_open(struct archive *a, size_t shard, struct in *in,
		     struct blob *b)
{
	struct source *s = &a->source[shard];
	struct stream *t = alloc_zero(sizeof(*t));

	if (!t)
		return error_set(a->err, CRIT_ENOMEM, "out of memory");
	t->s = s;
	*b = (struct blob){ .fd = -1, .size = s->kind ? BLOB_UNKNOWN :
		s->raw.size, .read = read_stream, .ctx = t };
	t->u = s->kind ? source_unpack(s, a->err) : NULL;
	if ((s->kind && !t->u) || !in_open_blob(in, b, a->err))
		return archive_in_close(a, in, b);
	/* only what is looked at is read */
	if (!s->kind && !source_is_pipe(s))
		in->cap = WINDOW;
	return true;
}

bool archive_in_close(struct archive *a, struct in *in, struct blob *b)
{
	struct stream *t = b->ctx;

	if (t->u && t->u->trailing)
		archive_warn(a, t->s->kind ? unpack_name(t->s->kind) : "",
			     "other bytes follow the compressed data");
	in_close(in);
	if (t->u)
		source_unpack_put(t->s, t->u);
	alloc_free(t);
	return !error_is(a->err);
}

static bool read_all(struct archive *a)
{
	struct in in = { .fd = -1 };
	struct blob b = BLOB_NONE;
	bool ok;

	if (a->source->content == CONTENT_STREAM) {
		ok = archive_read_streamer(a);
	} else {
		if (!archive_in_open(a, 0, &in, &b))
			return false;
		a->in = &in;
		ok = archive_read_tar(a) && drain(a, &in);
		archive_in_close(a, &in, &b);
	}
	return finish(a) && ok;
}

static bool spool(struct archive *a, struct crit_error *err)
{
	for (size_t i = 0; i < a->n_sources; i++)
		if (source_is_pipe(&a->source[i]) &&
		    a->how->want == STORE_PAGES_ANY &&
		    !source_spool(&a->source[i], err))
			return false;
	if (a->source->spooled && a->how->note)
		a->how->note(a->how->ctx, "the pipe is put into a temporary "
			     "file: its pages are wanted in any order");
	return true;
}

/* The further shards of a stream; each lies where it stays. */
static bool open_shards(struct archive *a, struct crit_error *err)
{
	const struct store_how *how = a->how;

	for (size_t i = 0; i < how->n_shards; i++) {
		struct source *s = &a->source[a->n_sources];

		if (!source_open(s, how->shards[i], a->schema,
				 how->want == STORE_PAGES_ANY, err))
			return false;
		a->n_sources++;
		if (s->content == CONTENT_STREAM || s->content == CONTENT_EMPTY)
			continue;
		snprintf(err->image, sizeof(err->image), "%s", s->name);
		return error_set(err, CRIT_EDATA, "not a shard of "
				 "criu-image-streamer");
	}
	return true;
}

struct archive *archive_open(struct source *s, const struct schema *schema,
			     const struct store_how *how,
			     struct crit_error *damage, struct crit_error *err)
{
	struct archive *a = alloc_zero(sizeof(*a));

	if (!a || !(a->source = alloc((1 + how->n_shards) * sizeof(*s)))) {
		source_close(s);
		alloc_free(a);
		error_set(err, CRIT_ENOMEM, "out of memory");
		return NULL;
	}
	source_move(a->source, s);
	a->n_sources = a->refs = 1;	/* the others are opened later */
	a->temp = -1;
	a->schema = schema;
	a->how = how;
	a->err = how->partial ? damage : err;
	if (how->n_shards && s->content != CONTENT_STREAM)
		error_set(err, CRIT_EDATA, "--shard is of streams only");
	else if (open_shards(a, err) && spool(a, err) && !read_all(a))
		set_place(a, a->err);
	a->how = NULL;
	a->err = NULL;
	set_place(a, err);
	if (!error_is(err))
		return a;
	archive_close(a);
	return NULL;
}

void archive_close(struct archive *a)
{
	if (--a->refs)
		return;
	for (size_t i = 0; i < a->n; i++)
		if (a->members[i].at == MEMBER_MEMORY &&
		    a->members[i].type == TAR_FILE && a->members[i].packed)
			alloc_free(a->members[i].bytes);
	for (size_t i = 0; i < a->n_sources; i++)
		source_close(&a->source[i]);
	if (a->outer)
		store_close(a->outer);
	alloc_free(a->outer);
	if (a->temp >= 0)
		close(a->temp);
	alloc_free(a->source);
	alloc_free(a->members);
	alloc_free(a->names);
	alloc_free(a->sorted);
	alloc_free(a->extents);
	alloc_free(a->past);
	alloc_free(a);
}

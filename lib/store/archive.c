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

/* Where the images are, if that is certain before all names are known. */
static bool set_dir(struct archive *a)
{
	const char *at = a->how->at;
	char path[ARCHIVE_PATH];

	if (a->source->content == CONTENT_STREAM)
		at = at ? at : "";
	else if (!at)
		at = "checkpoint";
	a->dir_known = archive_path(path, sizeof(path), "", at);
	a->dir = alloc_text(a->dir_known ? path : "");
	return a->dir || error_set(a->err, CRIT_ENOMEM, "out of memory");
}

static bool read_all(struct archive *a)
{
	struct in in = { .fd = -1 };
	struct blob b = BLOB_NONE;
	bool ok;

	if (!set_dir(a))
		return false;
	if (a->source->content == CONTENT_STREAM) {
		ok = archive_read_streamer(a);
	} else {
		if (!archive_in_open(a, 0, &in, &b))
			return false;
		a->in = &in;
		ok = archive_read_tar(a) && drain(a, &in);
		archive_in_close(a, &in, &b);
		a->in = NULL;
	}
	return archive_finish(a) && ok;
}

static bool spool(struct archive *a, struct crit_error *err)
{
	for (size_t i = 0; i < a->n_sources; i++)
		if (source_is_pipe(&a->source[i]) &&
		    a->how->want == STORE_PAGES_ANY &&
		    !source_spool(&a->source[i], err))
			return false;
	if (a->source->spooled && a->how->note)
		a->how->note(a->how->ctx, "the pipe is copied to a "
			"temporary file, because its pages are needed in "
			"another order");
	return true;
}

/* The further shards of a stream; each lies where it stays. */
static bool open_shards(struct archive *a, struct crit_error *err)
{
	const struct store_how *how = a->how;

	for (size_t i = 0; i < how->n_shards; i++) {
		struct source *s = &a->source[a->n_sources];

		if (!source_open(s, how->shards[i], a->schema,
				 how->want == STORE_PAGES_ANY, how->meter, err))
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
	extents_init(&a->extents);
	a->schema = schema;
	a->how = how;
	a->note = how->note;
	a->note_ctx = how->ctx;
	a->err = how->partial ? damage : err;
	if (how->n_shards && s->content != CONTENT_STREAM)
		error_set(err, CRIT_EDATA, "--shard works only with streams");
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

void archive_free_bytes(const struct member *m)
{
	if (m->at == MEMBER_MEMORY && m->type == TAR_FILE && m->packed)
		alloc_free(m->bytes);
}

void archive_close(struct archive *a)
{
	if (--a->refs)
		return;
	for (size_t i = 0; i < a->n; i++)
		archive_free_bytes(&a->members[i]);
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
	alloc_free(a->slots);
	alloc_free(a->dir);
	extents_free(&a->extents);
	alloc_free(a->past);
	archive_free_pieces(a);
	alloc_free(a);
}

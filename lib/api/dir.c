// SPDX-License-Identifier: MIT
/*
 *   path, descriptor, function ─► source ─► store ─► names, images
 */
#include "api/dir.h"
#include "api/image.h"
#include "store/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

bool dir_fail(const struct crit_dir *d, struct crit_error *to,
	      const struct crit_error *from)
{
	return api_fail_at(d->place, to, from);
}

/* Opening. */

static bool copy_text(char **to, const char *s)
{
	*to = s ? alloc_text(s) : NULL;
	return *to || !s;
}

static bool copy_how(struct crit_dir *d, const struct crit_how *how)
{
	d->shards = alloc_zero((how->n_shards + 1) * sizeof(*d->shards));
	if (!d->shards || !copy_text(&d->image_dir, how->at) ||
	    !copy_text(&d->parent, how->parent))
		return false;
	for (; d->n_shards < how->n_shards; d->n_shards++)
		if (!copy_text(&d->shards[d->n_shards],
			       how->shards[d->n_shards]))
			return false;
	return true;
}

static struct crit_dir *dir_new(struct crit *c, const char *path,
				const struct crit_how *how,
				struct crit_error *err)
{
	static const struct crit_how none;
	struct crit_dir *d = alloc_zero(sizeof(*d));

	if (d) {
		d->c = c;
		d->dir = (struct store){ .fd = -1 };
		d->path = alloc_text(path);
	}
	if (d && d->path && copy_how(d, how ? how : &none))
		return d;
	crit_dir_close(d);
	api_no_memory(err);
	return NULL;
}

/* "cp.tar.zst: checkpoint/", "dump/" */
static bool set_place(struct crit_dir *d)
{
	size_t n = strlen(d->path);

	if (*d->dir.place)
		return copy_text(&d->place, d->dir.place);
	d->place = alloc(n + 3);
	if (!d->place)
		return false;
	memcpy(d->place, d->path, n + 1);
	if (d->dir.fd < 0)
		strcpy(d->place + n, ": ");
	else if (n && d->path[n - 1] != '/')
		strcpy(d->place + n, "/");
	return true;
}

static bool open_store(struct crit_dir *d, struct source *s, bool follow,
		       struct crit_error *err)
{
	const struct store_how how = {
		.follow = follow, .at = d->image_dir, .parent = d->parent,
		.shards = (const char *const *)d->shards,
		.n_shards = d->n_shards, .warn = api_warn, .ctx = d->c,
	};

	return store_open_source(&d->dir, s, d->c->schema, &how, err) &&
	       store_list(&d->dir, d->path, err) &&
	       (set_place(d) || error_set(err, CRIT_ENOMEM, "out of memory"));
}

/* ok: the source is open. */
static struct crit_dir *opened(struct crit_dir *d, bool ok, struct source *s,
			       const struct crit_how *how,
			       struct crit_error *own, struct crit_error *err)
{
	if (ok && open_store(d, s, how && how->follow, own))
		return d;
	if (!own->image[0])
		snprintf(own->image, sizeof(own->image), "%s", d->path);
	api_fail(err, own);
	crit_dir_close(d);
	return NULL;
}

struct crit_dir *crit_open_checkpoint(struct crit *c, const char *path,
				      const struct crit_how *how,
				      struct crit_error *err)
{
	struct source s;
	struct crit_error e;
	struct crit_dir *d;
	API(c);

	d = dir_new(c, path, how, err);
	if (!d)
		return NULL;
	d->has_path = strcmp(path, "-") != 0;
	error_clear(&e);
	return opened(d, source_open(&s, path, c->schema, true, NULL, &e), &s,
		      how, &e, err);
}

static bool open_blob(struct crit_dir *d, struct source *s, struct blob *b,
		      struct crit_error *err)
{
	/* what cannot be read again */
	if (b->fd < 0 && b->size == BLOB_UNKNOWN && !blob_spool(b, err)) {
		blob_close(b);
		return false;
	}
	return source_open_blob(s, b, d->path, d->c->schema, err);
}

static bool open_fd(struct crit_dir *d, struct source *s, int fd,
		    struct crit_error *err)
{
	struct blob b = BLOB_NONE;
	struct stat st;

	if (fstat(fd, &st))
		return error_sys(err, errno, "cannot open");
	fd = S_ISDIR(st.st_mode) ? openat(fd, ".", O_RDONLY | O_CLOEXEC) :
		fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return error_sys(err, errno, "cannot open");
	if (!S_ISDIR(st.st_mode))
		return blob_open_pipe(&b, fd, true, err) &&
		       open_blob(d, s, &b, err);
	*s = (struct source){
		.dir = fd, .raw = BLOB_NONE, .content = CONTENT_DIR,
	};
	snprintf(s->name, sizeof(s->name), "%s", d->path);
	return true;
}

struct crit_dir *crit_open_checkpoint_fd(struct crit *c, int fd,
					 const char *name,
					 const struct crit_how *how,
					 struct crit_error *err)
{
	struct source s;
	struct crit_error e;
	struct crit_dir *d;
	API(c);

	d = dir_new(c, name ? name : "checkpoint", how, err);
	if (!d)
		return NULL;
	error_clear(&e);
	return opened(d, open_fd(d, &s, fd, &e), &s, how, &e, err);
}

/* The caller's function as a blob. */

static size_t read_bytes(const struct blob *b, uint64_t at, void *p, size_t n,
			 struct crit_error *err)
{
	const struct crit_bytes *bytes = b->ctx;
	int64_t r = bytes->read(bytes->ctx, at, p, n);

	if (r < 0)
		error_sys(err, errno, "cannot read");
	else if ((uint64_t)r > n)
		error_set(err, CRIT_EUSAGE, "the function read more than was "
			  "asked for");
	return r < 0 || (uint64_t)r > n ? 0 : (size_t)r;
}

static void close_bytes(struct blob *b)
{
	struct crit_bytes *bytes = b->ctx;

	if (bytes->close)
		bytes->close(bytes->ctx);
	alloc_free(bytes);
}

struct crit_dir *
crit_open_checkpoint_bytes(struct crit *c, const struct crit_bytes *bytes,
			   const char *name, const struct crit_how *how,
			   struct crit_error *err)
{
	struct blob b = {
		.fd = -1, .size = bytes->size, .read = read_bytes,
		.close = close_bytes,
	};
	struct crit_dir *d;
	struct crit_error e;
	struct source s;
	API(c);

	b.ctx = alloc(sizeof(*bytes));
	d = b.ctx ? dir_new(c, name ? name : "checkpoint", how, err) : NULL;
	if (!d) {
		if (bytes->close)
			bytes->close(bytes->ctx);
		alloc_free(b.ctx);
		return api_no_memory(err), NULL;
	}
	*(struct crit_bytes *)b.ctx = *bytes;
	error_clear(&e);
	return opened(d, open_blob(d, &s, &b, &e), &s, how, &e, err);
}

struct crit_dir *crit_dir_open(struct crit *c, const char *path, bool follow,
			       struct crit_error *err)
{
	const struct crit_how how = { .follow = follow };

	return crit_open_checkpoint(c, path, &how, err);
}

struct crit_dir *crit_dir_open_fd(struct crit *c, int fd, bool follow,
				  struct crit_error *err)
{
	const struct crit_how how = { .follow = follow };

	return crit_open_checkpoint_fd(c, fd, NULL, &how, err);
}

void crit_dir_close(struct crit_dir *d)
{
	if (!d)
		return;
	store_close(&d->dir);
	for (size_t i = 0; i < d->n_shards; i++)
		alloc_free(d->shards[i]);
	alloc_free(d->shards);
	alloc_free(d->image_dir);
	alloc_free(d->parent);
	alloc_free(d->path);
	alloc_free(d->place);
	alloc_free(d);
}

/* Files. */

int crit_dir_next(struct crit_dir *d, struct crit_file *file)
{
	static const enum crit_file_kind kinds[] = {
		[FILE_IMAGE] = CRIT_FILE_IMAGE, [FILE_RAW] = CRIT_FILE_RAW,
		[FILE_OTHER] = CRIT_FILE_OTHER, [FILE_BAD] = CRIT_FILE_IMAGE,
	};
	struct crit_error e;
	struct blob b;
	API(d->c);

	if (d->at == d->dir.n)
		return 0;
	error_clear(&e);
	file->name = d->dir.files[d->at++].name;
	file->kind = kinds[store_look(&d->dir, file->name, &b, &e)];
	blob_close(&b);
	return 1;
}

void crit_dir_rewind(struct crit_dir *d)
{
	d->at = 0;
}

struct crit_image *crit_dir_image(struct crit_dir *d, const char *name,
				  struct crit_error *err)
{
	struct crit_error e;
	struct blob b;
	API(d->c);

	error_clear(&e);
	if (store_blob(&d->dir, name, &b, &e))
		return api_open_blob(d->c, &b, name, d->place, err);
	dir_fail(d, err, &e);
	return NULL;
}

// SPDX-License-Identifier: MIT
#include "store/source.h"
#include "base/alloc.h"
#include "store/streamer.h"
#include "store/tar.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct unpack *source_unpack(struct source *s, struct crit_error *err)
{
	struct unpack *u = s->unpack;

	s->unpack = NULL;
	if (u)
		return u;
	u = alloc(sizeof(*u));
	if (!u) {
		error_set(err, CRIT_ENOMEM, "out of memory");
	} else if (!unpack_open(u, &s->raw, s->kind, err)) {
		alloc_free(u);
		u = NULL;
	}
	return u;
}

void source_unpack_put(struct source *s, struct unpack *u)
{
	struct unpack *old = s->unpack;

	s->unpack = u;
	if (old) {
		unpack_close(old);
		alloc_free(old);
	}
}

size_t source_read(const struct source *s, struct unpack *u, uint64_t at,
		   void *p, size_t n, struct crit_error *err)
{
	if (u)
		return unpack_read(u, at, p, n, err);
	return blob_read(blob_is(&s->plain) ? &s->plain : &s->raw, at, p, n, err);
}

/* n bytes from the start, or all that there are. */
static size_t head(struct source *s, struct unpack *u, uint8_t *p, size_t n,
		   struct crit_error *err)
{
	size_t got = 0, k = 1;

	while (got < n && k) {
		k = source_read(s, u, got, p + got, n - got, err);
		got += k;
	}
	return got;
}

static bool is_text(const uint8_t *p, size_t n)
{
	size_t i = n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3) ? 3 : 0;

	for (; i < n; i++)
		if (p[i] == '{' || (p[i] != '\n' && p[i] != ' ' && p[i] != '\t' &&
				    p[i] != '\r'))
			return p[i] >= ' ' && p[i] < 0x7f;
	return false;
}

/* The name of the first member that is not the directory itself. */
static bool is_layout(struct source *s, struct unpack *u, const uint8_t *first,
		      struct crit_error *err)
{
	static const char *const names[] = { "blobs/", "index.json", "oci-layout" };
	uint8_t p[2 * TAR_BLOCK];

	_Static_assert(sizeof(p) <= UNPACK_LOOK, "a pipe cannot go back");
	const char *name = (const char *)first;

	if (!memcmp(first, "./", 3) && head(s, u, p, sizeof(p), err) == sizeof(p))
		name = (const char *)p + TAR_BLOCK;
	name += name[0] == '.' && name[1] == '/' ? 2 : 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strncmp(name, names[i], strlen(names[i])))
			return true;
	return false;
}

/* Looks at no more than it must: a pipe may have sent little so far. */
static enum content content(struct source *s, struct unpack *u,
			    const struct schema *schema, struct crit_error *err)
{
	uint8_t p[TAR_BLOCK] = { 0 };
	size_t n = head(s, u, p, 4, err);
	uint32_t magic = n < 4 ? 0 : wire_get32(p);

	if (!n)
		return CONTENT_EMPTY;
	if (magic && (magic == MAGIC_COMMON || magic == MAGIC_SERVICE ||
		      schema_image(schema, magic)))
		return CONTENT_IMAGE;
	if (is_text(p, n) && p[0] == '{')
		return CONTENT_TEXT;
	n = head(s, u, p, STREAMER_HEAD, err);
	if (streamer_is(p, n))
		return CONTENT_STREAM;
	n = head(s, u, p, TAR_BLOCK, err);
	if (n == TAR_BLOCK && tar_is_header(p)) {
		s->layout = is_layout(s, u, p, err);
		return CONTENT_TAR;
	}
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return is_text(p, n) ? CONTENT_TEXT : CONTENT_OTHER;
	return CONTENT_ZEROS;
}

static bool look(struct source *s, const struct schema *schema,
		 struct crit_error *err)
{
	uint8_t p[UNPACK_HEAD] = { 0 };
	struct unpack *u;
	size_t n = head(s, NULL, p, 2, err);

	/* not to wait for more than the first byte of a text */
	if (n == 2 && p[0] != '{' && p[0] != '\n')
		n = head(s, NULL, p, UNPACK_HEAD, err);
	if (error_is(err))
		return false;
	s->kind = unpack_kind(p, n);
	if (s->kind && s->any_order && source_is_pipe(s) && !source_spool(s, err))
		return false;
	if (!s->kind) {
		s->content = content(s, NULL, schema, err);
		return !error_is(err);
	}
	if (s->raw.meter && s->raw.size != BLOB_UNKNOWN)
		s->raw.meter->all += s->raw.size;
	u = source_unpack(s, err);
	if (!u)
		return false;
	s->content = content(s, u, schema, err);
	source_unpack_put(s, u);
	return !error_is(err);
}

static bool failed(struct source *s, struct crit_error *err)
{
	snprintf(err->image, sizeof(err->image), "%s", s->name);
	source_close(s);
	return false;
}

static bool open_path(struct source *s, const char *path, struct crit_error *err)
{
	bool in = !strcmp(path, "-");
	int fd = in ? STDIN_FILENO : open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		error_sys(err, errno, "cannot open");
		if (fd > 0)
			close(fd);
		return false;
	}
	if (!S_ISDIR(st.st_mode))
		return blob_open_pipe(&s->raw, fd, !in, err);
	s->dir = in ? dup(fd) : fd;
	s->content = CONTENT_DIR;
	return true;
}

bool source_open(struct source *s, const char *path, const struct schema *schema,
		 bool any_order, struct blob_meter *meter, struct crit_error *err)
{
	*s = (struct source){
		.dir = -1, .raw = BLOB_NONE, .plain = BLOB_NONE,
		.any_order = any_order,
	};
	snprintf(s->name, sizeof(s->name), "%s",
		 strcmp(path, "-") ? path : "standard input");
	if (!open_path(s, path, err))
		return failed(s, err);
	s->raw.meter = meter;
	return s->dir >= 0 || look(s, schema, err) || failed(s, err);
}

bool source_open_blob(struct source *s, struct blob *b, const char *name,
		      const struct schema *schema, struct crit_error *err)
{
	*s = (struct source){ .dir = -1, .raw = *b, .plain = BLOB_NONE };
	snprintf(s->name, sizeof(s->name), "%s", name);
	*b = BLOB_NONE;
	return look(s, schema, err) || failed(s, err);
}

void source_close(struct source *s)
{
	source_unpack_put(s, NULL);
	blob_close(&s->raw);
	blob_close(&s->plain);
	if (s->dir >= 0)
		close(s->dir);
	s->dir = -1;
}

void source_move(struct source *to, struct source *from)
{
	*to = *from;
	if (to->unpack)
		to->unpack->from = to->unpack->in.blob = &to->raw;
}

static size_t read_unpacked(const struct blob *b, uint64_t at, void *p,
			    size_t n, struct crit_error *err)
{
	return unpack_read(b->ctx, at, p, n, err);
}

/* A decompressor has read from the pipe, and continues. */
static bool spool_unpacked(struct source *s, struct crit_error *err)
{
	struct blob b = {
		.fd = -1, .size = BLOB_UNKNOWN, .read = read_unpacked,
		.ctx = s->unpack,
	};

	if (!blob_spool(&b, err))
		return false;
	source_unpack_put(s, NULL);
	b.meter = s->raw.meter;
	blob_close(&s->raw);
	s->raw = b;
	s->kind = NULL;
	return true;
}

bool source_spool(struct source *s, struct crit_error *err)
{
	s->spooled = true;
	return s->unpack ? spool_unpacked(s, err) : blob_spool(&s->raw, err);
}

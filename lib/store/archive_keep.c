// SPDX-License-Identifier: MIT
/*
 * The members of an archive as they come by: indexed, put aside, or passed
 * over.
 */
#include "store/archive.h"
#include "base/alloc.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A text into names; 0 after an error. */
static uint32_t put_name(struct archive *a, const char *text)
{
	size_t n = strlen(text) + 1;

	if (!a->n_names)
		a->n_names = 1;		/* 0 is no name */
	while (a->n_names + n > a->cap_names)
		if (!archive_room((void **)&a->names, a->cap_names,
				  &a->cap_names, 1, a->err))
			return 0;
	if (a->n_names + n > UINT32_MAX) {
		error_set(a->err, CRIT_EDATA, "too many names");
		return 0;
	}
	memcpy(a->names + a->n_names, text, n);
	a->n_names += n;
	return (uint32_t)(a->n_names - n);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n > k && !strcmp(s + n - k, end);
}

static bool is_pages(const struct archive *a, const char *base)
{
	const struct raw_type *raw = schema_raw_file(a->schema, base);

	return raw && strstr(raw->name, "PAGES");
}

/* Layers of an OCI image that come by a pipe before the index says which. */
static bool is_layer(const char *path)
{
	return !strncmp(path, "blobs/sha256/", 13);
}

static bool keep(const struct archive *a, const char *path, uint64_t size)
{
	const char *base = base_name(path);
	bool pipe = source_is_pipe(a->source);

	if (is_pages(a, base))
		return false;
	if (size <= ARCHIVE_SMALL)
		return true;
	if (is_layer(path))
		return pipe;
	return (pipe || size <= ARCHIVE_IMAGE) &&
	       (ends_in(base, ".img") || schema_image_file(a->schema, base));
}

enum member_at archive_place(const struct archive *a, const char *name)
{
	bool pages = is_pages(a, name);

	if (!source_is_pipe(a->source) && (!a->source->kind || pages))
		return MEMBER_SOURCE;
	return pages && a->how->want == STORE_PAGES_NONE ? MEMBER_GONE :
		MEMBER_TEMP;
}

bool archive_to_temp(struct archive *a, struct in *in, uint64_t n)
{
	const uint8_t *p;

	if (a->temp < 0)
		a->temp = temp_file(a->err);
	while (n && a->temp >= 0) {
		size_t k = in_some(in, n, &p);

		if (!k)
			return false;
		if (!pwrite_all(a->temp, p, k, a->temp_size))
			return error_sys(a->err, errno,
					 "cannot write a temporary file");
		a->temp_size += k;
		n -= k;
	}
	return a->temp >= 0;
}

static bool to_memory(struct in *in, uint8_t *to, uint64_t n)
{
	const uint8_t *p;

	while (n) {
		size_t k = in_some(in, n, &p);

		if (!k)
			return false;
		memcpy(to, p, k);
		to += k;
		n -= k;
	}
	return true;
}

/* False: the bytes are not all there; the reader of the format says so. */
static bool put_aside(struct archive *a, struct member *m, struct in *in)
{
	static const uint8_t none;
	uint8_t *to = NULL;

	m->at = MEMBER_MEMORY;
	m->bytes = (uint8_t *)&none;
	if (!m->packed)
		return true;
	if (m->packed <= ARCHIVE_MEMORY - a->in_memory)
		to = alloc((size_t)m->packed);
	if (!to) {
		m->at = MEMBER_TEMP;
		m->from = a->temp_size;
		return archive_to_temp(a, in, m->packed);
	}
	if (!to_memory(in, to, m->packed)) {
		alloc_free(to);
		return false;
	}
	m->bytes = to;
	a->in_memory += (size_t)m->packed;
	return true;
}

/* While how->pages looks at them: forward, and a few steps back. */

static void remember(struct archive *a, const uint8_t *p, size_t k)
{
	if (k > ARCHIVE_PAST) {
		p += k - ARCHIVE_PAST;
		k = ARCHIVE_PAST;
	}
	if (a->n_past + k > 2 * ARCHIVE_PAST) {
		size_t keep = ARCHIVE_PAST;

		memmove(a->past, a->past + a->n_past - keep, keep);
		a->n_past = keep;
	}
	memcpy(a->past + a->n_past, p, k);
	a->n_past += k;
}

static size_t read_past(const struct archive *a, uint64_t back, void *p,
			size_t n, struct crit_error *err)
{
	if (back > a->n_past) {
		error_set(err, CRIT_EIO, "cannot go back in a stream");
		return 0;
	}
	n = n < back ? n : (size_t)back;
	memcpy(p, a->past + a->n_past - back, n);
	return n;
}

/* Takes up to n bytes. */
static size_t take(struct archive *a, uint64_t n, const uint8_t **p)
{
	size_t k = in_some(a->in, n, p);

	remember(a, *p, k);
	a->passed += k;
	return k;
}

static bool pass(struct archive *a, uint64_t n)
{
	const uint8_t *p;

	if (n > ARCHIVE_PAST) {
		if (!in_skip(a->in, n - ARCHIVE_PAST))
			return false;
		a->passed += n - ARCHIVE_PAST;
		a->n_past = 0;
		n = ARCHIVE_PAST;
	}
	while (n) {
		size_t k = take(a, n, &p);

		if (!k)
			return false;
		n -= k;
	}
	return true;
}

static size_t read_passing(const struct blob *b, uint64_t at, void *p, size_t n,
			   struct crit_error *err)
{
	struct archive *a = b->ctx;
	const uint8_t *from = p;
	size_t k;

	if (at < a->passed)
		return read_past(a, a->passed - at, p, n, err);
	if (!pass(a, at - a->passed))
		return 0;
	k = take(a, n, &from);
	memcpy(p, from, k);
	return k;
}

bool archive_put(struct archive *a, struct member *m, const char *path)
{
	struct member *to;

	if (!archive_room((void **)&a->members, a->n, &a->cap, sizeof(*to),
			  a->err))
		return false;
	m->name = put_name(a, path);
	a->members[a->n] = *m;
	a->n += m->name != 0;
	return m->name;
}

static bool offer(struct archive *a, struct member *m, const char *path)
{
	const struct blob b = {
		.fd = -1, .size = m->size, .read = read_passing, .ctx = a,
	};

	if (a->how->want != STORE_PAGES_PASS || m->sparse || !a->how->pages ||
	    !is_pages(a, base_name(path)))
		return false;
	if (!a->past)
		a->past = alloc(2 * ARCHIVE_PAST);
	if (!a->past)
		return false;
	a->passed = a->n_past = 0;
	return archive_offer(a, path, &b);
}

static bool store_bytes(struct archive *a, struct member *m, const char *path,
			struct in *in)
{
	bool file = !source_is_pipe(a->source);
	uint64_t from = in_offset(in);

	m->at = MEMBER_SOURCE;
	m->from = from;
	if (!a->source->kind && file)
		return true;
	if (keep(a, path, m->packed))
		return put_aside(a, m, in);
	if (file) {
		offer(a, m, path);
		return true;
	}
	m->at = MEMBER_GONE;
	if (offer(a, m, path) || a->how->want == STORE_PAGES_NONE ||
	    !is_pages(a, base_name(path)))
		return true;
	if (in_offset(in) != from)
		return error_set(a->err, CRIT_EIO, "%s: cannot go back in a "
				 "pipe", path);
	return put_aside(a, m, in);
}

/* A hard link has what its target had by then. */
static void follow(struct archive *a, struct member *m, const char *link)
{
	char path[ARCHIVE_PATH];
	const struct member *to = NULL;

	m->at = MEMBER_NONE;
	if (archive_path(path, sizeof(path), "", link))
		to = archive_find(a, path);
	if (!to || to->type != TAR_FILE || to->at == MEMBER_GONE)
		return;
	*m = *to;
	/* the bytes are freed by the other one */
	m->type = to->at == MEMBER_MEMORY ? TAR_LINK : TAR_FILE;
}

static bool is_inside(struct archive *a, char *path, size_t size,
		      const char *name)
{
	bool dots = strstr(name, "..") != NULL;

	if (dots)
		for (const char *p = name; *p; p += strcspn(p, "/"), p += *p == '/')
			if (!strncmp(p, "..", 2) && (!p[2] || p[2] == '/')) {
				if (!a->dotdot)
					archive_warn(a, name, "names with .. are "
						     "passed over");
				a->dotdot = true;
				return false;
			}
	return archive_path(path, size, "", name) && *path;
}

bool archive_add(struct archive *a, struct member *m, const char *name,
		 const char *link, struct in *in)
{
	char path[ARCHIVE_PATH];

	if (!is_inside(a, path, sizeof(path), name))
		return true;
	m->link = 0;
	if (m->type == TAR_SYMLINK && !(m->link = put_name(a, link)))
		return false;
	if (m->type == TAR_LINK)
		follow(a, m, link);
	else if (m->type != TAR_FILE)
		m->at = MEMBER_NONE;
	else if (!store_bytes(a, m, path, in))
		return !error_is(a->err);
	return archive_put(a, m, path);
}

static void odd(void *ctx, uint64_t offset, const char *what)
{
	char text[128];

	snprintf(text, sizeof(text), "%s (offset %llu)", what,
		 (unsigned long long)offset);
	archive_warn(ctx, "tar", text);
}

/* The extents of a sparse member, counted from the start of its bytes. */
static bool copy_extents(struct archive *a, struct member *m,
			 const struct tar_member *t)
{
	m->extents = (uint32_t)a->n_extents;
	m->n_extents = (uint32_t)t->n_extents;
	for (size_t i = 0; i < t->n_extents; i++) {
		struct tar_extent e = t->extents[i];

		if (!archive_room((void **)&a->extents, a->n_extents,
				  &a->cap_extents, sizeof(e), a->err))
			return false;
		e.from -= t->data;
		a->extents[a->n_extents++] = e;
	}
	return true;
}

bool archive_read_tar(struct archive *a)
{
	struct tar_member t = { 0 };
	struct tar tar;
	int r;

	tar_open(&tar, a->in, a->err);
	tar.warn = odd;
	tar.ctx = a;
	while ((r = tar_next(&tar, &t)) > 0) {
		struct member m = {
			.type = (uint8_t)t.type, .sparse = t.sparse,
			.size = t.size, .packed = t.packed,
		};

		if (!copy_extents(a, &m, &t) ||
		    !archive_add(a, &m, t.name, t.link, a->in))
			break;
	}
	tar_close(&tar);
	return !r;
}

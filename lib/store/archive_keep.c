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

static bool ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n > k && !strcmp(s + n - k, end);
}

bool archive_is_pages(const struct archive *a, const char *base)
{
	const struct raw_type *raw = schema_raw_file(a->schema, base);

	return raw && strstr(raw->name, "PAGES");
}

static bool keep(const struct archive *a, const char *path, uint64_t size)
{
	const char *base = archive_base(path);
	bool pipe = source_is_pipe(a->source);

	if (archive_is_pages(a, base))
		return false;
	if (size <= ARCHIVE_SMALL)
		return true;
	if (archive_is_layer(path))
		return pipe;
	return (pipe || size <= ARCHIVE_IMAGE) &&
	       (ends_in(base, ".img") || schema_image_file(a->schema, base));
}

enum member_at archive_place(const struct archive *a, const char *name)
{
	bool pages = archive_is_pages(a, name);

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

static bool list(struct archive *a, struct member *m, const char *path)
{
	if (!archive_room((void **)&a->members, a->n, &a->cap, sizeof(*m),
			  a->err))
		return false;
	m->name = put_name(a, path);
	if (!m->name)
		return false;
	a->members[a->n++] = *m;
	if (archive_index(a, a->n - 1))
		return true;
	a->n--;
	return false;
}

bool archive_put(struct archive *a, struct member *m, const char *path)
{
	const struct member *before = archive_find(a, path);

	m->passed |= before && before->passed;
	if (!list(a, m, path)) {
		archive_free_bytes(m);
		return false;
	}
	a->members[a->n - 1].passed |= archive_show(a, m, path);
	return !error_is(a->err);
}

static bool store_bytes(struct archive *a, struct member *m, const char *path,
			struct in *in)
{
	bool file = !source_is_pipe(a->source);
	uint64_t from = in_offset(in);
	bool moved;

	m->at = MEMBER_SOURCE;
	m->from = from;
	if (!a->source->kind && file)
		return true;
	if (m->packed > ARCHIVE_SMALL ||
	    archive_is_pages(a, archive_base(path)))
		m->passed = archive_pass(a, m, path);
	if (error_is(a->err))
		return false;
	moved = in_offset(in) != from && !m->passed;
	if (!m->passed && !moved && keep(a, path, m->packed))
		return put_aside(a, m, in);
	if (file)
		return true;
	m->at = MEMBER_GONE;
	if (moved)
		return error_set(a->err, CRIT_EIO, "%s: cannot go back in a "
				 "pipe", path);
	if (m->passed || a->how->want == STORE_PAGES_NONE ||
	    !archive_is_pages(a, archive_base(path)))
		return true;
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
	if (!to || to->type != TAR_FILE)
		return;
	*m = *to;
	m->passed = false;
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
					archive_warn(a, name, "names with "
						".. are skipped");
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

bool archive_read_tar(struct archive *a)
{
	struct tar_member t = { 0 };
	struct tar tar;
	int r;

	tar_open(&tar, a->in, &a->extents, a->err);
	tar.warn = odd;
	tar.ctx = a;
	while ((r = tar_next(&tar, &t)) > 0) {
		struct member m = {
			.type = (uint8_t)t.type, .sparse = t.sparse,
			.size = t.size, .packed = t.packed,
			.extents = (uint32_t)t.extents.first,
			.n_extents = (uint32_t)t.extents.n,
		};

		if (!archive_add(a, &m, t.name, t.link, a->in))
			break;
	}
	tar_close(&tar);
	if (!r && a->how->whole && !tar.ended)
		return error_set(a->err, CRIT_EDATA, "the archive has no "
			"end: truncated?");
	return !r;
}

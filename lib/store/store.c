// SPDX-License-Identifier: MIT
/*
 *   path ─► what is there ─► a kind of store ─► names, blobs
 */
#include "store/store.h"
#include "base/alloc.h"
#include "store/oci.h"
#include "store/source.h"
#include "codec/wire.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* By bytes, and numbers by value; what strverscmp(3) makes of that depends on
 * the C library. */
static int compare_names(const char *x, const char *y)
{
	size_t at = 0, m, n;

	while (x[at] && x[at] == y[at])
		at++;
	/* where numbers differ, the longer one is the greater */
	for (m = at; is_digit(x[m]); )
		m++;
	for (n = at; is_digit(y[n]); )
		n++;
	if (m != n && ((m > at && n > at) || (at && is_digit(x[at - 1]))))
		return m < n ? -1 : 1;
	return (uint8_t)x[at] - (uint8_t)y[at];
}

static int compare(const void *a, const void *b)
{
	const struct store_file *x = a, *y = b;

	if (x->order != y->order)
		return x->order - y->order;
	return compare_names(x->name, y->name);
}

/* Names lie side by side: a million of them cost little more than their
 * bytes. */
struct store_names {
	struct store_names *next;
	size_t n;
	char text[];
};

enum { NAMES = 4 << 10 };

static char *add_name(struct store *s, const char *name)
{
	size_t n = strlen(name) + 1, room = n > NAMES ? n : NAMES;
	struct store_names *piece = s->names;

	if (!piece || piece->n + n > NAMES) {
		piece = alloc(sizeof(*piece) + room);
		if (!piece)
			return NULL;
		piece->next = s->names;
		piece->n = 0;
		s->names = piece;
	}
	piece->n += n;
	return memcpy(piece->text + piece->n - n, name, n);
}

bool store_add(struct store *s, const char *name, bool regular,
	       struct crit_error *err)
{
	struct store_file *f;

	if (s->n == s->cap) {
		size_t more = s->cap ? 2 * s->cap : 64;

		f = alloc_more(s->files, more * sizeof(*f));
		if (!f)
			return error_set(err, CRIT_ENOMEM, "out of memory");
		s->files = f;
		s->cap = more;
	}
	f = &s->files[s->n];
	f->name = add_name(s, name);
	if (!f->name)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	f->order = schema_file_order(s->schema, name);
	f->regular = regular;
	f->passed = false;
	s->n++;
	return true;
}

static bool named(struct crit_error *err, const char *name)
{
	if (error_is(err) && !err->image[0])
		snprintf(err->image, sizeof(err->image), "%s", name);
	return !error_is(err);
}

static bool not_one(const struct source *s, struct crit_error *err)
{
	static const char *const whats[] = {
		[CONTENT_IMAGE] = "is an image, not a checkpoint",
		[CONTENT_TEXT] = "is text, such as records: expected a "
			"directory or an archive",
		[CONTENT_EMPTY] = "is empty",
		[CONTENT_ZEROS] = "begins with zeros: an archive without "
			"members?",
		[CONTENT_OTHER] = "is neither a directory nor a known "
			"archive (tar, criu-image-streamer)",
	};
	uint8_t p[UNPACK_HEAD];
	const struct unpack_kind *inner;
	size_t n;

	if (!s->kind || !s->unpack)
		return error_set(err, CRIT_EDATA, "%s", whats[s->content]);
	n = unpack_read(s->unpack, 0, p, sizeof(p), err);
	inner = unpack_kind(p, n);
	if (inner)
		return error_set(err, CRIT_EDATA, "not a tar archive, but %s "
				 "within %s: unpack it once", unpack_name(inner),
				 unpack_name(s->kind));
	return error_set(err, CRIT_EDATA, "unpacked from %s it %s",
			 unpack_name(s->kind), whats[s->content]);
}

static bool open_kind(struct store *s, struct source *source,
		      struct crit_error *err)
{
	int fd = source->dir;

	if (source->content == CONTENT_TAR || source->content == CONTENT_STREAM)
		return archive_store_open(s, source, err);
	if (source->content != CONTENT_DIR) {
		not_one(source, err);
		source_close(source);
		return false;
	}
	source->dir = -1;
	return dir_store_open(s, fd, source->name, err) &&
	       (!oci_is(s) || oci_store_open(s, source->name, err));
}

static bool open_outside(struct store *s, struct crit_error *err)
{
	struct store_how how = s->how;

	if (!how.parent)
		return true;
	s->outside = alloc(sizeof(*s->outside));
	if (!s->outside)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	s->owns = true;
	how.parent = how.at = NULL;
	how.pass = NULL;
	how.n_shards = 0;
	if (how.want == STORE_PAGES_PASS)
		how.want = STORE_PAGES_ANY;
	return store_open_how(s->outside, s->how.parent, s->schema, &how, err);
}

bool store_open_source(struct store *s, struct source *source,
		       const struct schema *schema, const struct store_how *how,
		       struct crit_error *err)
{
	char name[sizeof(source->name)];

	snprintf(name, sizeof(name), "%s", source->name);
	*s = (struct store){ .schema = schema, .how = *how, .fd = -1 };
	error_clear(&s->damage);
	if (open_kind(s, source, err) && open_outside(s, err))
		return true;
	named(err, name);
	store_close(s);
	return false;
}

bool store_open_how(struct store *s, const char *path,
		    const struct schema *schema, const struct store_how *how,
		    struct crit_error *err)
{
	struct source source;

	*s = (struct store){ .fd = -1 };
	return source_open(&source, path, schema,
			   how->want == STORE_PAGES_ANY, how->meter, err) &&
	       store_open_source(s, &source, schema, how, err);
}

bool store_open(struct store *s, const char *path, const struct schema *schema,
		bool follow, struct crit_error *err)
{
	const struct store_how how = { .follow = follow };

	return store_open_how(s, path, schema, &how, err);
}

bool store_list(struct store *s, const char *path, struct crit_error *err)
{
	snprintf(err->image, sizeof(err->image), "%s", path);
	if (!s->ops->list(s, err))
		return false;
	if (s->n)
		qsort(s->files, s->n, sizeof(*s->files), compare);
	err->image[0] = 0;
	return true;
}

bool store_open_list(struct store *s, const char *path,
		     const struct schema *schema, bool follow,
		     struct crit_error *err)
{
	return store_open(s, path, schema, follow, err) &&
	       store_list(s, path, err);
}

void store_unlist(struct store *s)
{
	for (struct store_names *p = s->names, *next; p; p = next) {
		next = p->next;
		alloc_free(p);
	}
	s->names = NULL;
	alloc_free(s->files);
	s->files = NULL;
	s->n = s->cap = 0;
}

void store_close(struct store *s)
{
	store_unlist(s);
	if (s->ops)
		s->ops->close(s);
	s->ops = NULL;
	if (s->owns) {
		store_close(s->outside);
		alloc_free(s->outside);
	}
	s->outside = NULL;
	s->owns = false;
}

const struct store_file *store_find(const struct store *s, const char *name)
{
	struct store_file key = {
		.name = (char *)name,
		.order = schema_file_order(s->schema, name),
	};

	return s->n ? bsearch(&key, s->files, s->n, sizeof(key), compare) :
		NULL;
}

/* Statistics are in CRIU's working directory: with containers the one above. */
static bool is_statistics(const char *name)
{
	return !strcmp(name, "stats-dump") || !strcmp(name, "stats-restore");
}

bool store_absent(const struct store *s, const char *name)
{
	struct crit_error err;
	struct blob b;
	bool absent = s->ops->absent(s, name);

	if (!absent || !is_statistics(name))
		return absent;
	error_clear(&err);
	store_beside(s, name, &b, &absent, &err);
	blob_close(&b);
	return absent;
}

bool store_blob(const struct store *s, const char *name, struct blob *blob,
		struct crit_error *err)
{
	*blob = BLOB_NONE;
	snprintf(err->image, sizeof(err->image), "%s", name);
	if (is_statistics(name) && s->ops->absent(s, name)) {
		bool absent;

		return store_beside(s, name, blob, &absent, err) ||
		       (absent && error_sys(err, ENOENT, "cannot open"));
	}
	return s->ops->blob(s, name, blob, err);
}

bool store_parent(const struct store *s, struct store *parent)
{
	*parent = (struct store){
		.schema = s->schema, .how = s->how, .fd = -1,
		.outside = s->outside,
	};
	error_clear(&parent->damage);
	if (s->ops->parent(s, parent))
		return true;
	parent->outside = NULL;
	if (!s->outside)
		return false;
	return s->outside->ops->again(s->outside, parent);
}

bool store_parent_link(const struct store *s, char *to, size_t n)
{
	*to = 0;
	return s->ops->parent_link && s->ops->parent_link(s, to, n);
}

bool store_beside(const struct store *s, const char *name, struct blob *b,
		  bool *absent, struct crit_error *err)
{
	*b = BLOB_NONE;
	*absent = true;
	return s->ops->beside && s->ops->beside(s, name, b, absent, err);
}

static bool is_magic(const struct schema *s, const uint8_t *p, size_t n)
{
	uint32_t magic = n < 4 ? 0 : wire_get32(p);

	return magic && (magic == MAGIC_COMMON || magic == MAGIC_SERVICE ||
			 schema_image(s, magic));
}

static bool named_image(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && !strcmp(name + n - 4, ".img");
}

enum file_is store_look(const struct store *s, const char *name,
			struct blob *blob, struct crit_error *err)
{
	bool named = named_image(name);
	uint8_t head[4];
	size_t n = 0;

	*blob = BLOB_NONE;
	if (schema_raw_file(s->schema, name))
		return FILE_RAW;
	if (!named && !s->ops->regular(s, name))
		return FILE_OTHER;
	/* what is wrong with an image the source says better */
	if (store_blob(s, name, blob, err) && named)
		return FILE_IMAGE;
	if (!error_is(err)) {
		n = blob_read(blob, 0, head, sizeof(head), err);
		if (is_magic(s->schema, head, n))
			return FILE_IMAGE;
		blob_close(blob);
		if (error_is(err))
			return FILE_BAD;
	}
	/* images without .img are not lost where they cannot be opened */
	if (named || schema_image_file(s->schema, name)) {
		error_set(err, CRIT_EDATA, "is not an image: %s", n < sizeof(head) ?
			  "too short for a magic" : "unknown magic");
		return FILE_BAD;
	}
	error_clear(err);
	return FILE_OTHER;
}

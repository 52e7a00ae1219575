// SPDX-License-Identifier: MIT
/*
 *   path ─► what is there ─► a kind of store ─► names, blobs
 */
#include "store/store.h"
#include "base/alloc.h"
#include "codec/wire.h"

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
	f->name = alloc_text(name);
	if (!f->name)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	f->order = schema_file_order(s->schema, name);
	f->regular = regular;
	s->n++;
	return true;
}

bool store_open(struct store *s, const char *path, const struct schema *schema,
		bool follow, struct crit_error *err)
{
	*s = (struct store){ .schema = schema, .follow = follow, .fd = -1 };
	snprintf(err->image, sizeof(err->image), "%s", path);
	if (!dir_store_open(s, path, err))
		return false;
	err->image[0] = 0;
	return true;
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

void store_close(struct store *s)
{
	for (size_t i = 0; i < s->n; i++)
		alloc_free(s->files[i].name);
	alloc_free(s->files);
	s->files = NULL;
	s->n = s->cap = 0;
	if (s->ops)
		s->ops->close(s);
	s->ops = NULL;
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

bool store_absent(const struct store *s, const char *name)
{
	return s->ops->absent(s, name);
}

bool store_blob(const struct store *s, const char *name, struct blob *blob,
		struct crit_error *err)
{
	*blob = BLOB_NONE;
	snprintf(err->image, sizeof(err->image), "%s", name);
	return s->ops->blob(s, name, blob, err);
}

bool store_parent(const struct store *s, struct store *parent)
{
	*parent = (struct store){
		.schema = s->schema, .follow = s->follow, .fd = -1,
	};
	return s->ops->parent(s, parent);
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
		error_set(err, CRIT_EDATA, "is no image: %s", n < sizeof(head) ?
			  "too short for a magic" : "unknown magic");
		return FILE_BAD;
	}
	error_clear(err);
	return FILE_OTHER;
}

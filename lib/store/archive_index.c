// SPDX-License-Identifier: MIT
/*
 * The members of an archive by their paths, while it is being read and after.
 *
 *   path ─► hash ─► the last member of that path
 *   all, sorted by path: when it has been read
 */
#include "store/archive.h"
#include "codec/fnv.h"
#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 64 };

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
			"members of this name; the last one is used");
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

bool archive_finish(struct archive *a)
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

/* The slot of that path: it has a member of it, or none. */
static uint32_t *slot_of(const struct archive *a, const char *path)
{
	size_t i = fnv_text(path) & (a->n_slots - 1);

	while (a->slots[i] && strcmp(path,
			archive_name(a, &a->members[a->slots[i] - 1])))
		i = (i + 1) & (a->n_slots - 1);
	return &a->slots[i];
}

static bool grow(struct archive *a)
{
	size_t n = a->n_slots ? 2 * a->n_slots : FIRST_SLOTS;
	uint32_t *to = alloc_zero(n * sizeof(*to));

	if (!to)
		return error_set(a->err, CRIT_ENOMEM, "out of memory");
	alloc_free(a->slots);
	a->slots = to;
	a->n_slots = n;
	for (size_t i = 0; i < a->n; i++)
		*slot_of(a, archive_name(a, &a->members[i])) = (uint32_t)i + 1;
	return true;
}

bool archive_index(struct archive *a, size_t i)
{
	if (2 * i >= a->n_slots && !grow(a))
		return false;
	*slot_of(a, archive_name(a, &a->members[i])) = (uint32_t)i + 1;
	return true;
}

const struct member *archive_find(const struct archive *a, const char *path)
{
	uint32_t i = a->n_slots ? *slot_of(a, path) : 0;

	return i ? &a->members[i - 1] : NULL;
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

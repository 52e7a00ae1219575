// SPDX-License-Identifier: MIT
/*
 * Members that how->pass is shown while the archive is being read:
 *
 *   put aside ─► store of what came so far ─► how->pass
 *   large, pages: as they come by ─► window ─┘
 */
#include "store/archive.h"
#include "base/alloc.h"

#include <string.h>

/* Bytes that were read last, to be read again from a few steps back. */

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

static bool skip(struct archive *a, uint64_t n)
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
	if (!skip(a, at - a->passed))
		return 0;
	k = take(a, n, &from);
	memcpy(p, from, k);
	if (a->pieces)
		archive_keep_piece(a, a->passing_from + at, p, k);
	return k;
}

/* Whether it lies beside the images that are meant. Those are sure to be meant
 * when one of them has come by. */
static bool is_meant(struct archive *a, const char *path)
{
	size_t n = strlen(a->dir);
	const char *base = archive_base(path);

	if (!a->dir_known || strncmp(path, a->dir, n) ||
	    path + n + (n != 0) != base)
		return false;
	a->sure |= archive_is_image(a, base);
	return a->sure;
}

static bool is_wanted(struct archive *a, const char *path)
{
	const struct store_how *how = a->how;

	return how->pass && (how->want == STORE_PAGES_NONE ||
			     archive_is_pages(a, archive_base(path))) &&
	       is_meant(a, path);
}

bool archive_show(struct archive *a, const struct member *m, const char *path)
{
	return !m->passed && member_is_file(m) && (m->at == MEMBER_MEMORY ||
						   m->at == MEMBER_TEMP) &&
	       is_wanted(a, path) && archive_offer(a, path, NULL);
}

bool archive_pass(struct archive *a, const struct member *m, const char *path)
{
	const struct blob b = {
		.fd = -1, .size = m->size, .read = read_passing, .ctx = a,
	};
	const struct member *before = archive_find(a, path);

	if (m->sparse || !is_wanted(a, path))
		return false;
	if (before && before->passed)
		return true;
	if (!a->past)
		a->past = alloc(2 * ARCHIVE_PAST);
	if (a->how->want == STORE_PAGES_ANY && !a->pieces)
		a->pieces = alloc(ARCHIVE_PIECES_MAX * sizeof(*a->pieces));
	if (!a->past || (a->how->want == STORE_PAGES_ANY && !a->pieces))
		return error_set(a->err, CRIT_ENOMEM, "out of memory");
	a->passed = a->n_past = 0;
	a->passing_from = in_offset(a->in);
	return archive_offer(a, path, &b);
}

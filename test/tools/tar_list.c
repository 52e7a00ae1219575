// SPDX-License-Identifier: MIT
/*
 * tar_list FILE : the members of a tar, compressed or not, as our reader sees
 * them: type, size, a sum of the content, name; then the error, if any, and
 * status 1. The sum passes over zeros: holes are like zeros that are written.
 */
#include "schema/schema.h"
#include "store/archive.h"
#include "store/source.h"
#include "store/tar.h"

#include <stdio.h>
#include <string.h>

struct list {
	struct source source;
	struct unpack *unpack;
	struct in in;
	struct extents extents;
	struct crit_error err;
};

static size_t read_source(const struct blob *b, uint64_t at, void *p, size_t n,
			  struct crit_error *err)
{
	struct list *l = b->ctx;

	return source_read(&l->source, l->unpack, at, p, n, err);
}

static uint64_t mix(uint64_t at, uint8_t byte)
{
	uint64_t h = (at + 1) * UINT64_C(0x9e3779b97f4a7c15) + byte;

	h ^= h >> 29;
	h *= UINT64_C(0xbf58476d1ce4e5b9);
	return h ^ h >> 32;
}

/* n bytes of the archive, which lie at an offset of the file. */
static bool add(struct list *l, uint64_t at, uint64_t n, uint64_t *sum)
{
	const uint8_t *p;

	while (n) {
		size_t k = in_some(&l->in, n, &p);

		if (!k)
			return false;
		for (size_t i = 0; i < k; i++)
			*sum += p[i] ? mix(at + i, p[i]) : 0;
		at += k;
		n -= k;
	}
	return true;
}

static bool add_sparse(struct list *l, const struct tar_member *m, uint64_t *sum)
{
	struct extent_place place = { 0 };
	struct extent e;
	uint64_t at = 0;

	while (at < m->size) {
		if (!extents_find(&l->extents, m->extents.first, m->extents.n,
				  &place, at, &e, &l->err))
			return false;
		if (e.from == EXTENT_HOLE && e.size >= m->size - at)
			break;
		if (e.from != EXTENT_HOLE && !add(l, at, e.size, sum))
			return false;
		at += e.size;
	}
	return true;
}

static bool show(struct list *l, const struct tar_member *m)
{
	static const char types[] = { [TAR_FILE] = 'f', [TAR_DIR] = 'd',
		[TAR_LINK] = 'h', [TAR_SYMLINK] = 'l', [TAR_OTHER] = 'o' };
	bool file = m->type == TAR_FILE;
	char path[ARCHIVE_PATH];
	uint64_t sum = 0;

	if (file && !(m->sparse ? add_sparse(l, m, &sum) :
		      add(l, 0, m->size, &sum)))
		return false;
	if (!archive_path(path, sizeof(path), "", m->name))
		snprintf(path, sizeof(path), "%s", m->name);
	printf("%c %llu %016llx %s%s%s\n", types[m->type],
	       file ? (unsigned long long)m->size : 0,
	       (unsigned long long)sum, path, m->type == TAR_SYMLINK ||
	       m->type == TAR_LINK ? " -> " : "", m->type == TAR_SYMLINK ||
	       m->type == TAR_LINK ? m->link : "");
	return true;
}

static bool list(struct list *l)
{
	struct blob b = {
		.fd = -1, .size = BLOB_UNKNOWN, .read = read_source, .ctx = l,
	};
	struct tar_member m;
	const uint8_t *p;
	struct tar tar;
	int r = 1;

	if (l->source.kind && !(l->unpack = source_unpack(&l->source, &l->err)))
		return false;
	if (!in_open_blob(&l->in, &b, &l->err))
		return false;
	tar_open(&tar, &l->in, &l->extents, &l->err);
	while (r > 0 && (r = tar_next(&tar, &m)) > 0)
		show(l, &m);		/* where it ends, tar_next says so */
	while (!r && in_some(&l->in, UINT64_MAX, &p))
		;
	tar_close(&tar);
	in_close(&l->in);
	return !r && !error_is(&l->err);
}

int main(int argc, char **argv)
{
	struct list l = { 0 };
	char text[512];
	bool ok;

	if (argc != 2)
		return 2;
	extents_init(&l.extents);
	error_clear(&l.err);
	ok = source_open(&l.source, argv[1], &crit_schema, false, NULL, &l.err) &&
	     (l.source.content == CONTENT_TAR ? list(&l) :
	      error_set(&l.err, CRIT_EDATA, "not a tar archive"));
	if (!ok)
		printf("error: %s\n", error_text(&l.err, text, sizeof(text)));
	if (l.unpack)
		source_unpack_put(&l.source, l.unpack);
	source_close(&l.source);
	extents_free(&l.extents);
	return !ok;
}

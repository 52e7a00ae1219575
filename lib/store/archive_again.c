// SPDX-License-Identifier: MIT
/*
 * Readers of members go forward in a compressed archive, each with a decompressor
 * of its own (archive_blob.c). One whose pages are wanted back and forth is read
 * once more, and then no more:
 *
 *   decompressor ─► pages, large images, layers ─► unlinked file, at the same
 *                   offsets; the rest of it are holes
 */
#include "store/archive.h"
#include "base/alloc.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = (256 << 10) / CRIT_SCALE };

struct again {
	struct unpack *u;
	int fd;
	uint8_t *buf;
	struct crit_error *err;
};

/* Bytes [at, at + n), fewer where the archive ends. */
static bool copy(const struct again *g, uint64_t at, uint64_t n,
		 struct crit_error *err)
{
	while (n) {
		size_t k = n < PIECE ? (size_t)n : PIECE;

		k = unpack_read(g->u, at, g->buf, k, err);
		if (!k)
			break;
		if (!pwrite_all(g->fd, g->buf, k, at))
			return error_sys(err, errno, "cannot write a "
					 "temporary file");
		at += k;
		n -= k;
	}
	return true;
}

bool archive_any_order(const struct archive *a, const struct member *m)
{
	const char *path = archive_name(a, m), *base = archive_base(path);

	return a->source->content == CONTENT_STREAM ||
	       archive_is_pages(a, base) || archive_is_image(a, base) ||
	       archive_is_layer(path);
}

static bool copy_members(const struct archive *a, const struct again *g)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct member *m = &a->members[i];

		if (m->at == MEMBER_SOURCE && m->type == TAR_FILE &&
		    archive_any_order(a, m) &&
		    !copy(g, m->from, m->packed, g->err))
			return false;
	}
	return !error_is(g->err);
}

static bool copy_shard(const struct again *g)
{
	struct crit_error own;

	/* what comes before damage is there */
	error_clear(&own);
	if (copy(g, 0, UINT64_MAX, &own))
		return true;
	*g->err = own;
	return false;
}

static bool fill(struct archive *a, struct source *s, int fd,
		 struct crit_error *err)
{
	struct again g = { .fd = fd, .buf = alloc(PIECE), .err = err };
	bool ok = false;

	if (!g.buf)
		error_set(err, CRIT_ENOMEM, "out of memory");
	else if ((g.u = source_unpack(s, err)))
		ok = s->content == CONTENT_STREAM ? copy_shard(&g) :
			copy_members(a, &g);
	if (g.u)
		source_unpack_put(s, g.u);
	alloc_free(g.buf);
	return ok;
}

bool archive_again(struct archive *a, size_t shard, struct crit_error *err)
{
	struct source *s = &a->source[shard];
	int fd;

	if (!s->kind || blob_is(&s->plain))
		return true;
	if (a->note)
		a->note(a->note_ctx, "the archive was read many times: its "
			"pages are put into a temporary file");
	fd = temp_file(err);
	if (fd < 0)
		return false;
	if (!fill(a, s, fd, err)) {
		close(fd);
		return false;
	}
	s->plain = (struct blob){ .fd = fd, .size = BLOB_UNKNOWN };
	return true;
}

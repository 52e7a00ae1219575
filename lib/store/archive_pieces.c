// SPDX-License-Identifier: MIT
/*
 * Bytes of a compressed archive that were looked at as they passed, and are to
 * be asked for again:
 *
 *   how->pass reads a little of a pages image ─► pieces ─► readers of members
 */
#include "store/archive.h"
#include "base/alloc.h"

#include <string.h>

void archive_keep_piece(struct archive *a, uint64_t at, const void *p, size_t n)
{
	struct archive_piece *last = a->n_pieces ? &a->pieces[a->n_pieces - 1] :
		NULL;
	uint8_t *more;

	if (n > ARCHIVE_PIECES - a->in_pieces)
		return;
	if (!last || last->at + last->n != at) {
		if (a->n_pieces == ARCHIVE_PIECES_MAX)
			return;
		last = &a->pieces[a->n_pieces];
		*last = (struct archive_piece){ .at = at };
	}
	/* without it, the archive is read again */
	more = alloc_more(last->bytes, last->n + n);
	if (!more)
		return;
	memcpy(more + last->n, p, n);
	last->bytes = more;
	last->n += n;
	a->in_pieces += n;
	a->n_pieces += last == &a->pieces[a->n_pieces];
}

size_t archive_piece(const struct archive *a, uint64_t at, void *to, size_t n)
{
	for (size_t i = 0; i < a->n_pieces; i++) {
		const struct archive_piece *p = &a->pieces[i];

		if (at < p->at || at - p->at >= p->n)
			continue;
		if (n > p->n - (at - p->at))
			n = p->n - (size_t)(at - p->at);
		memcpy(to, p->bytes + (at - p->at), n);
		return n;
	}
	return 0;
}

void archive_free_pieces(struct archive *a)
{
	for (size_t i = 0; i < a->n_pieces; i++)
		alloc_free(a->pieces[i].bytes);
	alloc_free(a->pieces);
}

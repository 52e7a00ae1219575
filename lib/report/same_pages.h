/* SPDX-License-Identifier: MIT
 *
 * Which of very many pages are equal: their hashes go to a temporary file, in
 * sorted pieces that are merged at the end.
 *
 *   (hash, where, whose) ─► pieces ─► sorted ─► those that have another before
 */
#ifndef CRIT_REPORT_SAME_PAGES_H
#define CRIT_REPORT_SAME_PAGES_H

#include "base/spool.h"

struct same_page {
	uint64_t hash, place;	/* a page that is met twice has one place */
	uint64_t row;		/* that it belongs to */
};

enum { SAME_PAGES_PIECE = (48 << 10) / CRIT_SCALE };	/* 1.1 MiB */

struct same_pages {
	struct same_page *piece;
	size_t n;
	struct spool spool;
	struct crit_error *err;
};

bool same_pages_open(struct same_pages *s, struct crit_error *err);
bool same_pages_add(struct same_pages *s, struct same_page page);

/* Calls equal for each page but the first of those with the same bytes. */
bool same_pages_count(struct same_pages *s,
		      void (*equal)(void *ctx, uint64_t row), void *ctx);
void same_pages_close(struct same_pages *s);

#endif

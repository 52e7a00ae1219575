/* SPDX-License-Identifier: MIT
 *
 * The numbers of pages images that a store uses: pages-N.img, by name and by
 * what pagemaps say.
 */
#ifndef CRIT_CHANGE_PAGES_IDS_H
#define CRIT_CHANGE_PAGES_IDS_H

#include "store/store.h"

struct pages_ids {
	uint64_t *said, *named;		/* said: sorted, with repetitions */
	size_t n_said, n_named;
};

/* The store is listed. False and *err: a pagemap cannot be read. */
bool pages_ids_read(struct pages_ids *ids, const struct store *s,
		    uint64_t page_size, struct crit_error *err);
void pages_ids_free(struct pages_ids *ids);

/* How many pagemaps say this number. */
size_t pages_ids_count(const struct pages_ids *ids, uint64_t id);

/* The first from id on that nothing uses. */
uint64_t pages_ids_unused(const struct pages_ids *ids, uint64_t id);

#endif

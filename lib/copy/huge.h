/* SPDX-License-Identifier: MIT
 *
 * Segments of shared memory that tasks map with huge pages: CRIU leaves their
 * pages raw where it packs others.
 */
#ifndef CRIT_COPY_HUGE_H
#define CRIT_COPY_HUGE_H

#include "store/store.h"

struct huge {
	uint64_t *ids;
	size_t n, cap;
};

/* From the mappings of all tasks. False: *err. huge_close in any case. */
bool huge_read(struct huge *h, const struct store *s, struct crit_error *err);
bool huge_has(const struct huge *h, uint64_t id);
void huge_close(struct huge *h);

#endif

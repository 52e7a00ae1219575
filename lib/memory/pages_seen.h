/* SPDX-License-Identifier: MIT
 *
 * Each pages image belongs to one pagemap. A pagemap that is read again must give
 * the same answer.
 */
#ifndef CRIT_MEMORY_PAGES_SEEN_H
#define CRIT_MEMORY_PAGES_SEEN_H

#include "memory/pages.h"

struct pages_seen;			/* NULL: none yet */

/* Keeps what a pagemap said at its end. *again: it had been seen. False: *err,
 * where another one said otherwise of the same pages image. */
bool pages_seen(struct pages_seen **seen, const struct pages_end *end,
		bool *again, struct crit_error *err);
void pages_seen_free(struct pages_seen *seen);

#endif

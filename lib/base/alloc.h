/* SPDX-License-Identifier: MIT
 *
 * Memory of the heap. It comes from malloc, or from the allocator that a
 * program gave libcrit: each block records its allocator, so that any
 * thread can free it. The allocator in use belongs to the thread, and only while
 * it is inside a function of the API (api.h).
 */
#ifndef CRIT_BASE_ALLOC_H
#define CRIT_BASE_ALLOC_H

#include "crit.h"

/* Each returns NULL where there is no memory. */
void *alloc(size_t n);
void *alloc_zero(size_t n);
void *alloc_more(void *p, size_t n);	/* as realloc */
char *alloc_text(const char *s);	/* as strdup */
void alloc_free(void *p);		/* NULL: nothing */

/* From now on, in this thread; NULL: malloc. It must stay where it is until
 * its last block is freed. Returns what was in use before. */
const struct crit_allocator *alloc_use(const struct crit_allocator *a);

/* The allocator that p came from lies there now. */
void alloc_owner(void *p, const struct crit_allocator *a);

#endif

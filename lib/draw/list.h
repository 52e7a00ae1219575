/* SPDX-License-Identifier: MIT
 *
 * What grows as input is read.
 */
#ifndef CRIT_DRAW_LIST_H
#define CRIT_DRAW_LIST_H

#include "base/alloc.h"
#include "base/error.h"

#include <string.h>

struct list {
	void *p;
	size_t n, cap;
};

/* Room for n more elements; NULL: no memory. They are zeros. */
static inline void *list_more(struct list *l, size_t size, size_t n,
			      struct crit_error *err)
{
	void *at;

	if (!l->p || l->cap - l->n < n) {
		size_t cap = (l->n + n + 1) * 2;
		void *more = alloc_more(l->p, cap * size);

		if (!more) {
			error_set(err, CRIT_ENOMEM, "out of memory");
			return NULL;
		}
		l->p = more;
		l->cap = cap;
	}
	at = (char *)l->p + l->n * size;
	l->n += n;
	return memset(at, 0, n * size);
}

static inline void list_free(struct list *l)
{
	alloc_free(l->p);
	*l = (struct list){ 0 };
}

#endif

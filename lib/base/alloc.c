// SPDX-License-Identifier: MIT
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* Stands before each block. */
struct block {
	_Alignas(max_align_t) const struct crit_allocator *from;
	size_t size;
};

static _Thread_local const struct crit_allocator *in_use;

const struct crit_allocator *alloc_use(const struct crit_allocator *a)
{
	const struct crit_allocator *before = in_use;

	in_use = a;
	return before;
}

void *alloc(size_t n)
{
	const struct crit_allocator *a = in_use;
	struct block *b;

	if (n > SIZE_MAX / 2)
		return NULL;
	b = a ? a->alloc(a->ctx, sizeof(*b) + n) : malloc(sizeof(*b) + n);
	if (!b)
		return NULL;
	b->from = a;
	b->size = n;
	return b + 1;
}

void *alloc_zero(size_t n)
{
	void *p = alloc(n);

	return p ? memset(p, 0, n) : NULL;
}

static void *move(struct block *b, size_t n)
{
	const struct crit_allocator *before = alloc_use(b->from);
	void *p = alloc(n);

	alloc_use(before);
	if (!p)
		return NULL;
	memcpy(p, b + 1, b->size < n ? b->size : n);
	alloc_free(b + 1);
	return p;
}

void *alloc_more(void *p, size_t n)
{
	struct block *b;

	if (!p)
		return alloc(n);
	b = (struct block *)p - 1;
	if (b->from)
		return move(b, n);
	if (n > SIZE_MAX / 2)
		return NULL;
	b = realloc(b, sizeof(*b) + n);
	if (!b)
		return NULL;
	b->size = n;
	return b + 1;
}

char *alloc_text(const char *s)
{
	size_t n = strlen(s) + 1;
	char *p = alloc(n);

	return p ? memcpy(p, s, n) : NULL;
}

void alloc_free(void *p)
{
	struct block *b;

	if (!p)
		return;
	b = (struct block *)p - 1;
	if (b->from)
		b->from->free(b->from->ctx, b);
	else
		free(b);
}

void alloc_owner(void *p, const struct crit_allocator *a)
{
	((struct block *)p - 1)->from = a;
}

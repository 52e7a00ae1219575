/* SPDX-License-Identifier: MIT
 *
 * What the parts of the public API (crit.h) share. Each public function that
 * may ask for memory begins with API(c), so that it comes from the context's
 * allocator.
 */
#ifndef CRIT_API_API_H
#define CRIT_API_API_H

#include "base/alloc.h"
#include "image/read.h"

#include <string.h>

struct crit {
	const struct schema *schema;
	struct schema *loaded;
	struct crit_allocator allocator;
	bool has_allocator;
	void (*warn)(void *ctx, const struct crit_error *);
	void *warn_ctx;
	size_t limit;
};

static inline const struct crit_allocator *api_enter(const struct crit *c)
{
	return alloc_use(c->has_allocator ? &c->allocator : NULL);
}

static inline void api_leave(const struct crit_allocator **before)
{
	alloc_use(*before);
}

#define API(c) \
	__attribute__((cleanup(api_leave))) \
	const struct crit_allocator *api_before = api_enter(c); \
	(void)api_before

/* To the caller, if he wants it. Returns false. */
bool api_fail(struct crit_error *to, const struct crit_error *from);

/* The same; the image in it gets its place before its name ("cp.tar: ", "dir/"; or
 * NULL), if it does not name that already. */
bool api_fail_at(const char *place, struct crit_error *to,
		 const struct crit_error *from);

/* An error of the request itself. Returns false. */
bool api_usage(struct crit_error *to, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool api_no_memory(struct crit_error *to);

/* Warnings of a source to the context's function. ctx: the context. */
void api_warn(void *ctx, const struct crit_error *w);

const char *api_base_name(const char *path);

#endif

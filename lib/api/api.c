// SPDX-License-Identifier: MIT
#include "api/api.h"
#include "schema/load.h"

#include <stdio.h>
#include <string.h>

bool api_fail(struct crit_error *to, const struct crit_error *from)
{
	if (to)
		*to = *from;
	return false;
}

/* A name is never cut for its place: that loses its beginning. */
static void set_image(struct crit_error *e, const char *place, size_t n,
		      const char *name)
{
	size_t size = strlen(name) + 1, room = sizeof(e->image) - size;
	size_t cut = n > room ? n - room : 0;

	if (cut && room < 3)
		return;
	memmove(e->image + n - cut, name, size);
	memcpy(e->image, place + cut, n - cut);
	if (cut)
		memcpy(e->image, "...", 3);
}

bool api_fail_at(const char *place, struct crit_error *to,
		 const struct crit_error *from)
{
	size_t n = place ? strlen(place) : 0, bare = n;

	if (!to)
		return false;
	*to = *from;
	/* alone: "cp.tar", not "cp.tar: " */
	while (bare > 1 && strchr("/: ", place[bare - 1]))
		bare--;
	if (!n || to->code == CRIT_ENOMEM ||
	    !strncmp(from->image, place, bare))
		return false;
	if (!from->image[0])
		n = bare;
	set_image(to, place, n, to->image);
	return false;
}

bool api_usage(struct crit_error *to, const char *fmt, ...)
{
	va_list ap;

	if (!to)
		return false;
	error_clear(to);
	to->code = CRIT_EUSAGE;
	va_start(ap, fmt);
	vsnprintf(to->what, sizeof(to->what), fmt, ap);
	va_end(ap);
	return false;
}

bool api_no_memory(struct crit_error *to)
{
	if (!to)
		return false;
	error_clear(to);
	return error_set(to, CRIT_ENOMEM, "out of memory");
}

void api_warn(void *ctx, const struct crit_error *w)
{
	static const char word[] = "warning: ";
	const struct crit *c = ctx;
	struct crit_error said = *w;

	if (!c->warn)
		return;
	if (strncmp(w->what, word, sizeof(word) - 1))
		snprintf(said.what, sizeof(said.what), "%s%.240s", word, w->what);
	c->warn(c->warn_ctx, &said);
}

const char *api_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *crit_error_text(const struct crit_error *err, char *buf, size_t size)
{
	return error_text(err, buf, size);
}

const char *crit_version(void)
{
	return CRIT_VERSION;
}

struct crit *crit_new(const struct crit_allocator *allocator)
{
	const struct crit_allocator *before = alloc_use(allocator);
	struct crit *c = alloc_zero(sizeof(*c));

	alloc_use(before);
	if (!c)
		return NULL;
	c->schema = &crit_schema;
	c->limit = 1 << 30;
	c->has_allocator = allocator;
	if (allocator) {
		c->allocator = *allocator;
		alloc_owner(c, &c->allocator);
	}
	return c;
}

void crit_free(struct crit *c)
{
	if (!c)
		return;
	schema_free(c->loaded);
	alloc_free(c);
}

bool crit_set_schema(struct crit *c, const void *set, size_t n,
		     struct crit_error *err)
{
	struct crit_error e;
	uint8_t *copy;
	API(c);

	if (c->loaded)
		return api_usage(err, "the schema is set already");
	copy = n < SIZE_MAX / 2 ? alloc(n + WIRE_SLOP) : NULL;
	if (!copy)
		return api_no_memory(err);
	memcpy(copy, set, n);
	memset(copy + n, 0, WIRE_SLOP);
	error_clear(&e);
	c->loaded = schema_load(c->schema, copy, n, &e);
	alloc_free(copy);
	if (!c->loaded)
		return api_fail(err, &e);
	c->schema = c->loaded;
	return true;
}

void crit_set_warn(struct crit *c,
		   void (*warn)(void *ctx, const struct crit_error *),
		   void *ctx)
{
	c->warn = warn;
	c->warn_ctx = ctx;
}

void crit_set_limit(struct crit *c, size_t bytes)
{
	c->limit = bytes;
}

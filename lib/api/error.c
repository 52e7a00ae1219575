// SPDX-License-Identifier: MIT
// Errors for languages that do not lay out C structures.
#include "api/api.h"

struct crit_error *crit_error_new(struct crit *c)
{
	const struct crit_allocator *before = c ? api_enter(c) : alloc_use(NULL);
	struct crit_error *err = alloc(sizeof(*err));

	if (err)
		error_clear(err);
	alloc_use(before);
	return err;
}

void crit_error_free(struct crit_error *err)
{
	alloc_free(err);
}

int64_t crit_error_number(const struct crit_error *err, const char *member)
{
	const struct { const char *name; int64_t value; } all[] = {
		{ "code", err->code }, { "sys", err->sys },
		{ "entry", err->entry }, { "offset", err->offset },
		{ "line", err->line }, { "column", err->column },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (!strcmp(all[i].name, member))
			return all[i].value;
	return -1;
}

const char *crit_error_string(const struct crit_error *err, const char *member)
{
	return !strcmp(member, "image") ? err->image :
	       !strcmp(member, "path") ? err->path :
	       !strcmp(member, "what") ? err->what : NULL;
}

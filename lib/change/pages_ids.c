// SPDX-License-Identifier: MIT
#include "change/pages_ids.h"
#include "base/alloc.h"
#include "memory/pagemap.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static bool read_head(const struct store *s, const char *name,
		      uint64_t page_size, uint64_t *id, bool *none,
		      struct crit_error *err)
{
	struct pagemap p;
	bool ok = pagemap_open(&p, s, name, page_size, none, err);

	if (ok)
		*id = p.pages_id;
	*none |= ok && !p.has_head;
	pagemap_close(&p);
	return ok || *none;
}

bool pages_ids_read(struct pages_ids *ids, const struct store *s,
		    uint64_t page_size, struct crit_error *err)
{
	*ids = (struct pages_ids){ 0 };
	ids->said = alloc((s->n + 1) * sizeof(*ids->said));
	ids->named = alloc((s->n + 1) * sizeof(*ids->named));
	if (!ids->said || !ids->named)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	for (size_t i = 0; i < s->n; i++) {
		const char *name = s->files[i].name;
		bool none = false;
		uint64_t id = 0;

		if (store_number(name, "pages-", &id))
			ids->named[ids->n_named++] = id;
		if (strncmp(name, "pagemap-", 8))
			continue;
		if (!read_head(s, name, page_size, &id, &none, err))
			return false;
		if (!none)
			ids->said[ids->n_said++] = id;
	}
	qsort(ids->said, ids->n_said, sizeof(*ids->said), compare);
	qsort(ids->named, ids->n_named, sizeof(*ids->named), compare);
	return true;
}

void pages_ids_free(struct pages_ids *ids)
{
	alloc_free(ids->said);
	alloc_free(ids->named);
	*ids = (struct pages_ids){ 0 };
}

/* The first that is not below id. */
static size_t lower(const uint64_t *list, size_t n, uint64_t id)
{
	size_t from = 0;

	while (from < n) {
		size_t mid = from + (n - from) / 2;

		if (list[mid] < id)
			from = mid + 1;
		else
			n = mid;
	}
	return from;
}

size_t pages_ids_count(const struct pages_ids *ids, uint64_t id)
{
	return lower(ids->said, ids->n_said, id + 1) -
	       lower(ids->said, ids->n_said, id);
}

uint64_t pages_ids_unused(const struct pages_ids *ids, uint64_t id)
{
	for (;; id++) {
		size_t i = lower(ids->named, ids->n_named, id);

		if (!pages_ids_count(ids, id) &&
		    (i == ids->n_named || ids->named[i] != id))
			return id;
	}
}

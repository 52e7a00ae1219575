// SPDX-License-Identifier: MIT
/*
 *   mm-PID.img of each task ─► mappings of huge pages ─► their segments
 */
#include "copy/huge.h"
#include "base/alloc.h"
#include "memory/address_space.h"

#include <stdlib.h>
#include <string.h>

bool huge_has(const struct huge *h, uint64_t id)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->ids[i] == id)
			return true;
	return false;
}

static bool add(struct huge *h, uint64_t id, struct crit_error *err)
{
	uint64_t *more = h->ids;

	if (huge_has(h, id))
		return true;
	if (h->n == h->cap) {
		h->cap = h->cap ? 2 * h->cap : 8;
		more = alloc_more(h->ids, h->cap * sizeof(*more));
		if (!more)
			return error_set(err, CRIT_ENOMEM, "out of memory");
		h->ids = more;
	}
	more[h->n++] = id;
	return true;
}

static bool add_all(struct huge *h, struct memory *m)
{
	for (uint64_t i = 0; i < m->vmas.n; i++) {
		const struct vma *v = mappings_get(&m->vmas, i);
		uint64_t id;

		if (!v)
			return false;
		if (v->flags & VMA_MAP_HUGETLB && memory_segment(m, v, &id) &&
		    !add(h, id, m->err))
			return false;
	}
	return true;
}

/* Files are wanted at first; then they are known. */
static bool task(struct huge *h, const struct store *s, uint32_t pid,
		 struct mapped_files *files, bool known, struct crit_error *err)
{
	struct memory m;
	bool absent, ok;

	ok = memory_open(&m, s, pid, 0, known ? NULL : files, &absent, err);
	m.mapped = files;
	ok = ok && (!known || add_all(h, &m));
	memory_close(&m);
	return ok;
}

static bool tasks(struct huge *h, const struct store *s,
		  struct mapped_files *files, bool known, struct crit_error *err)
{
	for (size_t i = 0; i < s->n; i++) {
		const char *name = s->files[i].name;
		char *end;
		unsigned long pid;

		if (strncmp(name, "mm-", 3) || name[3] < '0' || name[3] > '9')
			continue;
		pid = strtoul(name + 3, &end, 10);
		if (!strcmp(end, ".img") &&
		    !task(h, s, (uint32_t)pid, files, known, err))
			return false;
	}
	return true;
}

bool huge_read(struct huge *h, const struct store *s, struct crit_error *err)
{
	struct mapped_files files;
	bool ok;

	*h = (struct huge){ .n = 0 };
	mapped_files_init(&files, err);
	ok = tasks(h, s, &files, false, err) && mapped_files_load(&files, s) &&
	     tasks(h, s, &files, true, err);
	mapped_files_close(&files);
	return ok;
}

void huge_close(struct huge *h)
{
	alloc_free(h->ids);
	*h = (struct huge){ .n = 0 };
}

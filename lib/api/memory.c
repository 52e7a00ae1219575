// SPDX-License-Identifier: MIT
/*
 * The memory of a task through the API: opened, read, and where its bytes are.
 */
#include "api/memory.h"
#include "memory/each_task.h"

#include <inttypes.h>
#include <string.h>

bool api_memory_open(struct crit_memory *m, uint32_t pid, uint64_t page_size)
{
	const struct crit_dir *dir = m->dir;
	bool absent = false;

	mapped_files_init(&m->mapped, &m->err);
	if (!memory_open(&m->memory, &dir->dir, pid, page_size, &m->mapped,
			 &absent, &m->err))
		return false;
	if (absent && memory_tasks_predump(&dir->dir, pid))
		return memory_bare(&m->memory);
	if (absent)
		return memory_tasks_absent(&dir->dir, pid, true, &m->err);
	return mapped_files_load(&m->mapped, &dir->dir);
}

struct crit_memory *crit_memory_open(struct crit_dir *dir, uint32_t pid,
				     uint64_t page_size, struct crit_error *err)
{
	struct crit_memory *m;
	API(dir->c);

	if (page_size & (page_size - 1) || (page_size && page_size < 512) ||
	    page_size > PAGEMAP_BLOCK_MAX)
		return api_usage(err, "page size %" PRIu64 " is not a power of "
				 "two from 512 on", page_size), NULL;
	m = alloc_zero(sizeof(*m));
	if (!m)
		return api_no_memory(err), NULL;
	m->c = dir->c;
	m->dir = dir;
	error_clear(&m->err);
	if (api_memory_open(m, pid, page_size))
		return m;
	dir_fail(dir, err, &m->err);
	crit_memory_close(m);
	return NULL;
}

struct crit *api_context(const struct crit_memory *m)
{
	return m->c;
}

void crit_memory_close(struct crit_memory *m)
{
	if (!m)
		return;
	memory_close(&m->memory);
	mapped_files_close(&m->mapped);
	alloc_free(m);
}

bool api_memory_result(struct crit_memory *m, bool ok, struct crit_error *err)
{
	if (error_is(&m->err) || !ok)
		dir_fail(m->dir, err, &m->err);
	ok = ok && !error_is(&m->err);
	error_clear(&m->err);
	return ok;
}

bool api_memory_bytes(struct crit_memory *m, uint64_t addr, uint8_t *p,
		      size_t n, uint64_t *absent)
{
	struct run run;

	while (n) {
		size_t k = n;

		if (!memory_run(&m->memory, addr, &run))
			return false;
		if (run.end - addr < k)
			k = (size_t)(run.end - addr);
		if (run.kind <= RUN_LAZY) {
			memset(p, 0, k);
			*absent += k;
		} else {
			k = memory_read(&m->memory, &run, addr, p, k);
		}
		if (!k)
			return false;
		addr += k;
		p += k;
		n -= k;
	}
	return true;
}

bool crit_memory_read(struct crit_memory *m, uint64_t address, void *buf,
		      size_t n, uint64_t *absent, struct crit_error *err)
{
	uint64_t lost = 0;
	bool ok;
	API(m->c);

	if (n > UINT64_MAX - address)
		return api_usage(err, "runs past the end of memory");
	ok = api_memory_bytes(m, address, buf, n, &lost);
	if (absent)
		*absent = lost;
	return api_memory_result(m, ok, err);
}

static bool run_at(struct crit_memory *m, uint64_t address,
		   struct crit_run *out)
{
	struct run run;

	if (!memory_run(&m->memory, address, &run))
		return false;
	*out = (struct crit_run){
		.start = address, .end = run.end,
		.absent = run.kind == RUN_NONE,
		.lazy = run.kind == RUN_LAZY,
		.zero = run.kind == RUN_ZERO,
		.packed = run.kind == RUN_PACKED,
		.shared = run.shared, .depth = run.depth,
		.file = run.kind >= RUN_RAW ? run.file : NULL,
		.offset = run.kind >= RUN_RAW ? run.at : 0,
		.size = run.kind >= RUN_RAW ? run.size : 0,
	};
	return true;
}

bool crit_memory_at(struct crit_memory *m, uint64_t address,
		    struct crit_run *out, struct crit_error *err)
{
	API(m->c);

	return api_memory_result(m, run_at(m, address, out), err);
}

bool crit_memory_runs(struct crit_memory *m, uint64_t start, uint64_t end,
		      bool (*found)(void *ctx, const struct crit_run *),
		      void *ctx, struct crit_error *err)
{
	bool ok = true, more = true;
	struct crit_run run;
	API(m->c);

	while (ok && more && start < end) {
		ok = run_at(m, start, &run);
		if (!ok)
			break;
		if (run.end > end)
			run.end = end;
		start = run.end;
		more = found(ctx, &run);
	}
	return api_memory_result(m, ok, err);
}

uint64_t crit_memory_page_size(const struct crit_memory *m)
{
	return m->memory.page_size;
}

bool crit_memory_auxv(struct crit_memory *m,
		      bool (*found)(void *ctx, uint64_t type, uint64_t value),
		      void *ctx, struct crit_error *err)
{
	const struct mappings *v = &m->memory.vmas;

	(void)err;
	for (unsigned i = 0; i + 1 < v->n_auxv; i += 2)
		if (!found(ctx, v->auxv[i], v->auxv[i + 1]))
			break;
	return true;
}

bool crit_memory_shared(struct crit_memory *m, uint64_t *bytes,
			struct crit_error *err)
{
	struct mappings *v = &m->memory.vmas;
	bool ok = true;
	API(m->c);

	*bytes = 0;
	for (uint64_t i = 0; i < v->n && ok; i++) {
		const struct vma *a = mappings_get(v, i);

		ok = a;
		if (a && a->flags & VMA_MAP_SHARED)
			*bytes += a->end - a->start;
	}
	return api_memory_result(m, ok, err);
}

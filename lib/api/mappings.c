// SPDX-License-Identifier: MIT
/*
 * Mappings of tasks through the API. The files of all tasks are looked for
 * before the first is told.
 */
#include "api/memory.h"
#include "memory/each_task.h"

#include <inttypes.h>

struct maps {
	struct crit_dir *dir;
	struct crit_error err;
	struct tasks tasks;
	struct mapped_files mapped;
	uint32_t pid;			/* 0: all */
	bool (*found)(void *ctx, const struct crit_mapping *);
	void *ctx;
	bool stop;
};

static bool give_mappings(struct maps *m, struct memory *mem)
{
	char buf[64];

	for (uint64_t i = 0; i < mem->vmas.n && !m->stop; i++) {
		const struct vma *a = mappings_get(&mem->vmas, i);

		if (!a)
			return false;
		m->stop = !m->found(m->ctx, &(struct crit_mapping){
			.pid = mem->pid, .start = a->start, .end = a->end,
			.pgoff = a->pgoff, .shmid = a->shmid, .prot = a->prot,
			.flags = a->flags, .status = a->status,
			.what = memory_what(mem, a, buf, sizeof(buf)),
		});
	}
	return true;
}

static bool map_task(struct maps *m, uint32_t pid, bool only_want)
{
	struct memory mem;
	bool absent, ok;

	ok = memory_open(&mem, &m->dir->dir, pid, 0, only_want ? &m->mapped :
			 NULL, &absent, &m->err);
	mem.mapped = &m->mapped;
	if (ok && absent)
		ok = memory_tasks_absent(&m->dir->dir, pid, m->pid, &m->err);
	else if (ok && !only_want)
		ok = give_mappings(m, &mem);
	memory_close(&mem);
	return ok;
}

static bool map_tasks(struct maps *m)
{
	bool known = !m->pid;

	if (!tasks_open(&m->tasks, &m->dir->dir, &m->err))
		return false;
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < m->tasks.n && !m->stop; i++) {
			uint32_t pid = m->tasks.pids[i];

			known |= pid == m->pid;
			if ((!m->pid || pid == m->pid) &&
			    !map_task(m, pid, !pass))
				return false;
		}
		if (!pass && !mapped_files_load(&m->mapped, &m->dir->dir))
			return false;
	}
	return known || error_set(&m->err, CRIT_EUSAGE, "no task %" PRIu32,
				  m->pid);
}

bool crit_mappings(struct crit_dir *dir, uint32_t pid,
		   bool (*found)(void *ctx, const struct crit_mapping *),
		   void *ctx, struct crit_error *err)
{
	struct maps m = { .dir = dir, .pid = pid, .found = found, .ctx = ctx };
	bool ok;
	API(dir->c);

	error_clear(&m.err);
	mapped_files_init(&m.mapped, &m.err);
	ok = map_tasks(&m);
	tasks_close(&m.tasks);
	mapped_files_close(&m.mapped);
	return ok || dir_fail(dir, err, &m.err);
}

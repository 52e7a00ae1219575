// SPDX-License-Identifier: MIT
/*
 * Tasks of an archive that is read once, front to back:
 *
 *   mm-12.img, pagemap-12.img, ..., pages-1.img ─► task 12, now
 *
 * A task with all its bytes in this pages image is read while the image passes.
 * All others wait for the end of the archive, and need a second pass.
 */
#include "memory/each_task.h"
#include "memory/pagemap.h"

#include <inttypes.h>
#include <stdio.h>

enum { LISTED_ALWAYS = 32 };

static bool known(const struct memory_tasks *t, uint32_t pid)
{
	for (size_t i = t->owners.n; i--; )
		if (t->owners.pids[i] == pid)
			return true;
	return false;
}

/* Which pages image the pagemap of a task names. */
static void learn(struct memory_tasks *t, const struct store *s,
		  const char *file, uint32_t pid)
{
	struct pagemap p;
	bool absent;

	if (pagemap_open(&p, s, file, 4096, &absent, t->err) && p.has_head &&
	    p.pages_id <= UINT32_MAX && tasks_add(&t->owners, pid) &&
	    !tasks_add(&t->owned, (uint32_t)p.pages_id))
		t->owners.n--;
	pagemap_close(&p);
	error_clear(t->err);
}

static uint64_t find_owner(const struct memory_tasks *t, uint32_t id)
{
	for (size_t i = 0; i < t->owners.n; i++)
		if (t->owned.pids[i] == id)
			return t->owners.pids[i];
	return UINT64_MAX;
}

/* As engines order them, all pagemaps are there before the first pages. Names
 * are not listed for each of many thousand images that nobody owns. */
static bool may_list(struct memory_tasks *t)
{
	if (++t->asked > LISTED_ALWAYS && t->asked < 2 * t->listed)
		return false;
	t->listed = t->asked;
	return true;
}

uint64_t memory_tasks_owner(struct memory_tasks *t, struct store *s,
			    const char *pages)
{
	uint64_t found;
	uint32_t pid, id;

	if (!store_pid(pages, "pages-", &id))
		return UINT64_MAX;
	found = find_owner(t, id);
	if (found != UINT64_MAX || !may_list(t))
		return found;
	if (s->ops->list(s, t->err))
		for (size_t i = 0; i < s->n; i++) {
			const char *file = s->files[i].name;

			if (store_pid(file, "pagemap-", &pid) && !known(t, pid))
				learn(t, s, file, pid);
		}
	store_unlist(s);
	error_clear(t->err);
	return find_owner(t, id);
}

static bool own(struct memory *m, const struct vma *a)
{
	struct run run;
	uint64_t id;

	if (memory_segment(m, a, &id) || a->status & (VMA_MEMFD | VMA_SYSVIPC))
		return false;
	for (uint64_t addr = a->start; addr < a->end; addr = run.end)
		if (!memory_vma_run(m, a, addr, &run) || run.depth || run.shared)
			return false;
	return true;
}

/* Whether no other pages image is needed. */
static bool alone(struct memory *m)
{
	for (uint64_t i = 0; i < m->vmas.n; i++) {
		const struct vma *a = mappings_get(&m->vmas, i);

		if (!a || !own(m, a))
			return false;
	}
	return true;
}

static bool has(const struct store *s, const char *image, uint32_t pid)
{
	char name[64];

	snprintf(name, sizeof(name), "%s-%" PRIu32 ".img", image, pid);
	return !store_absent(s, name);
}

static bool look(struct memory_tasks *t, struct store *s, uint32_t pid)
{
	struct memory m;
	bool absent, ok;

	ok = memory_open(&m, s, pid, t->page_size, NULL, &absent, t->err) &&
	     !absent && alone(&m);
	memory_close(&m);
	error_clear(t->err);
	return ok;
}

static bool read_task(struct memory_tasks *t, struct store *s, uint32_t pid)
{
	struct mapped_files mapped;
	struct memory m;
	bool absent, ok;

	mapped_files_init(&mapped, t->err);
	ok = memory_open(&m, s, pid, t->page_size, t->names ? &mapped : NULL,
			 &absent, t->err);
	m.mapped = t->names ? &mapped : NULL;
	ok = ok && (!t->names || mapped_files_load(&mapped, s)) &&
	     t->task(t->ctx, &m) && memory_finish(&m);
	memory_close(&m);
	mapped_files_close(&mapped);
	return ok;
}

static bool has_all(const struct memory_tasks *t, const struct store *s,
		    uint64_t pid)
{
	return pid != UINT64_MAX && memory_tasks_wanted(t, pid) &&
	       has(s, "mm", (uint32_t)pid) &&
	       (!t->names || !store_absent(s, IMAGE_FILES));
}

bool memory_tasks_pages(void *ctx, const struct store *so_far, const char *name)
{
	struct memory_tasks *t = ctx;
	struct crit_error keep = *t->err;
	struct store s = *so_far;
	uint64_t pid;
	bool taken;

	error_clear(t->err);
	pid = memory_tasks_owner(t, &s, name);
	taken = has_all(t, &s, pid) && look(t, &s, (uint32_t)pid) &&
		tasks_add(&t->passed, (uint32_t)pid);
	if (taken && !read_task(t, &s, (uint32_t)pid))
		t->failed(t->ctx);
	*t->err = keep;
	return taken;
}

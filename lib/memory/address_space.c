// SPDX-License-Identifier: MIT
#include "memory/address_space.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool want_files(struct memory *m, struct mapped_files *mapped)
{
	for (uint64_t i = 0; i < m->vmas.n; i++) {
		const struct vma *a = mappings_get(&m->vmas, i);

		if (!a || (vma_is_file(a) &&
			   !mapped_files_want(mapped, (uint32_t)a->shmid)))
			return false;
	}
	return true;
}

bool memory_open(struct memory *m, const struct store *dir, uint32_t pid,
		 uint64_t page_size, struct mapped_files *mapped, bool *absent,
		 struct crit_error *err)
{
	memset(m, 0, sizeof(*m));
	m->dir = dir;
	m->pid = pid;
	m->err = m->pages.err = m->shared.err = err;
	m->mapped = mapped;
	sysv_shm_init(&m->segments, err);
	if (!mappings_open(&m->vmas, dir, pid, absent, err))
		return false;
	m->page_size = page_size ? page_size : mappings_page_size(&m->vmas);
	return !mapped || want_files(m, mapped);
}

void memory_close(struct memory *m)
{
	if (m->own_open)
		pages_close(&m->pages);
	if (m->shared_open)
		pages_close(&m->shared);
	m->own_open = m->shared_open = false;
	sysv_shm_close(&m->segments);
	mappings_close(&m->vmas);
}

bool memory_segment(const struct memory *m, const struct vma *a, uint64_t *id)
{
	const struct mapped_file *f;

	if (a->status & (VMA_ANON_SHARED | VMA_SYSVIPC)) {
		*id = a->shmid;
		return true;
	}
	if (!(a->status & VMA_MEMFD) || !m->mapped)
		return false;
	f = mapped_files_find(m->mapped, (uint32_t)a->shmid);
	if (!f || !f->has_shmid)
		return false;
	*id = f->shmid;
	return true;
}

static bool own_run(struct memory *m, uint64_t addr, struct run *run)
{
	char base[64];

	if (!m->own_open) {
		snprintf(base, sizeof(base), "pagemap-%" PRIu32, m->pid);
		if (!pages_open(&m->pages, m->dir, base, m->page_size, &m->pool,
				m->err))
			return false;
		m->own_open = true;
	}
	return pages_run(&m->pages, addr, run);
}

bool memory_bare(struct memory *m)
{
	struct vma a = { .status = VMA_UNKNOWN };
	struct run run;

	m->bare = true;
	for (uint64_t addr = 0; addr < UINT64_MAX; addr = run.end) {
		if (!own_run(m, addr, &run))
			return false;
		if (run.kind == RUN_NONE)
			continue;
		if (a.end == run.start) {
			a.end = run.end;
			continue;
		}
		if (a.end && !mappings_put(&m->vmas, &a))
			return false;
		a.start = run.start;
		a.end = run.end;
	}
	return !a.end || mappings_put(&m->vmas, &a);
}

static bool finish(struct memory *m, struct pages *p)
{
	struct pages_end end;

	if (!pages_check(p))
		return false;
	return !m->finished || (pages_finish(p, &end) &&
				m->finished(m->ctx, &end));
}

bool memory_finish(struct memory *m)
{
	return (!m->own_open || finish(m, &m->pages)) &&
	       (!m->shared_open || finish(m, &m->shared));
}

static bool open_shared(struct memory *m, uint64_t id)
{
	char base[64];

	if (m->shared_open && m->shared_id == id)
		return true;
	if (m->shared_open && !finish(m, &m->shared))
		return false;
	if (m->shared_open)
		pages_close(&m->shared);
	m->shared_id = id;
	snprintf(base, sizeof(base), "pagemap-shmem-%" PRIu64, id);
	m->shared_open = pages_open(&m->shared, m->dir, base, m->page_size,
				    &m->pool, m->err);
	return m->shared_open;
}

/* The segment's own bytes, then zeros to the end of its last page. */
static void segment_run(struct memory *m, const struct segment *s, uint64_t at,
			struct run *run)
{
	uint64_t end = (s->size + m->page_size - 1) & -m->page_size;

	*run = (struct run){ .start = at, .end = UINT64_MAX };
	if (at < s->size) {
		run->kind = RUN_RAW;
		run->end = s->size;
		run->blob = &m->segments.blob;
		run->file = m->segments.name;
		run->at = s->at + at;
	} else if (at < end) {
		run->kind = RUN_ZERO;
		run->end = end;
	}
}

/* What the segment has at an offset. */
static bool offset_run(struct memory *m, const struct vma *a, uint64_t id,
		       uint64_t at, struct run *run)
{
	bool sysv = a->status & VMA_SYSVIPC;
	const struct segment *s;

	if (sysv && !sysv_shm_load(&m->segments, m->dir, m->pid))
		return false;
	s = sysv ? sysv_shm_find(&m->segments, id) : NULL;
	if (s) {
		segment_run(m, s, at, run);
		return true;
	}
	if (!open_shared(m, id) || !pages_run(&m->shared, at, run))
		return false;
	if (sysv && pages_none(&m->shared)) {
		m->lost = true;
		m->lost_id = id;
	}
	return true;
}

static bool shared_run(struct memory *m, const struct vma *a, uint64_t id,
		       uint64_t addr, struct run *run)
{
	uint64_t base = a->start - a->pgoff;	/* address of its offset 0 */

	if (a->pgoff > UINT64_MAX - (a->end - a->start)) {
		*run = (struct run){ .start = addr, .end = a->end };
		return true;
	}
	if (!offset_run(m, a, id, addr - base, run))
		return false;
	run->shared = true;
	run->start += base;
	run->block += base;
	run->end = run->end - a->pgoff > a->end - a->start ? a->end :
		run->end + base;
	return true;
}

bool memory_vma_run(struct memory *m, const struct vma *at, uint64_t addr,
		    struct run *run)
{
	struct vma a = *at;
	uint64_t id, end = a.end;

	if (a.status & VMA_GUARD) {
		*run = (struct run){ .start = addr, .end = end };
		return true;
	}
	if (!vma_is_shared(&a)) {
		if (!own_run(m, addr, run))
			return false;
		if (run->end > end)
			run->end = end;
		if (run->kind != RUN_NONE || !memory_segment(m, &a, &id))
			return true;
		end = run->end;
	} else if (!memory_segment(m, &a, &id)) {
		*run = (struct run){ .start = addr, .end = end };
		return true;
	}
	if (!shared_run(m, &a, id, addr, run))
		return false;
	if (run->end > end)
		run->end = end;
	return true;
}

bool memory_run(struct memory *m, uint64_t addr, struct run *run)
{
	uint64_t i = mappings_find(&m->vmas, addr);
	const struct vma *a = NULL;

	if (m->bare)
		return own_run(m, addr, run);
	if (i < m->vmas.n)
		a = mappings_get(&m->vmas, i);
	if (error_is(m->err))
		return false;
	if (a && a->start <= addr)
		return memory_vma_run(m, a, addr, run);
	*run = (struct run){
		.start = addr, .end = a ? a->start : UINT64_MAX,
	};
	return true;
}

size_t memory_read(struct memory *m, const struct run *run, uint64_t addr,
		   void *buf, size_t n)
{
	/* every run knows its layer and its file */
	return pages_read(m->own_open ? &m->pages : &m->shared, run, addr, buf,
			  n);
}

/* By status; the first that fits. */
static const struct {
	uint32_t status;
	const char *what;
} areas[] = {
	{ VMA_HEAP, "[heap]" }, { VMA_STACK, "[stack]" },
	{ VMA_VSYSCALL, "[vsyscall]" }, { VMA_VDSO, "[vdso]" },
	{ VMA_VVAR, "[vvar]" }, { VMA_AIORING, "[aio]" },
	{ VMA_GUARD, "[guard]" }, { VMA_UNKNOWN, "[unknown]" },
};

static const char *file_what(const struct memory *m, const struct vma *a)
{
	const struct mapped_file *f = NULL;

	if (m->mapped)
		f = mapped_files_find(m->mapped, (uint32_t)a->shmid);
	return f && f->name ? f->name : "[file]";
}

const char *memory_what(const struct memory *m, const struct vma *a, char *buf,
			size_t size)
{
	const char *form = "[anon]";

	if (a->status & VMA_SYSVIPC)
		form = "[ipc:%" PRIu64 "]";
	else if (a->status & VMA_SOCKET)
		form = "[packet:%" PRIu64 "]";
	else if (a->status & VMA_ANON_SHARED)
		form = "[shmem:%" PRIu64 "]";
	else if (vma_is_file(a))
		return file_what(m, a);
	for (size_t i = 0; i < sizeof(areas) / sizeof(*areas); i++)
		if (a->status & areas[i].status)
			return areas[i].what;
	if (m->vmas.stack >= a->start && m->vmas.stack < a->end)
		return "[stack]";
	snprintf(buf, size, form, a->shmid);
	return buf;
}

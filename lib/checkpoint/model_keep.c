// SPDX-License-Identifier: MIT
/*
 * What is kept of tasks, descriptors, mappings and pages.
 */
#include "checkpoint/model_keep.h"
#include "checkpoint/page_run.h"

bool model_wanted(const struct model *m, uint32_t pid)
{
	for (size_t i = 0; i < m->n_pids; i++)
		if (m->pids[i] == pid)
			return true;
	return !m->n_pids;
}

/* Tasks. */

struct model_task *model_task(const struct model *m, uint32_t pid)
{
	uint32_t i = model_get(m, KEY_TASK, pid);

	return i ? (struct model_task *)m->tasks.p + i - 1 : NULL;
}

struct model_task *model_nth(const struct model *m, size_t n)
{
	return (struct model_task *)m->tasks.p + ((uint32_t *)m->order.p)[n];
}

static struct model_task *make_task(struct model *m, uint32_t pid)
{
	struct model_task *t = model_task(m, pid);

	if (t)
		return t;
	t = model_more(m, &m->tasks, sizeof(*t));
	if (!t || !model_put(m, KEY_TASK, pid, (uint32_t)m->tasks.n))
		return NULL;
	t->pid = pid;
	return t;
}

/* The task that the image's name states. */
struct model_task *model_image_task(struct model *m)
{
	struct model_task *t = make_task(m, m->number);

	if (t)
		t->seen |= m->kind->need;
	return t;
}

void model_core_lost(struct model *m)
{
	struct model_task *t = make_task(m, m->number);

	if (t)
		t->core_lost = true;
}

void model_keep_task(struct model *m)
{
	struct model_task *t;
	uint32_t *place;

	if (!has_value(m, V_PID) || !model_wanted(m, value32(m, V_PID)))
		return;
	t = make_task(m, value32(m, V_PID));
	if (!t)
		return;
	t->ppid = value32(m, V_PPID);
	t->pgid = value32(m, V_PGID);
	t->sid = value32(m, V_SID);
	t->threads = (uint32_t)m->threads.n - m->n_threads;
	t->n_threads = m->n_threads;
	if (t->listed)
		return;
	t->listed = true;
	t->place = (uint32_t)m->order.n;
	place = model_more(m, &m->order, sizeof(*place));
	if (place)
		*place = (uint32_t)(t - (struct model_task *)m->tasks.p);
}

void model_keep_core(struct model *m)
{
	struct model_task *t = model_image_task(m);

	if (!t)
		return;
	t->state = value32(m, V_STATE);
	t->exit_code = value32(m, V_EXIT);
	t->comm = text_of(m, has_value(m, V_COMM) ? V_COMM : V_THREAD_COMM);
	if (has_value(m, V_FILES_ID) && !(t->seen & MODEL_IDS))
		t->files_id = value32(m, V_FILES_ID);
}

void model_keep_ids(struct model *m)
{
	struct model_task *t = model_image_task(m);

	if (t)
		t->files_id = value32(m, V_FILES_ID);
}

void model_keep_fs(struct model *m)
{
	struct model_task *t = model_image_task(m);

	if (!t)
		return;
	t->cwd = value32(m, V_CWD);
	t->root = value32(m, V_ROOT);
}

/* Descriptors. */

void model_keep_fd(struct model *m)
{
	struct model_fd *fd = model_more(m, &m->fds, sizeof(*fd));

	if (!fd)
		return;
	fd->fd = value32(m, V_FD);
	fd->id = value32(m, V_FD_ID);
	fd->type = (int32_t)value_of(m, V_FD_TYPE);
	fd->flags = value32(m, V_FD_FLAGS);
	m->kept = (uint32_t)m->fds.n;
}

void model_done_fds(struct model *m)
{
	struct model_table *t = model_more(m, &m->tables, sizeof(*t));

	if (!t)
		return;
	t->fds = m->first;
	t->n_fds = m->kept - m->first;
	model_put(m, KEY_TABLE, m->number, (uint32_t)m->tables.n);
}

const struct model_table *model_table(const struct model *m, uint32_t id)
{
	uint32_t i = model_get(m, KEY_TABLE, id);

	return i ? (struct model_table *)m->tables.p + i - 1 : NULL;
}

/* Mappings, and pages. */

void model_add_vma(struct model *m)
{
	struct vma *v = model_more(m, &m->vmas, sizeof(*v));

	if (!v)
		return;
	v->start = value_of(m, V_START);
	v->end = value_of(m, V_END);
	v->pgoff = value_of(m, V_PGOFF);
	v->shmid = value_of(m, V_SHMID);
	v->prot = value32(m, V_PROT);
	v->flags = value32(m, V_FLAGS);
	v->status = value32(m, V_STATUS);
}

void model_keep_mm(struct model *m)
{
	struct model_task *t = model_image_task(m);

	if (t) {
		t->exe = value32(m, V_EXE);
		t->page_size = page_size_by(m->at_pagesz);
	}
	m->kept = (uint32_t)m->vmas.n;
}

void model_keep_vma(struct model *m)
{
	model_add_vma(m);
	m->kept = (uint32_t)m->vmas.n;
}

void model_done_vmas(struct model *m)
{
	struct model_task *t = make_task(m, m->number);

	m->vmas.n = m->kept;
	if (!t || m->kept == m->first)
		return;
	t->vmas = m->first;
	t->n_vmas = m->kept - m->first;
}

static void spool_run(void *ctx, const struct page_run *r)
{
	struct model *m = ctx;
	struct model_task *t = model_image_task(m);

	if (!t || !spool_put(&m->spool, r, sizeof(*r)))
		return;
	t->n_runs++;
}

void model_begin_runs(struct model *m)
{
	struct model_task *t = m->run ? NULL : model_image_task(m);

	if (!t)
		return;
	t->runs = spool_size(&m->spool);
	t->n_runs = 0;
}

void model_keep_run(struct model *m)
{
	bool has_flags = has_value(m, V_RUN_FLAGS);
	struct page_run r = {
		.vaddr = value_of(m, V_VADDR),
		.n_pages = value_of(m, has_value(m, V_PAGES) ? V_PAGES :
				    V_PAGES_COMPAT),
		.flags = (uint32_t)page_run_flags(has_flags,
			value32(m, V_RUN_FLAGS), value_of(m, V_IN_PARENT)),
	};

	if (!has_value(m, V_VADDR))	/* the head */
		return;
	if (m->run)
		m->run(m->run_ctx, &r);
	else
		spool_run(m, &r);
}

bool model_runs(struct model *m, const struct model_task *t,
		void (*run)(void *ctx, const struct page_run *), void *ctx)
{
	struct page_run r[64];
	uint64_t at = t->runs, end = at + t->n_runs * sizeof(*r);

	while (at < end) {
		size_t n = sizeof(r);

		if (end - at < n)
			n = (size_t)(end - at);
		if (spool_read(&m->spool, at, r, n) != n)
			return error_set(m->sink.err, CRIT_EIO,
					 "runs of pages are gone");
		for (size_t i = 0; i < n / sizeof(*r); i++)
			run(ctx, &r[i]);
		at += n;
	}
	return true;
}

// SPDX-License-Identifier: MIT
#include "memory/each_task.h"
#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static bool open_tasks(struct memory_tasks *t)
{
	if (t->have_pid)
		return tasks_one(&t->tasks, t->pid, t->err);
	if (store_absent(&t->dir, "pstree.img"))
		return error_set(t->err, CRIT_EDATA, "there is no pstree.img: is "
				 "this a checkpoint? Of a pre-dump, choose a task "
				 "by -p PID");
	if (!tasks_open(&t->tasks, &t->dir, t->err))
		return false;
	if (t->one && t->tasks.n > 1)
		return error_set(t->err, CRIT_EUSAGE, "there are %zu tasks: choose "
				 "one by -p PID", t->tasks.n);
	return true;
}

bool memory_tasks_open(struct memory_tasks *t, const char *path)
{
	mapped_files_init(&t->mapped, t->err);
	return store_open(&t->dir, path, &crit_schema, t->dir.follow, t->err) &&
	       open_tasks(t);
}

void memory_tasks_close(struct memory_tasks *t)
{
	mapped_files_close(&t->mapped);
	tasks_close(&t->tasks);
	store_close(&t->dir);
}

static bool has(const struct store *dir, const char *image, uint32_t pid)
{
	char name[64];

	snprintf(name, sizeof(name), "%s-%" PRIu32 ".img", image, pid);
	return !store_absent(dir, name);
}

/* It has pages without mappings: good for a range. */
static bool is_predump(const struct store *dir, uint32_t pid)
{
	return has(dir, "pagemap", pid) && store_absent(dir, "pstree.img");
}

bool memory_tasks_absent(const struct store *dir, uint32_t pid, bool one,
			 struct crit_error *err)
{
	uint64_t state;
	uint32_t leader;

	if (is_predump(dir, pid))
		return error_set(err, CRIT_EDATA, "a pre-dump has the pages of "
				 "task %" PRIu32 " and no mappings: only -a RANGE "
				 "reads them", pid);
	if (!has(dir, "core", pid))
		return error_set(err, CRIT_EDATA, "no images of a task %" PRIu32
				 ": neither mm-%" PRIu32 ".img nor core-%" PRIu32
				 ".img", pid, pid, pid);
	leader = one ? tasks_leader(dir, pid, err) : 0;
	if (leader)
		return error_set(err, CRIT_EDATA, "%" PRIu32 " is a thread of "
				 "task %" PRIu32 ", and has the memory of that",
				 pid, leader);
	state = tasks_state(dir, pid, err);
	if (error_is(err))
		return false;
	if (state == 1 || state == 3)
		return error_set(err, CRIT_EDATA, "mm-%" PRIu32 ".img is "
				 "missing, and the task is no zombie", pid);
	if (one)
		return error_set(err, CRIT_EDATA, "task %" PRIu32 " is a "
				 "zombie and has no memory", pid);
	return true;
}

static bool want_names(struct memory_tasks *t, uint32_t pid)
{
	struct memory m;
	bool absent, ok = memory_open(&m, &t->dir, pid, t->page_size,
				      &t->mapped, &absent, t->err);

	memory_close(&m);
	return ok;
}

static bool read_task(struct memory_tasks *t, uint32_t pid)
{
	struct mapped_files *mapped = t->names ? &t->mapped : NULL;
	bool alone = t->tasks.n == 1, absent, ok;
	struct memory m;

	ok = memory_open(&m, &t->dir, pid, t->page_size, alone ? mapped : NULL,
			 &absent, t->err);
	m.mapped = mapped;
	m.bare = ok && absent && t->bare && is_predump(&t->dir, pid);
	if (ok && absent && !m.bare)
		ok = memory_tasks_absent(&t->dir, pid, t->have_pid, t->err);
	else if (ok)
		ok = (!alone || !mapped || mapped_files_load(mapped, &t->dir)) &&
		     t->task(t->ctx, &m) && memory_finish(&m);
	memory_close(&m);
	return ok;
}

/* What is wrong with the images will be found again when they are read; a disk
 * may have failed just once. */
static void load_names(struct memory_tasks *t)
{
	for (size_t i = 0; i < t->tasks.n; i++)
		if (!want_names(t, t->tasks.pids[i]) &&
		    t->err->code != CRIT_EDATA)
			t->failed(t->ctx);
		else
			error_clear(t->err);
	if (!mapped_files_load(&t->mapped, &t->dir))
		t->failed(t->ctx);
}

void memory_tasks_run(struct memory_tasks *t)
{
	if (t->tasks.n > 1 && t->names)
		load_names(t);
	for (size_t i = 0; i < t->tasks.n; i++)
		if (!read_task(t, t->tasks.pids[i]) && !t->failed(t->ctx))
			return;
}

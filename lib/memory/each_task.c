// SPDX-License-Identifier: MIT
#include "memory/each_task.h"
#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static bool has(const struct store *dir, const char *image, uint32_t pid)
{
	char name[64];

	snprintf(name, sizeof(name), "%s-%" PRIu32 ".img", image, pid);
	return !store_absent(dir, name);
}

static bool list_predump(struct memory_tasks *t, const char *path)
{
	t->tasks.err = t->err;
	if (!store_list(&t->dir, path, t->err) ||
	    !store_has_images(&t->dir, path, t->err))
		return false;
	for (size_t i = 0; i < t->dir.n && t->need != NEED_MAPPINGS; i++) {
		uint32_t pid;

		if (store_pid(t->dir.files[i].name, "pagemap-", &pid) &&
		    !tasks_add(&t->tasks, pid))
			return false;
	}
	if (t->tasks.n)
		return true;
	/* it may be behind the damage, of which the user knows */
	if (error_is(&t->dir.damage))
		return false;
	return error_set(t->err, CRIT_EDATA, "there is no pstree.img: is this a "
			 "checkpoint? A pre-dump has no mappings: only the map, "
			 "-a, -s and -r read it");
}

/* Those that have memory: not zombies. */
static void keep_with_memory(struct memory_tasks *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->tasks.n; i++) {
		uint32_t pid = t->tasks.pids[i];

		if (has(&t->dir, "mm", pid) || has(&t->dir, "pagemap", pid))
			t->tasks.pids[n++] = pid;
	}
	/* what is wrong with none is said of the first */
	t->tasks.n = n ? n : t->tasks.n;
}

static bool several(struct memory_tasks *t)
{
	char list[120];
	size_t at = 0, i;

	for (i = 0; i < t->tasks.n && at < sizeof(list) - 24; i++)
		at += (size_t)snprintf(list + at, sizeof(list) - at, "%s%" PRIu32,
				       i ? ", " : "", t->tasks.pids[i]);
	return error_set(t->err, CRIT_EUSAGE, "there are %zu tasks (%s%s); choose "
			 "one with -p", t->tasks.n, list,
			 i < t->tasks.n ? ", ..." : "");
}

/* Each once, in the order given. */
static bool add_wanted(struct memory_tasks *t)
{
	for (size_t i = 0; i < t->n_pids; i++) {
		size_t k = 0;

		while (k < i && t->pids[k] != t->pids[i])
			k++;
		if (k == i && !tasks_add(&t->tasks, t->pids[i]))
			return false;
	}
	return true;
}

bool memory_tasks_wanted(const struct memory_tasks *t, uint64_t pid)
{
	for (size_t i = 0; i < t->n_pids; i++)
		if (t->pids[i] == pid)
			return true;
	return !t->n_pids;
}

static bool open_tasks(struct memory_tasks *t, const char *path)
{
	bool ok;

	if (t->n_pids)
		return add_wanted(t) && (!t->one || t->tasks.n < 2 || several(t));
	ok = store_absent(&t->dir, IMAGE_PSTREE) ? list_predump(t, path) :
		tasks_open(&t->tasks, &t->dir, t->err);
	if (ok && t->one)
		keep_with_memory(t);
	return ok && (!t->one || t->tasks.n < 2 || several(t));
}

void memory_tasks_init(struct memory_tasks *t)
{
	mapped_files_init(&t->mapped, t->err);
	t->tasks = t->passed = t->owners = t->owned = (struct tasks){ .err = t->err };
	t->dir = (struct store){ .fd = -1 };
	t->asked = t->listed = 0;
}

bool memory_tasks_open(struct memory_tasks *t, const char *path)
{
	return open_tasks(t, path);
}

void memory_tasks_close(struct memory_tasks *t)
{
	mapped_files_close(&t->mapped);
	tasks_close(&t->tasks);
	tasks_close(&t->passed);
	tasks_close(&t->owners);
	tasks_close(&t->owned);
	store_close(&t->dir);
}

bool memory_tasks_passed(const struct memory_tasks *t, uint32_t pid)
{
	for (size_t i = 0; i < t->passed.n; i++)
		if (t->passed.pids[i] == pid)
			return true;
	return false;
}

bool memory_tasks_predump(const struct store *dir, uint32_t pid)
{
	return has(dir, "pagemap", pid) && store_absent(dir, IMAGE_PSTREE);
}

bool memory_tasks_absent(const struct store *dir, uint32_t pid, bool one,
			 struct crit_error *err)
{
	uint64_t state;
	uint32_t leader;

	if (memory_tasks_predump(dir, pid))
		return error_set(err, CRIT_EDATA, "a pre-dump has the pages of "
				 "task %" PRIu32 " and no mappings: only the "
				 "map, -a, -s and -r read them", pid);
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
	if (state == TASK_ALIVE || state == TASK_STOPPED)
		return error_set(err, CRIT_EDATA, "mm-%" PRIu32 ".img is "
				 "missing, and the task is no zombie", pid);
	if (one)
		return error_set(err, CRIT_EDATA, "task %" PRIu32 " is a "
				 "zombie and has no memory", pid);
	return true;
}

static bool may_lack_mappings(const struct memory_tasks *t, uint32_t pid)
{
	if (t->need == NEED_PAGES)
		return has(&t->dir, "pagemap", pid);
	return t->need == NEED_MAP && memory_tasks_predump(&t->dir, pid);
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
	if (ok && absent && may_lack_mappings(t, pid)) {
		ok = memory_bare(&m);
		absent = false;
	}
	if (ok && absent)
		ok = memory_tasks_absent(&t->dir, pid, t->n_pids > 0, t->err);
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
	for (size_t i = 0; i < t->tasks.n; i++) {
		uint32_t pid = t->tasks.pids[i];

		if (!memory_tasks_passed(t, pid)) {
			if (!read_task(t, pid) && !t->failed(t->ctx))
				return;
		} else if (t->passed_by) {
			t->passed_by(t->ctx, pid);
		}
	}
}

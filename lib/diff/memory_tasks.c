// SPDX-License-Identifier: MIT
/*
 *   images of A ─► tasks ─► memory of A and of B ─► memory.c
 */
#include "diff/memory.h"
#include "base/alloc.h"
#include "memory/each_task.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool open_task(struct all_memory *all, int side, uint32_t pid,
		      struct memory *m, bool *absent)
{
	const struct store *store = all->d->store[side];

	all->d->side = side;
	if (!memory_open(m, store, pid, 0, NULL, absent, all->d->err))
		return false;
	m->mapped = &all->mapped[side];
	if (!*absent || !memory_tasks_predump(store, pid))
		return true;
	*absent = false;
	return memory_bare(m);
}

static bool one(struct all_memory *all, uint32_t pid)
{
	struct memory a = { .pid = 0 }, b = { .pid = 0 };
	bool no_a = false, no_b = false, ok;

	ok = open_task(all, 0, pid, &a, &no_a) &&
		open_task(all, 1, pid, &b, &no_b);
	if (ok && !no_a && !no_b)
		ok = memory_compare(all, &a, &b);
	memory_close(&a);
	memory_close(&b);
	return ok || diff_trouble(all->d);
}

/* The files of mappings, for their names. */
static bool want(struct all_memory *all, int side, uint32_t pid)
{
	struct memory m;
	bool absent;

	memory_open(&m, all->d->store[side], pid, 0, &all->mapped[side], &absent,
		    all->d->err);
	memory_close(&m);
	if (all->d->err->code == CRIT_ENOMEM)
		return false;
	error_clear(all->d->err);
	return true;
}

/* The task of an mm, or of a pagemap where there is no mm. */
static bool is_task(const struct diff *d, const char *name, uint32_t *pid)
{
	char mm[32];

	if (store_pid(name, "mm-", pid))
		return true;
	if (!store_pid(name, "pagemap-", pid))
		return false;
	snprintf(mm, sizeof(mm), "mm-%" PRIu32 ".img", *pid);
	return !store_find(d->store[0], mm);
}

static bool each(struct all_memory *all, bool names)
{
	const struct store *s = all->d->store[0];
	uint32_t pid;

	for (size_t i = 0; i < s->n && !all->d->stop; i++) {
		if (!is_task(all->d, s->files[i].name, &pid))
			continue;
		if (names ? !want(all, 0, pid) || !want(all, 1, pid) :
		    !one(all, pid))
			return false;
	}
	return true;
}

static bool load(struct all_memory *all)
{
	for (int side = 0; side < 2; side++) {
		if (!mapped_files_load(&all->mapped[side], all->d->store[side]) &&
		    all->d->err->code == CRIT_ENOMEM)
			return false;
		error_clear(all->d->err);
	}
	return true;
}

static void warn_nowhere(const struct all_memory *all)
{
	struct crit_error why;

	if (!all->nowhere || !all->d->warn)
		return;
	error_clear(&why);
	if (all->nowhere == 1)
		error_set(&why, CRIT_EDATA, "memory of task %" PRIu32 " is not "
			  "compared: neither has its pages image", all->first);
	else
		error_set(&why, CRIT_EDATA, "memory of %" PRIu64 " tasks is not "
			  "compared: neither has their pages images",
			  all->nowhere);
	all->d->warn(all->d->ctx, &why);
}

bool diff_memory(struct diff *d)
{
	struct all_memory all = { .d = d };
	bool ok;

	/* one place, and not by two names of parents */
	if (store_same(d->store[0], d->store[1]) && !d->store[0]->outside &&
	    !d->store[1]->outside)
		return true;
	mapped_files_init(&all.mapped[0], d->err);
	mapped_files_init(&all.mapped[1], d->err);
	all.buf[0] = alloc(COMPARE_PIECE);
	all.buf[1] = alloc(COMPARE_PIECE);
	if (!all.buf[0] || !all.buf[1])
		error_set(d->err, CRIT_ENOMEM, "out of memory");
	ok = all.buf[0] && all.buf[1] && each(&all, true) && load(&all) &&
	     each(&all, false);
	warn_nowhere(&all);
	alloc_free(all.buf[0]);
	alloc_free(all.buf[1]);
	list_free(&all.seen);
	mapped_files_close(&all.mapped[0]);
	mapped_files_close(&all.mapped[1]);
	return ok;
}

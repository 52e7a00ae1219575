// SPDX-License-Identifier: MIT
/*
 *   start_stack | argc, argv, envp, auxv | arg_start ... env_end | name
 *   └──────────────── one range, or each alone where they were moved ──┘
 */
#include "memory/glance.h"

#include <string.h>

enum { PIECE = 4096, RANGE_MAX = 256 << 10, NAME_ROOM = 4096 };

void memory_glance_init(struct memory_glance *g)
{
	memset(g, 0, sizeof(*g));
	error_clear(&g->err);
	g->tasks.err = &g->err;
	memory_tasks_init(&g->tasks);
}

void memory_glance_free(struct memory_glance *g)
{
	memory_tasks_close(&g->tasks);
}

/* The store keeps what is read. */
static bool read_range(struct memory *m, uint64_t start, uint64_t end)
{
	uint8_t buf[PIECE];
	struct run run;

	if (end <= start || end - start > RANGE_MAX)
		return true;
	for (uint64_t addr = start, n; addr < end; addr += n) {
		if (!memory_run(m, addr, &run))
			return false;
		n = (run.end < end ? run.end : end) - addr;
		if (run.kind < RUN_RAW || run.depth || run.shared)
			continue;
		if (n > PIECE)
			n = PIECE;
		n = memory_read(m, &run, addr, buf, (size_t)n);
		if (!n)
			return false;
	}
	return true;
}

static void read_task(struct memory *m)
{
	const struct mappings *v = &m->vmas;
	uint64_t end = v->env_end < UINT64_MAX - NAME_ROOM ?
		v->env_end + NAME_ROOM : v->env_end;
	bool usual = v->stack < v->arg_start && v->arg_start <= v->arg_end &&
		v->arg_end <= v->env_start && v->env_start <= v->env_end &&
		end - v->stack <= RANGE_MAX;

	if (usual) {
		read_range(m, v->stack, end);
		return;
	}
	/* moved: where the pages of the one lie before those of the other is
	 * not known; a step back fails, and is a further pass later */
	if (read_range(m, v->arg_start, v->arg_end) &&
	    read_range(m, v->env_start, v->env_end))
		read_range(m, v->stack, v->stack + NAME_ROOM);
}

bool memory_glance(void *ctx, const struct store *so_far, const char *name)
{
	struct memory_glance *g = ctx;
	struct store s = *so_far;
	uint64_t pid = memory_tasks_owner(&g->tasks, &s, name);
	struct memory m;
	bool absent;

	if (pid != UINT64_MAX) {
		if (memory_open(&m, &s, (uint32_t)pid, 0, NULL, &absent,
				&g->err) && !absent)
			read_task(&m);
		memory_close(&m);
	}
	error_clear(&g->err);
	return false;
}

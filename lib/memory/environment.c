// SPDX-License-Identifier: MIT
/*
 *   mm_start_stack ─► argc | argv.. 0 | envp.. 0 | auxv | strings
 *                                        └──────────────► ranges
 */
#include "memory/environment.h"
#include "memory/arguments.h"
#include "memory/entry_stack.h"

enum { STRING_MAX = 128 << 10 };	/* of execve */

struct environment {
	struct memory *m;
	bool (*range)(void *ctx, uint64_t start, uint64_t end);
	void *ctx;
	uint64_t start, end;		/* strings that lie side by side */
};

static bool give(struct environment *e)
{
	return e->start == e->end || e->range(e->ctx, e->start, e->end);
}

/* A string that no image has goes to whoever reads it, and says so. */
static bool add(struct environment *e, uint64_t addr)
{
	uint64_t end = addr < UINT64_MAX - STRING_MAX ?
		memory_behind_nul(e->m, addr, addr + STRING_MAX) : addr;
	bool ok = true;

	if (error_is(e->m->err))
		return false;
	if (addr != e->end) {
		ok = give(e);
		e->start = addr;
	}
	e->end = end > addr ? end : addr + 1;
	return ok;
}

bool memory_environment(struct memory *m,
			bool (*range)(void *ctx, uint64_t start, uint64_t end),
			void *ctx)
{
	struct environment e = { .m = m, .range = range, .ctx = ctx };
	struct entry_stack s;
	uint64_t addr;

	if (!entry_stack_find(&s, m))
		return !error_is(m->err) &&
		       range(ctx, m->vmas.env_start, m->vmas.env_end);
	for (uint64_t i = 0; i < s.envc; i++)
		if (!entry_stack_word(&s, m, s.envp + i * s.word, &addr) ||
		    !add(&e, addr))
			return false;
	return give(&e);
}

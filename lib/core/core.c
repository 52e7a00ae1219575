// SPDX-License-Identifier: MIT
#include "core/core.h"
#include "memory/each_task.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { COMPAT = 2 };			/* user_x86_regs_mode */

static bool bad_image(struct core *c, uint32_t pid, const char *what,
		      uint64_t v)
{
	snprintf(c->err->image, sizeof(c->err->image), "core-%" PRIu32 ".img",
		 pid);
	return error_set(c->err, CRIT_EDATA, "%s %" PRIu64, what, v);
}

/* The table of its architecture. */
static bool find_arch(struct core *c, uint32_t pid)
{
	struct core_facts facts;

	if (!core_thread_facts(&facts, pid, c->dir, c->err))
		return false;
	c->elf.arch = core_arch_find(facts.mtype, facts.mode == COMPAT);
	if (!c->elf.arch)
		return bad_image(c, pid, "unknown architecture: mtype",
				 facts.mtype);
	c->elf.big = c->elf.arch->big;
	return true;
}

static bool open_memory(struct core *c, uint32_t pid)
{
	bool absent;

	if (!memory_open(&c->memory, c->dir, pid, 0, &c->mapped, &absent,
			 c->err))
		return false;
	if (absent)
		return memory_tasks_absent(c->dir, pid, true, c->err);
	return mapped_files_load(&c->mapped, c->dir);
}

static uint64_t round_up(const struct core *c, uint64_t at)
{
	return (at + c->memory.page_size - 1) & -c->memory.page_size;
}

uint64_t core_place(const struct core *c, const struct core_segment *seg,
		    uint64_t *at)
{
	uint64_t max = c->elf.arch->is64 ? INT64_MAX : UINT32_MAX;
	uint64_t from = round_up(c, *at), n = seg->end - seg->start;

	if (!seg->here)
		return from;
	if (from > max || n > max - from) {
		error_set(c->err, CRIT_EDATA, "the core would be too large: "
			  "more than %" PRIu64 " bytes", max);
		return UINT64_MAX;
	}
	*at = from + n;
	return from;
}

static bool measure(struct core *c)
{
	uint64_t headers = core_elf_size(&c->elf, c->segments.n + 1);

	c->data_at = round_up(c, headers + spool_size(&c->notes.spool));
	c->size = c->data_at;
	for (uint64_t i = 0; i < c->segments.n; i++) {
		const struct core_segment *seg =
			core_segments_get(&c->segments, i);

		if (!seg || core_place(c, seg, &c->size) == UINT64_MAX)
			return false;
	}
	return true;
}

static void tell(struct core *c, const char *what, uint64_t n)
{
	struct crit_error err = { 0 };

	error_clear(&err);
	error_set(&err, CRIT_EDATA, what, n, c->memory.pid);
	if (c->warn)
		c->warn(c->ctx, &err);
}

static void tell_gaps(struct core *c)
{
	struct memory *m = &c->memory;

	if (c->segments.lazy)
		tell(c, "%" PRIu64 " bytes of task %" PRIu32 " are not in the "
		     "core: a page server kept them (lazy)", c->segments.lazy);
	if (m->lost)
		tell(c, "no image has the bytes of segment %" PRIu64 ", which "
		     "task %" PRIu32 " maps", m->lost_id);
	if (m->own_open && pages_none(&m->pages))
		tell(c, "there is no pagemap image: none of the %" PRIu64
		     " mappings of task %" PRIu32 " has pages of its own",
		     m->vmas.n);
	if (c->notes.no_files)
		tell(c, "the names of its files are too long for NT_FILE: the "
		     "%" PRIu64 " mappings of task %" PRIu32 " have none",
		     m->vmas.n);
}

/* core_close is right from here on. */
static void init(struct core *c, const struct store *dir,
		 struct crit_error *err)
{
	c->dir = dir;
	c->err = err;
	mapped_files_init(&c->mapped, err);
	spool_init(&c->memory.vmas.spool, err);
	sysv_shm_init(&c->memory.segments, err);
	spool_init(&c->segments.spool, err);
	spool_init(&c->notes.spool, err);
	c->root.root = -1;
	c->root.file = BLOB_NONE;
}

bool core_open(struct core *c, const struct store *dir, uint32_t pid,
	       struct crit_error *err)
{
	uint64_t limit;

	init(c, dir, err);
	if (store_absent(dir, IMAGE_PSTREE))
		return error_set(err, CRIT_EDATA, "there is no pstree.img: is "
				 "this a checkpoint? A pre-dump has no registers");
	if (!open_memory(c, pid) || !core_tree_open(&c->tree, pid, dir, err) ||
	    !find_arch(c, pid) ||
	    !core_sysroot_open(&c->root, c->sysroot, err))
		return false;
	c->root.warn = c->warn;
	c->root.ctx = c->ctx;
	limit = c->elf.arch->is64 ? UINT64_MAX : UINT64_C(1) << 32;
	core_notes_init(&c->notes, c->elf.arch, c->elf.big, err);
	if (!core_segments_open(&c->segments, &c->memory, &c->root, limit) ||
	    !core_notes_task(&c->notes, &c->tree, &c->memory) || !measure(c))
		return false;
	c->root.warn = NULL;
	tell_gaps(c);
	return true;
}

void core_close(struct core *c)
{
	core_notes_close(&c->notes);
	core_segments_close(&c->segments);
	core_sysroot_close(&c->root);
	core_tree_close(&c->tree);
	memory_close(&c->memory);
	mapped_files_close(&c->mapped);
}

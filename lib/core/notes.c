// SPDX-License-Identifier: MIT
/*
 * In the order of the kernel's cores:
 *
 *   first thread   PRSTATUS, PRPSINFO, SIGINFO, AUXV, FILE, registers
 *   others         PRSTATUS, registers
 *   at the end     what says how the first thread's registers are laid out
 */
#include "core/notes.h"
#include "base/alloc.h"
#include "core/bytes.h"
#include "core/process.h"

#include <string.h>

enum { PRSTATUS_MAX = 112 + 384 + 8 };

void core_notes_init(struct core_notes *n, const struct core_arch *arch,
		     bool big, struct crit_error *err)
{
	memset(n, 0, sizeof(*n));
	n->arch = arch;
	n->big = big;
	n->err = err;
	spool_init(&n->spool, err);
}

void core_notes_close(struct core_notes *n)
{
	spool_free(&n->spool);
}

bool core_note_begin(struct core_notes *n, const char *owner, uint32_t type,
		     uint64_t size)
{
	size_t name = strlen(owner) + 1;
	uint8_t head[12 + 8] = { 0 }, *p;

	p = core_put(head, name, 4, n->big);
	p = core_put(p, size, 4, n->big);
	p = core_put(p, type, 4, n->big);
	memcpy(p, owner, name);
	return spool_put(&n->spool, head, sizeof(head));
}

bool core_note_end(struct core_notes *n)
{
	static const uint8_t zeros[4];

	return spool_put(&n->spool, zeros, -spool_size(&n->spool) & 3);
}

bool core_note(struct core_notes *n, const char *owner, uint32_t type,
	       const void *p, size_t size)
{
	return core_note_begin(n, owner, type, size) &&
	       spool_put(&n->spool, p, size) && core_note_end(n);
}

static bool has_fpregs(const struct core_arch *arch,
		       const struct core_thread *t)
{
	for (size_t i = 0; i < arch->n_notes; i++)
		if (arch->notes[i].type == CORE_FPREGSET &&
		    !strcmp(arch->notes[i].owner, "CORE"))
			return t->desc[i].size;
	return false;
}

/* struct elf_prstatus: three signal numbers, masks, ids, times (zeros: no
 * image has them), registers, whether there are floating point ones. */
static bool prstatus(struct core_notes *n, const struct core_tree *tree,
		     const struct core_thread *t)
{
	bool is64 = n->arch->is64, leader = t->tid == tree->pid;
	unsigned word = is64 ? 8 : 4;
	uint64_t blocked = leader ? t->facts.task_blocked : t->facts.blocked;
	const uint64_t ids[] = { t->tid, tree->ppid, tree->pgid, tree->sid };
	uint8_t desc[PRSTATUS_MAX] = { 0 }, *p = desc + 16;

	p = core_put(p, t->facts.pending, word, n->big);
	p = core_put(p, blocked, word, n->big);
	for (size_t i = 0; i < 4; i++)
		p = core_put(p, ids[i], 4, n->big);
	p += 4 * 2 * word;
	memcpy(p, t->desc[0].p, t->desc[0].size);
	p += t->desc[0].size;
	p = core_put(p, has_fpregs(n->arch, t), 4, n->big);
	return core_note(n, "CORE", CORE_PRSTATUS, desc,
			 (size_t)(p - desc + (is64 ? 4 : 0)));
}

static bool registers(struct core_notes *n, const struct core_thread *t,
		      bool last)
{
	for (size_t i = 1; i < n->arch->n_notes; i++) {
		const struct core_note *note = &n->arch->notes[i];
		const struct core_desc *d = &t->desc[i];

		if (d->size && note->last == last &&
		    !core_note(n, note->owner, note->type, d->p, d->size))
			return false;
	}
	return true;
}

static bool thread(struct core_notes *n, const struct core_tree *tree,
		   size_t i, struct memory *m, struct core_thread *t)
{
	return core_thread_read(t, tree->threads[i], n->arch, n->big, m->dir,
				n->err) &&
	       prstatus(n, tree, t) &&
	       (i || core_process_notes(n, tree, &t->facts, m)) &&
	       registers(n, t, false);
}

bool core_notes_task(struct core_notes *n, const struct core_tree *tree,
		     struct memory *m)
{
	struct core_thread *t = alloc(2 * sizeof(*t));
	bool ok = t || error_set(n->err, CRIT_ENOMEM, "out of memory");

	/* the first one is kept for its last notes */
	for (size_t i = 0; ok && i < tree->n; i++)
		ok = thread(n, tree, i, m, &t[i ? 1 : 0]);
	ok = ok && registers(n, t, true);
	alloc_free(t);
	return ok;
}

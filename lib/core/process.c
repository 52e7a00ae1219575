// SPDX-License-Identifier: MIT
#include "core/process.h"
#include "core/bytes.h"

#include <elf.h>
#include <string.h>

enum { PSARGS_MAX = 80, PRPSINFO_MAX = 136, SIGINFO_SIZE = 128 };

/* The command line: as much of it as images have, NULs as spaces. */
static void read_args(struct memory *m, char args[PSARGS_MAX])
{
	uint64_t at = m->vmas.arg_start, end = m->vmas.arg_end;
	struct run run;
	size_t n = 0, k;

	while (at < end && n < PSARGS_MAX - 1) {
		if (!memory_run(m, at, &run) || run.kind <= RUN_LAZY)
			return;
		k = PSARGS_MAX - 1 - n;
		if (k > (run.end < end ? run.end : end) - at)
			k = (size_t)((run.end < end ? run.end : end) - at);
		k = memory_read(m, &run, at, args + n, k);
		if (!k)
			return;
		for (size_t i = n; i < n + k; i++)
			args[i] = args[i] ? args[i] : ' ';
		n += k;
		at += k;
	}
}

static bool prpsinfo(struct core_notes *n, const struct core_tree *tree,
		     const struct core_facts *f, struct memory *m)
{
	bool stopped = f->state == 3, big = n->big;
	unsigned word = n->arch->is64 ? 8 : 4, id = n->arch->short_ids ? 2 : 4;
	const uint64_t ids[] = { tree->pid, tree->ppid, tree->pgid, tree->sid };
	uint8_t desc[PRPSINFO_MAX] = { 0 }, *p = desc;
	char args[PSARGS_MAX] = { 0 };

	read_args(m, args);
	if (error_is(n->err))
		return false;
	p = core_put(p, stopped ? 3 : 0, 1, big);
	p = core_put(p, stopped ? 'T' : 'R', 1, big);
	p = core_put(p, 0, 1, big);
	p = core_put(p, f->nice, 1, big);
	p = core_put(p + word - 4, f->flags, word, big);
	p = core_put(p, f->uid, id, big);
	p = core_put(p, f->gid, id, big);
	for (size_t i = 0; i < 4; i++)
		p = core_put(p, ids[i], 4, big);
	memcpy(p, f->comm, CORE_COMM_MAX);
	memcpy(p + CORE_COMM_MAX, args, PSARGS_MAX);
	p += CORE_COMM_MAX + PSARGS_MAX;
	return core_note(n, "CORE", CORE_PRPSINFO, desc, (size_t)(p - desc));
}

static bool siginfo(struct core_notes *n)
{
	static const uint8_t zeros[SIGINFO_SIZE];

	return core_note(n, "CORE", CORE_SIGINFO, zeros, sizeof(zeros));
}

/* Pairs of type and value up to AT_NULL, which is added where CRIU's buffer
 * was too short for it. */
static bool auxv(struct core_notes *n, const struct mappings *v)
{
	unsigned word = n->arch->is64 ? 8 : 4;
	unsigned step = n->arch->pairs ? 1 : 2;
	uint8_t desc[sizeof(v->auxv) * 2 + 16], *p = desc;
	uint64_t type = 1, value;

	for (unsigned i = 0; type && i + step <= v->n_auxv; i += step) {
		type = step == 1 ? v->auxv[i] & UINT32_MAX : v->auxv[i];
		value = step == 1 ? v->auxv[i] >> 32 : v->auxv[i + 1];
		p = core_put(p, type, word, n->big);
		p = core_put(p, value, word, n->big);
	}
	if (type) {
		memset(p, 0, 2 * word);
		p += 2 * word;
	}
	return core_note(n, "CORE", CORE_AUXV, desc, (size_t)(p - desc));
}

/* What NT_FILE says of a mapping; NULL: nothing. */
static const char *file_of(const struct memory *m, const struct vma *a)
{
	const struct mapped_file *f;

	if (!vma_is_file(a) || a->status & VMA_MEMFD || !m->mapped)
		return NULL;
	f = mapped_files_find(m->mapped, (uint32_t)a->shmid);
	return f && !f->memfd ? f->name : NULL;
}

/* Each mapping of a file, in order. False: *err. */
static bool each_file(struct core_notes *n, struct memory *m,
		      bool (*f)(struct core_notes *, const struct vma *,
				const char *, uint64_t *), uint64_t *ctx)
{
	for (uint64_t i = 0; i < m->vmas.n; i++) {
		const struct vma *a = mappings_get(&m->vmas, i);
		const char *name = a ? file_of(m, a) : NULL;

		if (!a || (name && !f(n, a, name, ctx)))
			return false;
	}
	return true;
}

static bool count_file(struct core_notes *n, const struct vma *a,
		       const char *name, uint64_t *count)
{
	(void)n;
	(void)a;
	count[0]++;
	count[1] += strlen(name) + 1;
	return true;
}

static bool put_range(struct core_notes *n, const struct vma *a,
		      const char *name, uint64_t *page_size)
{
	unsigned word = n->arch->is64 ? 8 : 4;
	uint8_t entry[24], *p = entry;

	(void)name;
	p = core_put(p, a->start, word, n->big);
	p = core_put(p, a->end, word, n->big);
	p = core_put(p, a->pgoff / *page_size, word, n->big);
	return spool_put(&n->spool, entry, (size_t)(p - entry));
}

static bool put_name(struct core_notes *n, const struct vma *a,
		     const char *name, uint64_t *ctx)
{
	(void)a;
	(void)ctx;
	return spool_put(&n->spool, name, strlen(name) + 1);
}

/* count, page size, then (start, end, offset in pages) each, then names. */
static bool files(struct core_notes *n, struct memory *m)
{
	unsigned word = n->arch->is64 ? 8 : 4;
	uint64_t count[2] = { 0 }, size;
	uint8_t head[16], *p;

	if (!each_file(n, m, count_file, count))
		return false;
	size = (2 + 3 * count[0]) * word + count[1];
	n->no_files = size > INT32_MAX;
	if (n->no_files)
		return true;
	p = core_put(head, count[0], word, n->big);
	p = core_put(p, m->page_size, word, n->big);
	return core_note_begin(n, "CORE", CORE_FILE, size) &&
	       spool_put(&n->spool, head, (size_t)(p - head)) &&
	       each_file(n, m, put_range, &m->page_size) &&
	       each_file(n, m, put_name, NULL) && core_note_end(n);
}

bool core_process_notes(struct core_notes *n, const struct core_tree *tree,
			const struct core_facts *facts, struct memory *m)
{
	return prpsinfo(n, tree, facts, m) && siginfo(n) &&
	       auxv(n, &m->vmas) && files(n, m);
}

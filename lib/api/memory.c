// SPDX-License-Identifier: MIT
/*
 * Mappings and memory of tasks through the API.
 */
#include "api/memory.h"
#include "memory/arguments.h"
#include "memory/environment.h"
#include "memory/each_task.h"
#include "report/memory_text.h"

#include <inttypes.h>
#include <string.h>

enum { PIECE = 64 << 10, STRING_BYTES_MAX = 16 << 20 };

/* Mappings: the files of all tasks are looked for before the first is told. */

struct maps {
	struct crit_dir *dir;
	struct crit_error err;
	struct tasks tasks;
	struct mapped_files mapped;
	uint32_t pid;			/* 0: all */
	bool (*found)(void *ctx, const struct crit_mapping *);
	void *ctx;
	bool stop;
};

static bool give_mappings(struct maps *m, struct memory *mem)
{
	char buf[64];

	for (uint64_t i = 0; i < mem->vmas.n && !m->stop; i++) {
		const struct vma *a = mappings_get(&mem->vmas, i);

		if (!a)
			return false;
		m->stop = !m->found(m->ctx, &(struct crit_mapping){
			.pid = mem->pid, .start = a->start, .end = a->end,
			.pgoff = a->pgoff, .shmid = a->shmid, .prot = a->prot,
			.flags = a->flags, .status = a->status,
			.what = memory_what(mem, a, buf, sizeof(buf)),
		});
	}
	return true;
}

static bool map_task(struct maps *m, uint32_t pid, bool only_want)
{
	struct memory mem;
	bool absent, ok;

	ok = memory_open(&mem, &m->dir->dir, pid, 0, only_want ? &m->mapped :
			 NULL, &absent, &m->err);
	mem.mapped = &m->mapped;
	if (ok && absent)
		ok = memory_tasks_absent(&m->dir->dir, pid, m->pid, &m->err);
	else if (ok && !only_want)
		ok = give_mappings(m, &mem);
	memory_close(&mem);
	return ok;
}

static bool map_tasks(struct maps *m)
{
	bool known = !m->pid;

	if (!tasks_open(&m->tasks, &m->dir->dir, &m->err))
		return false;
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < m->tasks.n && !m->stop; i++) {
			uint32_t pid = m->tasks.pids[i];

			known |= pid == m->pid;
			if ((!m->pid || pid == m->pid) &&
			    !map_task(m, pid, !pass))
				return false;
		}
		if (!pass && !mapped_files_load(&m->mapped, &m->dir->dir))
			return false;
	}
	return known || error_set(&m->err, CRIT_EUSAGE, "no task %" PRIu32,
				  m->pid);
}

bool crit_mappings(struct crit_dir *dir, uint32_t pid,
		   bool (*found)(void *ctx, const struct crit_mapping *),
		   void *ctx, struct crit_error *err)
{
	struct maps m = { .dir = dir, .pid = pid, .found = found, .ctx = ctx };
	bool ok;
	API(dir->c);

	error_clear(&m.err);
	mapped_files_init(&m.mapped, &m.err);
	ok = map_tasks(&m);
	tasks_close(&m.tasks);
	mapped_files_close(&m.mapped);
	return ok || dir_fail(dir, err, &m.err);
}

/* Memory. */

bool api_memory_open(struct crit_memory *m, uint32_t pid, uint64_t page_size)
{
	const struct crit_dir *dir = m->dir;
	bool absent = false;

	mapped_files_init(&m->mapped, &m->err);
	if (!memory_open(&m->memory, &dir->dir, pid, page_size, &m->mapped,
			 &absent, &m->err))
		return false;
	if (absent && memory_tasks_predump(&dir->dir, pid))
		return memory_bare(&m->memory);
	if (absent)
		return memory_tasks_absent(&dir->dir, pid, true, &m->err);
	return mapped_files_load(&m->mapped, &dir->dir);
}

struct crit_memory *crit_memory_open(struct crit_dir *dir, uint32_t pid,
				     uint64_t page_size, struct crit_error *err)
{
	struct crit_memory *m;
	API(dir->c);

	if (page_size & (page_size - 1) || (page_size && page_size < 512) ||
	    page_size > PAGEMAP_BLOCK_MAX)
		return api_usage(err, "page size %" PRIu64 " is not a power of "
				 "two from 512 on", page_size), NULL;
	m = alloc_zero(sizeof(*m));
	if (!m)
		return api_no_memory(err), NULL;
	m->c = dir->c;
	m->dir = dir;
	error_clear(&m->err);
	if (api_memory_open(m, pid, page_size))
		return m;
	dir_fail(dir, err, &m->err);
	crit_memory_close(m);
	return NULL;
}

struct crit *api_context(const struct crit_memory *m)
{
	return m->c;
}

void crit_memory_close(struct crit_memory *m)
{
	if (!m)
		return;
	memory_close(&m->memory);
	mapped_files_close(&m->mapped);
	alloc_free(m);
}

bool api_memory_result(struct crit_memory *m, bool ok, struct crit_error *err)
{
	if (error_is(&m->err) || !ok)
		dir_fail(m->dir, err, &m->err);
	ok = ok && !error_is(&m->err);
	error_clear(&m->err);
	return ok;
}

static bool read_memory(struct crit_memory *m, uint64_t addr, uint8_t *p,
			size_t n, uint64_t *absent)
{
	struct run run;

	while (n) {
		size_t k = n;

		if (!memory_run(&m->memory, addr, &run))
			return false;
		if (run.end - addr < k)
			k = (size_t)(run.end - addr);
		if (run.kind <= RUN_LAZY) {
			memset(p, 0, k);
			*absent += k;
		} else {
			k = memory_read(&m->memory, &run, addr, p, k);
		}
		if (!k)
			return false;
		addr += k;
		p += k;
		n -= k;
	}
	return true;
}

bool crit_memory_read(struct crit_memory *m, uint64_t address, void *buf,
		      size_t n, uint64_t *absent, struct crit_error *err)
{
	uint64_t lost = 0;
	bool ok;
	API(m->c);

	if (n > UINT64_MAX - address)
		return api_usage(err, "runs past the end of memory");
	ok = read_memory(m, address, buf, n, &lost);
	if (absent)
		*absent = lost;
	return api_memory_result(m, ok, err);
}

static bool run_at(struct crit_memory *m, uint64_t address,
		   struct crit_run *out)
{
	struct run run;

	if (!memory_run(&m->memory, address, &run))
		return false;
	*out = (struct crit_run){
		.start = address, .end = run.end,
		.absent = run.kind == RUN_NONE,
		.lazy = run.kind == RUN_LAZY,
		.zero = run.kind == RUN_ZERO,
		.packed = run.kind == RUN_PACKED,
		.shared = run.shared, .depth = run.depth,
		.file = run.kind >= RUN_RAW ? run.file : NULL,
		.offset = run.kind >= RUN_RAW ? run.at : 0,
		.size = run.kind >= RUN_RAW ? run.size : 0,
	};
	return true;
}

bool crit_memory_at(struct crit_memory *m, uint64_t address,
		    struct crit_run *out, struct crit_error *err)
{
	API(m->c);

	return api_memory_result(m, run_at(m, address, out), err);
}

bool crit_memory_runs(struct crit_memory *m, uint64_t start, uint64_t end,
		      bool (*found)(void *ctx, const struct crit_run *),
		      void *ctx, struct crit_error *err)
{
	bool ok = true, more = true;
	struct crit_run run;
	API(m->c);

	while (ok && more && start < end) {
		ok = run_at(m, start, &run);
		if (!ok)
			break;
		if (run.end > end)
			run.end = end;
		start = run.end;
		more = found(ctx, &run);
	}
	return api_memory_result(m, ok, err);
}

uint64_t crit_memory_page_size(const struct crit_memory *m)
{
	return m->memory.page_size;
}

/* Strings that lie one after another, each with its NUL. */

struct strings {
	struct crit_memory *m;
	crit_string *give;
	void *ctx;
	char *p;
	size_t n, cap;
	bool stop;
};

static bool keep(struct strings *s, const uint8_t *p, size_t n)
{
	size_t cap = s->cap ? s->cap : 256;
	char *more;

	while (cap < s->n + n + 1)
		cap *= 2;
	if (cap > STRING_BYTES_MAX)
		return error_set(&s->m->err, CRIT_EDATA, "a string of more than "
				 "%d bytes", STRING_BYTES_MAX);
	if (cap > s->cap) {
		more = alloc_more(s->p, cap);
		if (!more)
			return error_set(&s->m->err, CRIT_ENOMEM, "out of memory");
		s->p = more;
		s->cap = cap;
	}
	if (n)
		memcpy(s->p + s->n, p, n);
	s->n += n;
	s->p[s->n] = 0;
	return true;
}

static bool cut(struct strings *s, const uint8_t *p, size_t n)
{
	while (n && !s->stop) {
		const uint8_t *nul = memchr(p, 0, n);
		size_t k = nul ? (size_t)(nul - p) : n;

		if (!keep(s, p, k))
			return false;
		if (!nul)
			return true;
		s->stop = !s->give(s->ctx, s->p, s->n);
		s->n = 0;
		p += k + 1;
		n -= k + 1;
	}
	return true;
}

static bool read_strings(void *ctx, uint64_t addr, uint64_t end)
{
	struct strings *s = ctx;
	uint8_t buf[4096];

	while (addr < end && !s->stop) {
		size_t k = end - addr < sizeof(buf) ? (size_t)(end - addr) :
			sizeof(buf);
		uint64_t absent = 0;

		if (!read_memory(s->m, addr, buf, k, &absent))
			return false;
		if (absent)
			return error_set(&s->m->err, CRIT_EDATA, "no image has "
					 "the bytes at 0x%" PRIx64, addr);
		if (!cut(s, buf, k))
			return false;
		addr += k;
	}
	return true;
}

static bool strings_end(struct strings *s, bool ok, struct crit_error *err)
{
	if (ok && s->n && !s->stop)
		s->give(s->ctx, s->p, s->n);
	alloc_free(s->p);
	return api_memory_result(s->m, ok, err);
}

bool crit_memory_args(struct crit_memory *m, crit_string *string, void *ctx,
		      struct crit_error *err)
{
	struct strings s = { .m = m, .give = string, .ctx = ctx };
	uint64_t start, end;
	API(m->c);

	return strings_end(&s, memory_arguments(&m->memory, &start, &end) &&
			   read_strings(&s, start, end), err);
}

bool crit_memory_env(struct crit_memory *m, crit_string *string, void *ctx,
		     struct crit_error *err)
{
	struct strings s = { .m = m, .give = string, .ctx = ctx };
	API(m->c);

	return strings_end(&s, memory_environment(&m->memory, read_strings, &s),
			   err);
}

bool crit_memory_auxv(struct crit_memory *m,
		      bool (*found)(void *ctx, uint64_t type, uint64_t value),
		      void *ctx, struct crit_error *err)
{
	const struct mappings *v = &m->memory.vmas;

	(void)err;
	for (unsigned i = 0; i + 1 < v->n_auxv; i += 2)
		if (!found(ctx, v->auxv[i], v->auxv[i + 1]))
			break;
	return true;
}

bool crit_memory_shared(struct crit_memory *m, uint64_t *bytes,
			struct crit_error *err)
{
	struct mappings *v = &m->memory.vmas;
	bool ok = true;
	API(m->c);

	*bytes = 0;
	for (uint64_t i = 0; i < v->n && ok; i++) {
		const struct vma *a = mappings_get(v, i);

		ok = a;
		if (a && a->flags & VMA_MAP_SHARED)
			*bytes += a->end - a->start;
	}
	return api_memory_result(m, ok, err);
}

/* Searching. */

struct finder {
	bool (*found)(void *ctx, const struct crit_match *);
	void *ctx;
	struct search search;
	struct crit_error err;		/* of the search; a stop is one, too */
	bool stop;
};

static void give_match(void *ctx, const struct search_match *match)
{
	struct finder *f = ctx;
	struct crit_match out = {
		.address = match->addr, .bytes = match->p, .size = match->n,
		.before = match->before, .after = match->after,
	};

	if (f->stop || f->found(f->ctx, &out))
		return;
	f->stop = true;
	error_set(&f->err, CRIT_EUSAGE, "stopped");
}

static bool begin_search(struct finder *f, const char *what, size_t n,
			 bool regex, size_t context)
{
	char *text;
	bool ok;

	error_clear(&f->err);
	if (!n || n > SEARCH_STRING_MAX || context > SEARCH_CONTEXT_MAX)
		return error_set(&f->err, CRIT_EUSAGE, "a search needs 1 to %d "
				 "bytes, and at most %d of context",
				 SEARCH_STRING_MAX, SEARCH_CONTEXT_MAX);
	if (!regex) {
		ok = search_string(&f->search, what, n, context, &f->err);
	} else {
		text = alloc_zero(n + 1);
		if (!text)
			return error_set(&f->err, CRIT_ENOMEM, "out of memory");
		memcpy(text, what, n);
		ok = search_regex(&f->search, text, context, &f->err);
		alloc_free(text);
	}
	f->search.found = give_match;
	f->search.ctx = f;
	return ok;
}

static bool search_all(struct finder *f, struct crit_memory *m)
{
	struct mappings *v = &m->memory.vmas;

	for (uint64_t i = 0; i < v->n && !error_is(&f->err); i++) {
		const struct vma *a = mappings_get(v, i);

		if (!a || !memory_search(&m->memory, &f->search, a->start,
					 a->end))
			return false;
	}
	search_flush(&f->search);
	return f->stop || memory_finish(&m->memory);
}

bool crit_memory_search(struct crit_memory *m, const char *what, size_t n,
			bool regex, size_t context,
			bool (*found)(void *ctx, const struct crit_match *),
			void *ctx, struct crit_error *err)
{
	struct finder *f;
	bool ok = true;
	API(m->c);

	f = alloc_zero(sizeof(*f));
	if (!f)
		return api_no_memory(err);
	f->found = found;
	f->ctx = ctx;
	if (begin_search(f, what, n, regex, context))
		ok = search_all(f, m);
	search_close(&f->search);
	ok = api_memory_result(m, ok, err);
	if (ok && error_is(&f->err) && !f->stop)
		ok = api_fail(err, &f->err);
	alloc_free(f);
	return ok;
}

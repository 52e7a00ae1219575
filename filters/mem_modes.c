// SPDX-License-Identifier: MIT
/*
 * What is done with the memory of one task, by mode: bytes, a dump, a search, maps,
 * arguments, or changes of it.
 */
#include "mem_job.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool copy_range(void *ctx, struct memory *m, uint64_t start,
		       uint64_t end)
{
	return memory_copy_range(&((struct mem *)ctx)->copy, m, start, end);
}

static bool do_bytes(struct mem *c, struct memory *m)
{
	bool ok = memory_copy_open(&c->copy, c->out.fd, c->out.name, c->holes,
				   &c->err) &&
		  memory_choose(m, &c->choice, copy_range, c) &&
		  memory_copy_finish(&c->copy);

	memory_copy_close(&c->copy);
	if (ok && c->copy.lazy)
		filter_warn("%" PRIu64 " bytes of task %" PRIu32 " are in no "
			    "image: a page server kept them (lazy)",
			    c->copy.lazy, m->pid);
	return ok;
}

static bool dump_range(void *ctx, struct memory *m, uint64_t start,
		       uint64_t end)
{
	struct mem *c = ctx;

	return memory_dump(m, &c->out, start, end, c->holes, c->copy.buf);
}

static bool do_hex(struct mem *c, struct memory *m)
{
	bool ok;

	c->copy.buf = malloc(COPY_BUFFER);
	ok = c->copy.buf ? memory_choose(m, &c->choice, dump_range, c) :
		error_set(&c->err, CRIT_ENOMEM, "out of memory");
	free(c->copy.buf);
	return ok;
}

/* Where the first byte of a match is stored. The search has gone on already,
 * so that another cursor follows it. */
static bool find_stored(struct mem *c, uint64_t addr, struct run *run)
{
	const struct memory *m = c->memory;
	bool absent, ok = true;

	if (!c->follows) {
		c->follows = true;
		ok = memory_open(&c->behind, m->dir, m->pid, m->page_size, NULL,
				 &absent, &c->err);
		c->behind.mapped = m->mapped;
		ok = ok && (!m->bare || memory_bare(&c->behind));
	}
	return ok && memory_run(&c->behind, addr, run);
}

static void found(void *ctx, const struct search_match *match)
{
	struct mem *c = ctx;
	struct run run;
	bool stored = c->records && !error_is(&c->err) &&
		      find_stored(c, match->addr, &run);

	memory_match(c->memory, match, stored ? &run : NULL, &c->out, c->records);
}

static bool search_range(void *ctx, struct memory *m, uint64_t start,
			 uint64_t end)
{
	return memory_search(m, &((struct mem *)ctx)->search, start, end);
}

static bool do_search(struct mem *c, struct memory *m)
{
	bool ok = c->string ?
		search_string(&c->search, c->string, strlen(c->string),
			      c->context, &c->err) :
		search_regex(&c->search, c->regex, c->context, &c->err);

	c->search.found = found;
	c->search.ctx = c;
	c->memory = m;
	ok = ok && memory_choose(m, &c->choice, search_range, c);
	if (ok)
		search_flush(&c->search);
	search_close(&c->search);
	if (c->follows)
		memory_close(&c->behind);
	c->follows = false;
	return ok && !error_is(&c->err);
}

static bool check_end(void *ctx, const struct pages_end *end)
{
	struct mem *c = ctx;
	bool again;

	if (!pages_seen(&c->seen, end, &again, &c->err))
		return false;
	if (!again && end->trailing)
		filter_warn("%s: warning: has %" PRIu64 " bytes more than %s says",
			    end->file, end->trailing, end->name);
	return true;
}

static bool do_map(struct mem *c, struct memory *m)
{
	if (!c->headed && !c->records && !c->runs)
		memory_list_head(&c->out);
	c->headed = true;
	m->finished = check_end;
	m->ctx = c;
	return memory_list(m, &c->choice, &c->out, c->records, c->runs);
}

static bool do_sizes(struct mem *c, struct memory *m)
{
	size_t before = c->sizes.n;
	bool ok;

	c->sizes.err = &c->err;
	ok = memory_sizes_add(&c->sizes, m, &c->choice);
	c->choice.n += c->sizes.n - before;
	return ok;
}

static struct memory_form form(const struct mem *c)
{
	return (struct memory_form){
		.records = c->records, .raw = c->null, .pid = c->pids.n != 1,
	};
}

/* Records have the note. */
static bool do_strings(struct mem *c, struct memory *m,
		       bool (*print)(struct memory *, struct out *,
				     struct memory_form, char *note))
{
	char note[MEMORY_NOTE];
	bool ok = print(m, &c->out, form(c), note);

	if (*note && !c->records)
		filter_warn("task %" PRIu32 ": %s", m->pid, note);
	return ok;
}

static bool do_args(struct mem *c, struct memory *m)
{
	return do_strings(c, m, memory_args);
}

static bool do_env(struct mem *c, struct memory *m)
{
	return do_strings(c, m, memory_env);
}

static bool do_auxv(struct mem *c, struct memory *m)
{
	return memory_auxv(m, &c->out, form(c));
}

static bool do_write(struct mem *c, struct memory *m)
{
	c->write.start = c->choice.start;
	c->write.end = c->choice.end;
	c->write.exact = !c->choice.whole_page;
	return mem_write(&c->write, m, &c->out);
}

const struct mode
	mode_write = { do_write, true, false, true, NULL },	/* changes it */
	mode_map = { do_map, true, false, false,
		     "pid start end prot pages? present? parent? lazy? zero? "
		     "absent? bytes path pgoff? image? offset?" },
	mode_runs = { do_map, true, false, false,
		      "pid start end kind depth? size? image? offset? path" },
	mode_sizes = { do_sizes, true, false, false,
		       "bytes share pid kind path mappings? mappings_bytes? "
		       "memory_present? memory_parent? memory_lazy? "
		       "memory_zero? zero_pages equal_pages" },
	mode_bytes = { do_bytes, true, true, true, NULL },
	mode_hex = { do_hex, true, false, true, NULL },
	mode_search = { do_search, true, false, false, NULL },
	mode_args = { do_args, true, false, false, NULL },
	mode_env = { do_env, true, false, false, NULL },
	mode_auxv = { do_auxv, false, false, false, NULL };

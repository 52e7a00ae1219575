// SPDX-License-Identifier: MIT
/*
 *   mm, pagemap, pages of a task ─► strings
 */
#include "view/strings.h"
#include "base/alloc.h"
#include "memory/arguments.h"
#include "memory/environment.h"

#include <inttypes.h>
#include <string.h>

enum { STRING_MAX = 128 << 10, PIECE = 4096 };	/* Linux allows no longer ones */

static bool report(struct view *v, struct crit_error *err)
{
	if (error_is(err))
		v->model->report(v->model->ctx, err);
	return false;
}

bool view_memory(struct view *v, const struct model_task *t, struct memory *m,
		 struct crit_error *err)
{
	bool absent = false;

	error_clear(err);
	if (!memory_open(m, v->dir, t->pid, 0, NULL, &absent, err))
		return report(v, err);
	if (!absent)
		return true;
	v->missing(v->ctx, "mm-", t->pid);
	return false;
}

struct strings {
	struct view *v;
	struct memory *m;
	void (*give)(struct view *, void *ctx, const char *, size_t);
	void *ctx;
	char *text;
	size_t n;
};

static void put(struct strings *s, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!p[i]) {
			s->give(s->v, s->ctx, s->text, s->n);
			s->n = 0;
		} else if (s->n < STRING_MAX) {
			s->text[s->n++] = (char)p[i];
		}
	}
}

static bool read_range(void *ctx, uint64_t addr, uint64_t end)
{
	struct strings *s = ctx;
	struct memory *m = s->m;
	uint8_t buf[PIECE];
	struct run run;

	while (addr < end) {
		uint64_t n = end - addr < PIECE ? end - addr : PIECE;

		if (!memory_run(m, addr, &run))
			return false;
		if (run.kind <= RUN_LAZY)
			return error_set(m->err, CRIT_EDATA, "task %" PRIu32
					 ": no image has the bytes at 0x%" PRIx64,
					 m->pid, addr);
		if (n > run.end - addr)
			n = run.end - addr;
		n = memory_read(m, &run, addr, buf, (size_t)n);
		if (!n)
			return false;
		put(s, buf, (size_t)n);
		addr += n;
	}
	return true;
}

bool view_strings(struct view *v, struct memory *m, enum view_strings what,
		  void (*give)(struct view *, void *ctx, const char *, size_t),
		  void *ctx)
{
	struct strings s = { .v = v, .m = m, .give = give, .ctx = ctx };
	uint64_t start, end;
	bool ok;

	s.text = alloc(STRING_MAX);
	if (!s.text)
		ok = error_set(m->err, CRIT_ENOMEM, "out of memory");
	else if (what == VIEW_ENVIRONMENT)
		ok = memory_environment(m, read_range, &s);
	else
		ok = memory_arguments(m, &start, &end) &&
		     read_range(&s, start, end);
	ok = ok && memory_finish(m);
	if (ok && s.n)
		give(v, ctx, s.text, s.n);
	alloc_free(s.text);
	return ok || report(v, m->err);
}

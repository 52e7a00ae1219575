// SPDX-License-Identifier: MIT
/*
 *   mappings of a task ─► search ─► the caller's function
 */
#include "api/memory.h"
#include "report/memory_text.h"

#include <string.h>

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

// SPDX-License-Identifier: MIT
// The iterators of a task's memory, as iterators.c.
#include "api/iterator.h"

static const struct iterator_kind runs = {
	"runs", sizeof(struct crit_run), 1, {
		STRING_AT(struct crit_run, file),
	},
};
GIVE(give_run, struct crit_run)

struct crit_iterator *crit_iterate_runs(struct crit_memory *m, uint64_t start,
					uint64_t end, struct crit_error *err)
{
	ITERATE(api_context(m), &runs,
		crit_memory_runs(m, start, end, give_run, it, &it->end));
}

int crit_next_run(struct crit_iterator *it, struct crit_run *run,
		  struct crit_error *err)
{
	return iterator_next(it, &runs, run, err);
}

/* The context lies around the bytes: all of it is put aside, and its size stands where
 * callers see nothing. */
static const struct iterator_kind matches = {
	"matches", sizeof(struct crit_match), 1, {
		BYTES_AT(struct crit_match, bytes, reserved[0], 1),
	},
};

static bool give_match(void *it, const struct crit_match *m)
{
	struct crit_match whole = *m;
	size_t n = m->before + m->size + m->after;

	whole.bytes = (const char *)m->bytes - m->before;
	memcpy(&whole.reserved[0], &n, sizeof(n));
	return iterator_put(it, &whole);
}

struct crit_iterator *crit_iterate_matches(struct crit_memory *m,
					   const char *what, size_t n,
					   bool regex, size_t context,
					   struct crit_error *err)
{
	ITERATE(api_context(m), &matches,
		crit_memory_search(m, what, n, regex, context, give_match, it,
				   &it->end));
}

int crit_next_match(struct crit_iterator *it, struct crit_match *match,
		    struct crit_error *err)
{
	int r = iterator_next(it, &matches, match, err);

	if (r > 0) {
		match->bytes = (const char *)match->bytes + match->before;
		match->reserved[0] = NULL;
	}
	return r;
}

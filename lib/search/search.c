// SPDX-License-Identifier: MIT
#include "search/search.h"
#include "base/alloc.h"

#include <string.h>

/* How often a byte occurs in memory, roughly: 0 rare, 3 everywhere. */
static int commonness(uint8_t c)
{
	if (!c || c == 0xff)
		return 3;
	if (strchr(" etaoinsrlEA/", c) || c < 0x10)
		return 2;
	return c > 0x7e || (c >= 'a' && c <= 'z') || c == 0x48 || c == 0x8b;
}

static size_t rarest(const uint8_t *p, size_t n)
{
	size_t best = 0;

	for (size_t i = 1; i < n; i++)
		if (commonness(p[i]) < commonness(p[best]))
			best = i;
	return best;
}

static bool start(struct search *s, struct crit_error *err)
{
	s->err = err;
	s->cap = (s->context > SEARCH_WINDOW_LESS ? SEARCH_WINDOW_LESS :
		  SEARCH_WINDOW) + s->reach + 2 * s->context + 1;
	s->buf = alloc(s->cap);
	return s->buf || error_set(err, CRIT_ENOMEM, "out of memory");
}

static void set_needle(struct search *s, const uint8_t *p, size_t n)
{
	s->string = (struct search_needle){ p, n, rarest(p, n) };
}

bool search_string(struct search *s, const char *string, size_t n,
		   size_t context, struct crit_error *err)
{
	memset(s, 0, sizeof(*s));
	s->reach = n;
	s->context = context;
	set_needle(s, (const uint8_t *)string, n);
	return start(s, err);
}

bool search_regex(struct search *s, const char *regex, size_t context,
		  struct crit_error *err)
{
	memset(s, 0, sizeof(*s));
	s->has_pattern = true;
	s->reach = REGEX_REACH + 1;
	s->context = context;
	return regex_open(&s->pattern, regex, err) && start(s, err);
}

void search_close(struct search *s)
{
	if (s->has_pattern)
		regex_close(&s->pattern);
	s->has_pattern = false;
	alloc_free(s->buf);
	s->buf = NULL;
}

/* The first occurrence that begins before limit; end if none. The rare byte
 * is looked for as long as it is rare. */
static size_t find_string(const struct search *s, size_t from, size_t limit,
			  size_t end)
{
	const struct search_needle *t = &s->string;
	size_t budget = 64 + (limit - from) / 64;
	const uint8_t *p;

	while (from < limit && end - from >= t->n && budget--) {
		size_t n = end - from - (t->n - 1);

		p = memchr(s->buf + from + t->rare, t->p[t->rare], n);
		if (!p)
			return end;
		from = (size_t)(p - s->buf) - t->rare;
		if (!memcmp(s->buf + from, t->p, t->n))
			return from < limit ? from : end;
		from++;
	}
	if (from >= limit || end - from < t->n)
		return end;
	p = memmem(s->buf + from, end - from, t->p, t->n);
	from = p ? (size_t)(p - s->buf) : end;
	return from < limit ? from : end;
}

static void report(void *ctx, size_t at, size_t n)
{
	struct search *s = ctx;
	size_t before = at < s->context ? at : s->context;
	size_t after = s->n - at - n;

	if (error_is(s->err))
		return;
	if (after > s->context)
		after = s->context;
	s->found(s->ctx, &(struct search_match){
		.addr = s->addr + at, .p = s->buf + at, .n = n,
		.before = before, .after = after,
	});
}

static size_t scan_string(struct search *s, size_t from, size_t limit)
{
	while (from < limit && !error_is(s->err)) {
		size_t at = find_string(s, from, limit, s->n);

		if (at >= limit)
			return limit;
		report(s, at, s->string.n);
		from = at + s->string.n;
	}
	return from;
}

/* Finds what begins before limit. */
static void scan(struct search *s, size_t limit)
{
	const struct text t = { s->buf, s->n };

	if (s->from < limit && s->has_pattern)
		s->from = regex_scan(&s->pattern, &t, s->from, limit, report, s);
	else if (s->from < limit)
		s->from = scan_string(s, s->from, limit);
}

void search_flush(struct search *s)
{
	scan(s, s->n);
	s->n = s->from = 0;
}

/* Searches the full window, and moves what is still needed to its front. */
static void roll(struct search *s)
{
	/* whether a line starts is told by the byte before */
	size_t before = s->context ? s->context : 1, keep;

	scan(s, s->n - s->reach - s->context);
	keep = s->from - (s->from < before ? s->from : before);
	memmove(s->buf, s->buf + keep, s->n - keep);
	s->n -= keep;
	s->from -= keep;
	s->addr += keep;
}

uint8_t *search_room(struct search *s, uint64_t addr, size_t *n)
{
	if (s->n && addr != s->addr + s->n)
		search_flush(s);
	if (!s->n)
		s->addr = addr;
	if (s->n == s->cap)
		roll(s);
	if (*n > s->cap - s->n)
		*n = s->cap - s->n;
	return s->buf + s->n;
}

void search_got(struct search *s, size_t n)
{
	s->n += n;
}

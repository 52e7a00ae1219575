// SPDX-License-Identifier: MIT
#include "search.h"
#include "alloc.h"

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
	s->cap = SEARCH_WINDOW + s->reach + 2 * s->context;
	s->buf = alloc(s->cap + 1);	/* a NUL for match() */
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

/* Past a group or a bracket expression; NULL where that is not clear. */
static const char *pass(const char *p)
{
	int depth = 0;

	if (*p == '[') {
		p += p[1] == '^' ? 2 : 1;
		p += *p == ']';
		for (; *p && *p != ']'; p++)
			if (*p == '[' && p[1] && strchr(".:=", p[1]))
				return NULL;
		return *p ? p + 1 : NULL;
	}
	do {
		if (*p == '[') {
			p = pass(p);
			if (!p)
				return NULL;
			continue;
		}
		depth += *p == '(' ? 1 : *p == ')' ? -1 : 0;
		p += *p == '\\' && p[1] ? 2 : 1;
	} while (depth && *p);
	return depth ? NULL : p;
}

/* The literal at the start of p, of at most size bytes: what each match of
 * these bytes holds. *end: what comes after. */
static size_t literal(const char *p, uint8_t *to, size_t size, const char **end)
{
	size_t n = 0;

	while (n < size && *p && !strchr("^$.[(){*+?|", *p)) {
		if (*p == '\\' && (!p[1] || !strchr(".[]()*+?{}|^$\\", p[1])))
			break;
		p += *p == '\\';
		to[n++] = (uint8_t)*p++;
	}
	/* a repeated byte may not be there at all */
	if (n && *p && strchr("*?{", *p))
		n--;
	*end = p;
	return n;
}

/* The longest literal of a regex without alternatives, if it has one. */
static void find_literal(struct search *s, const char *p)
{
	uint8_t here[sizeof(s->literal)];
	size_t best = 0;

	while (*p) {
		const char *q;
		size_t n = literal(p, here, sizeof(here), &q);

		if (n > best) {
			memcpy(s->literal, here, n);
			best = n;
		}
		if (*q == '|' || *q == ')')
			return;
		if (*q == '(' || *q == '[')
			q = pass(q);
		else if (*q == '{')
			q = strchr(q, '}') ? strchr(q, '}') + 1 : NULL;
		else if (*q == '\\')
			q = q[1] ? q + 2 : NULL;
		else if (*q && strchr("^$.*+?", *q))
			q++;
		if (!q)
			return;
		p = q;
	}
	if (best)
		set_needle(s, s->literal, best);
}

bool search_regex(struct search *s, const char *regex, size_t context,
		  struct crit_error *err)
{
	char text[200];
	int r;

	memset(s, 0, sizeof(*s));
	r = regcomp(&s->regex, regex, REG_EXTENDED | REG_NEWLINE);
	if (r) {
		regerror(r, &s->regex, text, sizeof(text));
		return error_set(err, CRIT_EUSAGE, "regular expression: %s", text);
	}
	s->has_regex = true;
	s->reach = SEARCH_REGEX_MAX;
	s->context = context;
	find_literal(s, regex);
	return start(s, err);
}

void search_close(struct search *s)
{
	if (s->has_regex)
		regfree(&s->regex);
	s->has_regex = false;
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

/* Where a match can begin at the earliest: it holds the literal. */
static size_t skip_to_literal(const struct search *s, size_t from, size_t end)
{
	size_t at;

	if (!s->string.n)
		return from;
	at = find_string(s, from, end, end);
	return at == end ? end : at - from > s->reach ? at - s->reach : from;
}

/* regexec(3) on the bytes from at->rm_so to at->rm_eo. */
#ifdef REG_STARTEND
static int match(struct search *s, regmatch_t *at, int flags)
{
	return regexec(&s->regex, (const char *)s->buf, 1, at,
		       flags | REG_STARTEND);
}
#else
/* A C library that matches strings only (musl): no match holds a NUL. */
static int match(struct search *s, regmatch_t *at, int flags)
{
	size_t from = (size_t)at->rm_so, end = (size_t)at->rm_eo;
	uint8_t last = s->buf[end];
	int r;

	s->buf[end] = 0;
	while ((r = regexec(&s->regex, (char *)s->buf + from, 1, at, flags))) {
		from += strlen((char *)s->buf + from) + 1;
		flags |= REG_NOTBOL;
		if (from >= end)
			break;
	}
	s->buf[end] = last;
	at->rm_so += (regoff_t)from;
	at->rm_eo += (regoff_t)from;
	return r;
}
#endif

static size_t find_regex(struct search *s, size_t from, size_t limit,
			 size_t end, size_t *n)
{
	int flags = 0;
	regmatch_t at;
	size_t found;

	from = skip_to_literal(s, from, end);
	if (from >= limit)
		return end;
	at = (regmatch_t){ (regoff_t)from, (regoff_t)end };
	if (from && s->buf[from - 1] != '\n')
		flags = REG_NOTBOL;
	if (match(s, &at, flags))
		return end;
	found = (size_t)at.rm_so;
	*n = (size_t)(at.rm_eo - at.rm_so);
	if (*n > s->reach)
		*n = s->reach;
	return found < limit ? found : end;
}

static void report(struct search *s, size_t at, size_t n)
{
	size_t before = at < s->context ? at : s->context;
	size_t after = s->n - at - n;

	if (after > s->context)
		after = s->context;
	s->found(s->ctx, &(struct search_match){
		.addr = s->addr + at, .p = s->buf + at, .n = n,
		.before = before, .after = after,
	});
}

/* Finds what begins before limit. */
static void scan(struct search *s, size_t limit)
{
	while (s->from < limit && !error_is(s->err)) {
		size_t n = s->string.n, at;

		at = s->has_regex ? find_regex(s, s->from, limit, s->n, &n) :
			find_string(s, s->from, limit, s->n);
		if (at >= limit) {
			s->from = limit;
			return;
		}
		if (n)
			report(s, at, n);
		s->from = at + (n ? n : 1);
	}
}

void search_flush(struct search *s)
{
	scan(s, s->n);
	s->n = s->from = 0;
}

/* Searches the full window, and moves what is still needed to its front. */
static void roll(struct search *s)
{
	size_t keep;

	scan(s, s->n - s->reach - s->context);
	keep = s->from - (s->from < s->context ? s->from : s->context);
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

// SPDX-License-Identifier: MIT
#include "search.h"

#include <stdlib.h>
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
	s->buf = malloc(s->cap);
	return s->buf || error_set(err, CRIT_ENOMEM, "out of memory");
}

bool search_string(struct search *s, const char *string, size_t n,
		   size_t context, struct crit_error *err)
{
	memset(s, 0, sizeof(*s));
	s->string = (const uint8_t *)string;
	s->length = s->reach = n;
	s->context = context;
	s->rare = rarest(s->string, n);
	return start(s, err);
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
	return start(s, err);
}

void search_close(struct search *s)
{
	if (s->has_regex)
		regfree(&s->regex);
	s->has_regex = false;
	free(s->buf);
	s->buf = NULL;
}

/* The first occurrence that begins before limit; end if none. The rare byte
 * is looked for as long as it is rare. */
static size_t find_string(const struct search *s, size_t from, size_t limit,
			  size_t end)
{
	size_t budget = 64 + (limit - from) / 64;
	const uint8_t *p;

	if (end - from < s->length)
		return end;
	while (from < limit && end - from >= s->length && budget--) {
		size_t n = end - from - (s->length - 1);

		p = memchr(s->buf + from + s->rare, s->string[s->rare], n);
		if (!p)
			return end;
		from = (size_t)(p - s->buf) - s->rare;
		if (!memcmp(s->buf + from, s->string, s->length))
			return from < limit ? from : end;
		from++;
	}
	if (from >= limit)
		return end;
	p = memmem(s->buf + from, end - from, s->string, s->length);
	from = p ? (size_t)(p - s->buf) : end;
	return from < limit ? from : end;
}

static size_t find_regex(struct search *s, size_t from, size_t limit,
			 size_t end, size_t *n)
{
	int flags = REG_STARTEND;
	regmatch_t at = { (regoff_t)from, (regoff_t)end };
	size_t found;

	if (from && s->buf[from - 1] != '\n')
		flags |= REG_NOTBOL;
	if (regexec(&s->regex, (const char *)s->buf, 1, &at, flags))
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
		size_t n = s->length, at;

		at = s->string ? find_string(s, s->from, limit, s->n) :
			find_regex(s, s->from, limit, s->n, &n);
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

// SPDX-License-Identifier: MIT
#include "search/regex.h"

#include <string.h>

enum {
	/* what to read a block backwards costs, in steps; and to check a place,
	 * besides its steps */
	BACK_COST = REGEX_BLOCK / 3,
	CHECK_COST = 6,
	VAIN_MAX = 64 * REGEX_BLOCK,	/* steps in a block, at most */
};

bool regex_open(struct regex *p, const char *regex, struct crit_error *err)
{
	memset(p, 0, sizeof(*p));
	if (!tree_open(&p->tree, regex, err))
		return false;
	alphabet_init(&p->alphabet, &p->tree);
	if (!dfa_open(&p->forwards, &p->tree, &p->alphabet, false, err) ||
	    !dfa_open(&p->backwards, &p->tree, &p->alphabet, true, err))
		return false;
	filter_init(&p->filter, &p->forwards);
	p->n_literal = tree_literal(&p->tree, p->literal, REGEX_LITERAL);
	return true;
}

void regex_close(struct regex *p)
{
	dfa_close(&p->forwards);
	dfa_close(&p->backwards);
	tree_close(&p->tree);
}

/* Where to look, before end; exact where it is read backwards. */
static void find_starts(struct regex *p, const struct text *t, size_t from,
			size_t end)
{
	size_t n = (end - from + 63) / 64 * sizeof(*p->bits);
	size_t reach = t->end - end < REGEX_REACH ? t->end : end + REGEX_REACH;

	memset(p->bits, 0, n);
	dfa_starts(&p->backwards, t, from, end, reach, p->bits);
}

/* The first place in from..end of the block at start, or end. */
static size_t next_start(const struct regex *p, size_t start, size_t from,
			 size_t end)
{
	size_t i = (from - start) / 64, n = (end - start + 63) / 64;
	uint64_t word;

	if (from >= end)
		return end;
	word = p->bits[i] & UINT64_MAX << ((from - start) & 63);
	while (!word && ++i < n)
		word = p->bits[i];
	if (!word)
		return end;
	from = start + 64 * i + (size_t)__builtin_ctzll(word);
	return from < end ? from : end;
}

struct scan {
	struct regex *p;
	const struct text *t;
	void (*found)(void *ctx, size_t at, size_t n);
	void *ctx;

	size_t start, end;		/* of the block */
	bool exact;			/* its places are no mere guesses */
	size_t vain;			/* steps that found nothing */
};

static void read_backwards(struct scan *s, size_t from)
{
	find_starts(s->p, s->t, from, s->end);
	s->start = from;
	s->exact = true;
}

static void guess(struct scan *s)
{
	struct regex *p = s->p;
	size_t n = filter_starts(&p->filter, s->t, s->start, s->end, p->bits);

	if (n * CHECK_COST > BACK_COST)
		read_backwards(s, s->start);
	else
		p->bits[0] |= p->filter.before;
}

/* The length of the match at a place, if there is one; *next: where to go
 * on. */
static size_t check(struct scan *s, size_t at, size_t *next)
{
	size_t steps = 0, n, i;

	n = dfa_longest(&s->p->forwards, s->t, at, REGEX_REACH, &steps);
	*next = at + (n ? n : 1);
	if (!n)
		s->vain += steps + (s->exact ? 0 : CHECK_COST);
	/* matches that are all too long would take time squared */
	if (s->vain > VAIN_MAX)
		*next += REGEX_REACH;
	i = *next - s->start;
	/* the byte before it does not count any more */
	if (n && !s->exact && s->p->filter.before && *next < s->end)
		s->p->bits[i / 64] |= UINT64_C(1) << (i & 63);
	return n;
}

/* Tells of the matches of a block; returns where the last one ends, or end. */
static size_t scan_block(struct scan *s, size_t start, size_t end)
{
	size_t at, next = start, n;

	s->start = start;
	s->end = end;
	s->exact = false;
	s->vain = 0;
	guess(s);
	while ((at = next_start(s->p, s->start, next, end)) < end) {
		n = check(s, at, &next);
		if (n)
			s->found(s->ctx, at, n);
		if (s->vain > BACK_COST && !s->exact && next < end)
			read_backwards(s, next);
	}
	return next > end ? next : end;
}

/* The place from which a match can start at the earliest: it holds the
 * literal. */
static size_t skip(const struct regex *p, const struct text *t, size_t from)
{
	const uint8_t *at;
	size_t i;

	if (p->n_literal < 3 || p->filter.rate < 1e-3)
		return from;
	at = memmem(t->buf + from, t->end - from, p->literal, p->n_literal);
	if (!at)
		return t->end;
	i = (size_t)(at - t->buf);
	return i - from > REGEX_REACH ? i - REGEX_REACH : from;
}

size_t regex_scan(struct regex *p, const struct text *t, size_t from,
		    size_t to, void (*found)(void *ctx, size_t at, size_t n),
		    void *ctx)
{
	struct scan s = { .p = p, .t = t, .found = found, .ctx = ctx };

	while (from < to) {
		from = skip(p, t, from);
		if (from >= to)
			return to;
		from = scan_block(&s, from, to - from < REGEX_BLOCK ? to :
				  from + REGEX_BLOCK);
	}
	return from;
}

// SPDX-License-Identifier: MIT
/*
 * Any bytes as a regular expression -> what it finds in any bytes. One byte
 * says how long the first are, one how the second come. Promises: matches are
 * within what was asked for, one after another, and the same where the bytes
 * are looked at in pieces.
 */
#include "common/fuzz.h"
#include "search/regex.h"

#include <stdlib.h>
#include <string.h>

struct finds {
	struct { size_t at, n; } got[4096];
	size_t n, next;
};

static void keep(void *ctx, size_t at, size_t n)
{
	struct finds *f = ctx;

	if (at < f->next || !n)
		abort();
	f->next = at + n;
	if (f->n < 4096) {
		f->got[f->n].at = at;
		f->got[f->n].n = n;
	}
	f->n++;
}

static void scan(struct regex *p, const struct text *t, size_t step,
		 struct finds *f)
{
	f->n = f->next = 0;
	for (size_t at = 0; at < t->end; ) {
		size_t to = t->end - at < step ? t->end : at + step;

		at = regex_scan(p, t, at, to, keep, f);
		if (at < to || at > t->end || at < f->next)
			abort();
	}
}

static void look(struct regex *p, const uint8_t *bytes, size_t n, size_t step)
{
	static struct finds whole, pieces;
	/* what is longer may be missed */
	struct text t = { bytes, n < REGEX_REACH ? n : REGEX_REACH };

	scan(p, &t, REGEX_BLOCK, &whole);
	scan(p, &t, step, &pieces);
	if (whole.n != pieces.n ||
	    (whole.n < 4096 && memcmp(whole.got, pieces.got,
				      whole.n * sizeof(*whole.got))))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct crit_error err;
	struct regex pattern;
	char regex[256];
	size_t size;

	if (n < 2 || n < 2u + p[0])
		return 0;
	size = p[0];
	memcpy(regex, p + 2, size);
	regex[size] = 0;
	error_clear(&err);
	if (regex_open(&pattern, regex, &err) == error_is(&err))
		abort();
	if (!error_is(&err))
		look(&pattern, p + 2 + size, n - 2 - size, p[1] + 1u);
	regex_close(&pattern);
	return 0;
}

// SPDX-License-Identifier: MIT
/*
 * Any bytes as the files of two checkpoints -> what differs. The first byte of a
 * file says whether it is in A, in B or in both. Promises: what is the same does
 * not differ, whatever the images hold.
 */
#include "common/files.h"
#include "diff/diff.h"

#include <stdlib.h>

static bool put(void *arg, const void *p, size_t n)
{
	(void)arg;
	(void)p;
	(void)n;
	return true;
}

/* Whether they are known to differ. */
static bool differs(const struct store *a, const struct store *b, uint8_t how)
{
	struct diff *d = calloc(1, sizeof(*d));
	struct crit_error err;
	struct out out;
	bool told;

	error_clear(&err);
	if (!d || !out_open(&out, -1, "x", &err))
		abort();
	out.write = put;
	*d = (struct diff){
		.store = { a, b }, .schema = &crit_schema, .err = &err,
		.out = &out, .sections = (1u << SECTIONS) - 1,
		.records = how & 1, .pages = how & 2, .hex = how & 4,
	};
	told = diff_run(d) && d->differs && !d->trouble;
	out_flush(&out);
	out_close(&out);
	free(d);
	return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct fuzz_files a, b;
	struct fuzz_file f;
	struct crit_error err;
	bool same = true;
	uint8_t flags, how = 0;

	error_clear(&err);
	a.n = b.n = 0;
	while (files_next(&p, &n, &flags, &f)) {
		if (flags >> 6 != 1)
			files_add(&a, &f);
		if (flags >> 6 != 2)
			files_add(&b, &f);
		same &= flags >> 6 != 1 && flags >> 6 != 2;
		how ^= flags;
	}
	if (files_open(&a, &err) && files_open(&b, &err) &&
	    differs(&a.store, &b.store, how) && same)
		__builtin_trap();
	store_close(&a.store);
	store_close(&b.store);
	return 0;
}

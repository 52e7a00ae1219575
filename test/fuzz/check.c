// SPDX-License-Identifier: MIT
/*
 * Any bytes as the files of a checkpoint -> findings. Promises: each is told
 * once, and again the same; memory is bounded by the input.
 */
#include "common/files.h"
#include "check/check.h"

#include <stdlib.h>

struct text {
	char *p;
	size_t n, cap;
};

static bool put(void *arg, const void *p, size_t n)
{
	struct text *t = arg;

	if (t->n + n > t->cap) {
		t->cap = 2 * (t->n + n);
		t->p = realloc(t->p, t->cap);
		if (!t->p)
			abort();
	}
	memcpy(t->p + t->n, p, n);
	t->n += n;
	return true;
}

static struct text findings(const struct store *s, uint8_t how)
{
	static const char *const allow[] = { "lazy-pages", "shell-job" };
	struct text t = { 0 };
	struct crit_error err;
	struct check c;
	struct out out;

	error_clear(&err);
	if (!out_open(&out, -1, "x", &err))
		abort();
	out.write = put;
	out.arg = &t;
	if (check_init(&c, &crit_schema, &err)) {
		c.allow = allow;
		c.n_allow = how & 2 ? 2 : 0;
	}
	if (!error_is(&err) && check_store(&c, s) && check_end(&c)) {
		if (how & 1)
			check_records(&c, &out, NULL);
		else
			check_print(&c, &out, NULL);
	}
	out_flush(&out);
	out_close(&out);
	check_free(&c);
	return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct fuzz_files files;
	struct fuzz_file f;
	struct crit_error err;
	struct text a, b;
	uint8_t flags, how = 0;

	error_clear(&err);
	files.n = 0;
	while (files_next(&p, &n, &flags, &f)) {
		files_add(&files, &f);
		how ^= flags;
	}
	if (files_open(&files, &err)) {
		a = findings(&files.store, how);
		b = findings(&files.store, how);
		if (a.n != b.n || (a.n && memcmp(a.p, b.p, a.n)))
			__builtin_trap();
		free(a.p);
		free(b.p);
	}
	store_close(&files.store);
	return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * What the tests of the public API share.
 */
#ifndef CRIT_TEST_API_H
#define CRIT_TEST_API_H

#include "crit.h"
#include "test.h"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

struct bytes {
	char *p;
	size_t n;
};

static inline struct bytes slurp(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct bytes b = { NULL, 0 };
	struct stat st;

	if (!f)
		return b;
	fstat(fileno(f), &st);
	b.n = (size_t)st.st_size;
	b.p = malloc(b.n + 1);
	if (fread(b.p, 1, b.n, f) != b.n)
		b.n = 0;
	fclose(f);
	return b;
}

static inline bool told(const struct crit_error *err)
{
	char text[1024];

	printf("#   %s\n", crit_error_text(err, text, sizeof(text)));
	return false;
}

/* Runs work in this many threads that share a context. */
static inline void api_threads(int n, void *(*work)(void *context))
{
	struct crit *c = crit_new(NULL);
	pthread_t t[8];

	for (int i = 0; i < n; i++)
		CHECK(!pthread_create(&t[i], NULL, work, c));
	for (int i = 0; i < n; i++)
		CHECK(!pthread_join(t[i], NULL));
	crit_free(c);
}

/* The tests' folder is the tree's. */
static inline void api_root(void)
{
	const char *root = getenv("CRIT_ROOT");

	if (root && chdir(root))
		exit(1);
}

#endif

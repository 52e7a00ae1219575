// SPDX-License-Identifier: MIT
/*
 * environment DIR PID: the environment of a task, out of its memory.
 */
#include <crit.h>
#include <stdio.h>
#include <stdlib.h>

static bool print(void *ctx, const char *s, size_t n)
{
	FILE *out = ctx;

	return fwrite(s, 1, n, out) == n && putc('\n', out) != EOF;
}

static bool print_environment(struct crit *c, const char *path, uint32_t pid,
			      struct crit_error *err)
{
	struct crit_dir *dir = crit_dir_open(c, path, false, err);
	struct crit_memory *m = dir ? crit_memory_open(dir, pid, 0, err) : NULL;
	bool ok = m && crit_memory_env(m, print, stdout, err);

	crit_memory_close(m);
	crit_dir_close(dir);
	return ok;
}

int main(int argc, char **argv)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	char text[512];
	bool ok;

	if (!c || argc != 3)
		return 2;
	ok = print_environment(c, argv[1], (uint32_t)strtoul(argv[2], NULL, 10),
			       &err);
	crit_free(c);
	if (ok)
		return 0;
	fprintf(stderr, "%s\n", crit_error_text(&err, text, sizeof(text)));
	return 1;
}

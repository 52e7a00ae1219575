// SPDX-License-Identifier: MIT
/*
 * open-files DIR PID: the files that a task has open.
 */
#include <crit.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static bool print(void *ctx, const struct crit_descriptor *d)
{
	FILE *out = ctx;

	if (d->at)
		fprintf(out, "%s\t%s\n", d->at, d->path);
	else
		fprintf(out, "%" PRIu32 "\t%s\t%s\n", d->fd, d->type, d->path);
	return !ferror(out);
}

static int print_files(struct crit *c, const char *path, uint32_t pid)
{
	struct crit_error err;
	struct crit_dir *dir;
	char text[512];
	bool ok;

	dir = crit_dir_open(c, path, false, &err);
	ok = dir && crit_descriptors(dir, pid, print, stdout, &err);
	crit_dir_close(dir);
	if (ok)
		return 0;
	fprintf(stderr, "%s\n", crit_error_text(&err, text, sizeof(text)));
	return 1;
}

int main(int argc, char **argv)
{
	struct crit *c = crit_new(NULL);
	int status = 2;

	if (c && argc == 3)
		status = print_files(c, argv[1],
				     (uint32_t)strtoul(argv[2], NULL, 10));
	crit_free(c);
	return status;
}

// SPDX-License-Identifier: MIT
/*
 * dump-statistics DIR: how long a dump took, and how much it wrote.
 */
#include <crit.h>
#include <inttypes.h>
#include <stdio.h>

static int print_statistics(struct crit *c, const char *path)
{
	struct crit_dump_stats s;
	struct crit_error err;
	struct crit_dir *dir;
	char text[512];
	bool ok;

	dir = crit_dir_open(c, path, false, &err);
	ok = dir && crit_dump_statistics(dir, &s, &err);
	crit_dir_close(dir);
	if (!ok) {
		fprintf(stderr, "%s\n", crit_error_text(&err, text, sizeof(text)));
		return 1;
	}
	printf("frozen for %" PRIu64 " us\n", s.frozen_time);
	printf("%" PRIu64 " of %" PRIu64 " pages written\n", s.pages_written,
	       s.pages_scanned);
	return 0;
}

int main(int argc, char **argv)
{
	struct crit *c = crit_new(NULL);
	int status = c && argc == 2 ? print_statistics(c, argv[1]) : 2;

	crit_free(c);
	return status;
}

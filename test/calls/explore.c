/* SPDX-License-Identifier: MIT */
/* explore CHECKPOINT WHAT: as crit-x -f records. */
#include "common.h"

int main(int argc, char **argv)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	struct crit_dir *dir = crit_open_checkpoint(c, argv[1], NULL, &err);
	struct crit_iterator *it = dir ?
		crit_iterate_explore(dir, argv[argc - 1], 0, &err) : NULL;
	const char *json;
	int r = -1;

	while (it && (r = crit_next_record(it, &json, NULL, &err)) > 0)
		puts(json);
	if (r < 0)
		return failed(&err);
	crit_iterator_free(it);
	crit_dir_close(dir);
	crit_free(c);
	return 0;
}

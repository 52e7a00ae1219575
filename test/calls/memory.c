/* SPDX-License-Identifier: MIT */
/* memory CHECKPOINT PID NAME: as crit-mem -p PID --vma NAME. */
#include "common.h"

int main(int argc, char **argv)
{
	uint32_t pid = (uint32_t)atoi(argv[argc - 2]);
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	struct crit_dir *dir = crit_open_checkpoint(c, argv[1], NULL, &err);
	struct crit_memory *m = dir ? crit_memory_open(dir, pid, 0, &err) : NULL;
	struct crit_iterator *it = m ? crit_iterate_mappings(dir, pid, &err) :
		NULL;
	struct crit_mapping map;
	int r = -1;

	while (it && (r = crit_next_mapping(it, &map, &err)) > 0) {
		size_t n = (size_t)(map.end - map.start);
		char *p = strcmp(map.what, argv[3]) ? NULL : malloc(n);

		if (p && (!crit_memory_read(m, map.start, p, n, NULL, &err) ||
			  fwrite(p, 1, n, stdout) != n))
			return failed(&err);
		free(p);
	}
	if (r < 0)
		return failed(&err);
	crit_iterator_free(it);
	crit_memory_close(m);
	crit_dir_close(dir);
	crit_free(c);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* core CHECKPOINT PID FILE: as crit-core -p PID -o FILE. */
#include "common.h"

int main(int argc, char **argv)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	struct crit_dir *dir = crit_open_checkpoint(c, argv[1], NULL, &err);
	struct crit_output *out = crit_output_path(c, argv[argc - 1], &err);

	if (!dir || !out ||
	    !crit_core(dir, (uint32_t)atoi(argv[2]), NULL, out, &err) ||
	    !crit_output_close(out, &err))
		return failed(&err);
	crit_dir_close(dir);
	crit_free(c);
	return 0;
}

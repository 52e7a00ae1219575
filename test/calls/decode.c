/* SPDX-License-Identifier: MIT */
/* decode CHECKPOINT [yaml]: as crit-decode. */
#include "common.h"

int main(int argc, char **argv)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	struct crit_dir *dir = crit_open_checkpoint(c, argv[1], NULL, &err);
	struct crit_output *out = crit_output_fd(c, 1, &err);

	if (!dir || !out ||
	    !crit_decode_dir(dir, out, argc > 2 ? CRIT_YAML : 0, &err))
		return failed(&err);
	crit_dir_close(dir);
	if (!crit_output_close(out, &err))
		return failed(&err);
	crit_free(c);
	return 0;
}

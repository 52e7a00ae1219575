/* SPDX-License-Identifier: MIT */
/* place DIR: as crit-copy --in-place --compress=64K DIR.
 * place CHECKPOINT A B: as crit-copy -f stream --to-shard B CHECKPOINT A. */
#include "common.h"

int main(int argc, char **argv)
{
	struct crit_copy_how how = { .compress = 65536 };
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	struct crit_dir *dir = crit_open_checkpoint(c, argv[1], NULL, &err);
	struct crit_output *out[2] = { NULL, NULL };

	for (int i = 0; i < argc - 2; i++)
		out[i] = crit_output_path(c, argv[i + 2], &err);
	if (!dir || !(argc > 2 ? crit_copy_to_shards(dir, NULL, out, 2, &err) :
		      crit_copy_in_place(dir, &how, &err)))
		return failed(&err);
	for (int i = 0; i < argc - 2; i++)
		if (!crit_output_close(out[i], &err))
			return failed(&err);
	crit_dir_close(dir);
	crit_free(c);
	return 0;
}

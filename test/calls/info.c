/* SPDX-License-Identifier: MIT */
/* info CHECKPOINT: as crit-info, of images (without CRIT's count).
 * info summary|all|text CHECKPOINT: as crit-info --summary. */
#include "common.h"

static int images(struct crit *c, struct crit_dir *dir)
{
	struct crit_error err;
	struct crit_file f;
	struct crit_info i;

	while (crit_dir_next(dir, &f) > 0) {
		struct crit_image *m = f.kind == CRIT_FILE_IMAGE ?
			crit_dir_image(dir, f.name, &err) : NULL;

		if (m && !crit_info(m, &i, &err))
			return failed(&err);
		if (m)
			printf("{\"image\":\"%s\",\"magic\":\"%s\",\"entries\":%llu,"
			       "\"payload\":%llu,\"extra\":%llu,\"size\":%llu}\n",
			       f.name, crit_magic(m), (long long)i.entries,
			       (long long)i.payload_bytes, (long long)i.extra_bytes,
			       (long long)crit_offset(m));
		crit_close(m);
	}
	return crit_dir_close(dir), crit_free(c), 0;
}

int main(int argc, char **argv)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	struct crit_dir *dir = crit_open_checkpoint(c, argv[argc - 1], NULL, &err);
	struct crit_output *out = crit_output_fd(c, 1, &err);
	unsigned how = *argv[1] == 'a' ? CRIT_JSON : *argv[1] == 't' ? CRIT_TEXT : 0;

	return !dir ? failed(&err) : argc == 2 ? images(c, dir) :
	       !crit_summary(dir, how, out, &err) ? failed(&err) : 0;
}

/* SPDX-License-Identifier: MIT */
/* copy CHECKPOINT DESTINATION [tar|stream|memory|flatten|compress|IMAGE]: as
 * crit-copy. memory: a tar by way of memory; IMAGE: with this file of it
 * replaced by a files.img without entries. */
#include "common.h"
static int archive(struct crit *c, struct crit_dir *dir, char **argv)
{
	bool memory = !strcmp(argv[3], "memory");
	enum crit_form form = strcmp(argv[3], "stream") ? CRIT_TAR : CRIT_STREAM;
	struct crit_error err;
	struct crit_output *out = memory ? crit_output_memory(c, &err) :
		crit_output_path(c, argv[2], &err);
	FILE *f = memory ? fopen(argv[2], "w") : NULL;
	const void *p;
	size_t n;

	if (!out || !crit_copy_to(dir, NULL, form, out, &err))
		return failed(&err);
	p = crit_output_bytes(out, &n);
	if (f)
		fwrite(p, 1, n, f);
	return (f && fclose(f)) || !crit_output_close(out, &err);
}

int main(int argc, char **argv)
{
	const char *how = argc > 3 ? argv[3] : "";
	struct crit_replacement r = { how, "\x19\x43\x56\x54" "810V", 8 };
	struct crit_copy_how h = { .flatten = !strcmp(how, "flatten"),
		.compress = strcmp(how, "compress") ? 0 : 65536,
		.replace = &r, .n_replace = strchr(how, '.') != NULL };
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	struct crit_dir *dir = crit_open_checkpoint(c, argv[1], NULL, &err);

	if (dir && strchr("tsm", *how) && *how)
		return archive(c, dir, argv);
	return dir && crit_copy(dir, &h, argv[2], &err) ? 0 : failed(&err);
}

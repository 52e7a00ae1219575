/* SPDX-License-Identifier: MIT */
/* check CHECKPOINT: as crit-check. */
#include "common.h"

static const char *const severities[] = { "note", "warning", "error" };

static bool print(void *ctx, const struct crit_finding *f)
{
	printf("%s %s ", severities[f->severity], f->rule);
	if (f->image)
		printf("%s: ", f->image);
	if (f->entry >= 0)
		printf("entry %d%s", (int)f->entry, *f->path ? ", " : ": ");
	if (*f->path)
		printf("%s: ", f->path);
	puts(f->text);
	*(bool *)ctx |= f->severity == CRIT_ERROR;
	return true;
}

int main(int argc, char **argv)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	struct crit_dir *dir = crit_open_checkpoint(c, argv[argc - 1], NULL,
						    &err);
	bool errors = false;

	if (!dir || !crit_check(dir, NULL, print, &errors, &err))
		return failed(&err);
	crit_dir_close(dir);
	crit_free(c);
	return errors;
}

/* SPDX-License-Identifier: MIT */
/* diff A B [text]: as crit-diff -f records, or as crit-diff. */
#include "common.h"

static bool print(void *differ, const struct crit_difference *d)
{
	puts(d->line);
	return *(bool *)differ = true;
}

int main(int argc, char **argv)
{
	struct crit_diff_how how = { .text = argc > 3 };
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	struct crit_dir *a = crit_open_checkpoint(c, argv[1], NULL, &err);
	struct crit_dir *b = a ? crit_open_checkpoint(c, argv[2], NULL, &err) :
		NULL;
	bool differ = false;

	if (!b || !crit_diff(a, b, &how, print, &differ, &err))
		return failed(&err) + 1;
	crit_dir_close(a);
	crit_dir_close(b);
	crit_free(c);
	return differ;
}

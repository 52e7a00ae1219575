/* SPDX-License-Identifier: MIT */
/* encode DIR <RECORDS: as crit-encode -d DIR. */
#include "common.h"

int main(int argc, char **argv)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err;

	if (!crit_encode_dir(c, 0, argv[argc - 1], 0, &err))
		return failed(&err);
	crit_free(c);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/* change pids MAP <RECORDS: as crit-pids. change anon KEY <RECORDS: as
 * crit-anon --key, with the text KEY for a key. */
#include "common.h"

int main(int argc, char **argv)
{
	const char *how = argv[argc - 1];
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	struct crit_output *out = crit_output_fd(c, 1, &err);

	if (!(strcmp(argv[1], "anon") ? crit_pids(c, 0, how, out, &err) :
	      crit_anon(c, 0, how, strlen(how), out, &err)))
		return failed(&err);
	crit_output_abort(out);
	crit_free(c);
	return 0;
}

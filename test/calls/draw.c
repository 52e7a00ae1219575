/* SPDX-License-Identifier: MIT */
/* draw WHAT CHECKPOINT [dot]: as crit-draw; the report as HTML. */
#include "common.h"

int main(int argc, char **argv)
{
	enum crit_picture form = argc > 3 ? CRIT_DOT :
		strcmp(argv[1], "report") ? CRIT_SVG : CRIT_HTML;
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	struct crit_dir *dir = crit_open_checkpoint(c, argv[2], NULL, &err);
	struct crit_output *out = crit_output_fd(c, 1, &err);

	if (!dir || !crit_draw(dir, argv[1], form, 0, out, &err))
		return failed(&err);
	crit_output_abort(out);
	crit_dir_close(dir);
	crit_free(c);
	return 0;
}

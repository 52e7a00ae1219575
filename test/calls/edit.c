/* SPDX-License-Identifier: MIT */
/* edit IMAGE: prints an image as YAML, as crit-edit gives it to an editor.
 * edit IMAGE - <TEXT: puts the image that TEXT describes in its place. */
#include "common.h"

int main(int argc, char **argv)
{
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	bool text = argc > 2;
	struct crit_image *image = crit_open(c, argv[1], &err);
	struct crit_output *out = text ? crit_output_path(c, argv[1], &err) :
		crit_output_fd(c, 1, &err);
	bool ok = image && out;

	if (ok && text)
		ok = crit_encode_fd(c, 0, out, CRIT_NO_END, &err);
	else if (ok)
		ok = crit_decode(image, out, CRIT_YAML | CRIT_PRETTY, &err);
	crit_close(image);
	if (!ok || !crit_output_close(out, &err))
		return failed(&err);
	crit_free(c);
	return 0;
}

// SPDX-License-Identifier: MIT
/*
 * change-port FILE OLD NEW: gives internet sockets of files.img another port,
 * in place; the file is never seen half written.
 */
#include <crit.h>
#include <stdio.h>
#include <stdlib.h>

struct change {
	uint64_t from, to;
	int done;
	struct crit_error err;
};

static enum crit_edit edit(void *ctx, struct crit_entry *entry, uint64_t index)
{
	struct change *x = ctx;
	uint64_t port;

	(void)index;
	if (crit_get_number(entry, "isk.src_port", &port, &x->err) != 1 ||
	    port != x->from)
		return CRIT_KEEP;	/* no socket, or another one */
	if (!crit_set_number(entry, "isk.src_port", x->to, &x->err))
		return CRIT_STOP;
	x->done++;
	return CRIT_KEEP;
}

int main(int argc, char **argv)
{
	struct change x = { 0 };
	struct crit *c = crit_new(NULL);
	char text[512];
	bool ok;

	if (!c || argc != 4)
		return 2;
	x.from = strtoul(argv[2], NULL, 10);
	x.to = strtoul(argv[3], NULL, 10);
	ok = crit_edit(c, argv[1], edit, &x, &x.err);
	crit_free(c);
	if (!ok || x.err.code) {
		fprintf(stderr, "%s\n",
			crit_error_text(&x.err, text, sizeof(text)));
		return 1;
	}
	printf("%d changed\n", x.done);
	return 0;
}

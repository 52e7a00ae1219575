/* SPDX-License-Identifier: MIT */
/* live capture SOCKETS DIRECTORY, live serve SOCKETS CHECKPOINT: as crit-copy
 * criu:SOCKETS DIRECTORY, crit-copy CHECKPOINT criu:SOCKETS. */
#include "common.h"
#include <signal.h>

int main(int argc, char **argv)
{
	bool serve = argc > 3 && !strcmp(argv[1], "serve"), ok;
	struct crit *c = crit_new(NULL);
	struct crit_error err;
	struct crit_dir *dir = NULL;
	int fd;

	signal(SIGPIPE, SIG_IGN);
	if (serve && !(dir = crit_open_checkpoint(c, argv[3], NULL, &err)))
		return failed(&err);
	fd = crit_accept(c, argv[2], serve ? "streamer-serve.sock" :
			 "streamer-capture.sock", &err);
	if (fd < 0)
		return failed(&err);
	ok = serve ? crit_serve(dir, fd, &err) :
		crit_capture(c, fd, argv[3], &err);
	crit_dir_close(dir);
	crit_free(c);
	return ok ? 0 : failed(&err);
}

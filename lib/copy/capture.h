/* SPDX-License-Identifier: MIT
 *
 * The dump of criu dump --stream -> a target: CRIU asks for one file after
 * another and sends the end of a pipe for each; they are read side by side.
 */
#ifndef CRIT_COPY_CAPTURE_H
#define CRIT_COPY_CAPTURE_H

#include "copy/socket.h"
#include "copy/target.h"

struct capture {
	struct stream_socket *socket;	/* accepted */
	/* where a file of this name goes, or NULL: it is read and forgotten */
	struct target *(*target)(void *ctx, const char *name);
	void (*started)(void *ctx);	/* NULL, or called at the first file
					   that is not cpuinfo.img */
	void *ctx;
	struct crit_error *err;
};

/* Returns when CRIU has sent everything. False: *err. */
bool capture_run(struct capture *c);

#endif

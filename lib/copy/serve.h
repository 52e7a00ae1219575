/* SPDX-License-Identifier: MIT
 *
 * Images -> criu restore --stream: CRIU asks for files by name, and sends the
 * end of a pipe for each that exists.
 */
#ifndef CRIT_COPY_SERVE_H
#define CRIT_COPY_SERVE_H

#include "base/blob.h"
#include "copy/socket.h"

struct serve {
	struct stream_socket *socket;	/* accepted */
	/* The file of this name, which serve closes. False: *absent, or
	 * *err. */
	bool (*find)(void *ctx, const char *name, struct blob *, bool *absent,
		     struct crit_error *err);
	void *ctx;
	uint64_t files, bytes;		/* served */
	struct crit_error *err;
};

/* Returns when CRIU has asked for everything it wants. False: *err. */
bool serve_run(struct serve *s);

#endif

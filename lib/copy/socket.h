/* SPDX-License-Identifier: MIT
 *
 * Messages between CRIU and its image streamer: u32 size and a protobuf
 * message, then at times one byte with a descriptor (SCM_RIGHTS).
 */
#ifndef CRIT_COPY_SOCKET_H
#define CRIT_COPY_SOCKET_H

#include "base/error.h"

#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

enum { SOCKET_NAME_MAX = 255 };

/* A socket of this name in the directory, which CRIU connects to. */
struct stream_socket {
	char path[PATH_MAX];		/* "": gone */
	int listener, peer;		/* -1: none */
};

/* Binds and listens; what lies there under that name is removed. Paths may be
 * longer than a socket address has room for. */
bool stream_socket_open(struct stream_socket *s, const char *dir,
			const char *name, struct crit_error *err);

/* Waits for CRIU; the name is removed then. */
bool stream_socket_accept(struct stream_socket *s, struct crit_error *err);
void stream_socket_close(struct stream_socket *s);

/* Removes the name: system calls only, for signal handlers. */
void stream_socket_remove(struct stream_socket *s);

/* The file name of a request: 1, 0 where the peer has ended, -1 and *err. */
int stream_request(int fd, char name[SOCKET_NAME_MAX + 1],
		   struct crit_error *err);

/* Tells the peer whether the file exists. */
bool stream_reply(int fd, bool exists, struct crit_error *err);

/* The descriptor that the peer sends; -1 and *err. */
int stream_descriptor(int fd, struct crit_error *err);

#endif

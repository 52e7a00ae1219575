// SPDX-License-Identifier: MIT
#include "copy/socket.h"
#include "base/buffer.h"
#include "base/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool fail(struct crit_error *err, const char *what)
{
	return error_sys(err, errno, what);
}

static bool bad(struct crit_error *err, const char *what)
{
	return error_set(err, CRIT_EDATA, "%s", what);
}

/* An address has room for 107 bytes: the directory is named by descriptor. */
static bool bind_at(int fd, int dir, const char *name)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int n = snprintf(a.sun_path, sizeof(a.sun_path), "/proc/self/fd/%d/%s",
			 dir, name);

	if (n < 0 || (size_t)n >= sizeof(a.sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	unlinkat(dir, name, 0);
	return !bind(fd, (struct sockaddr *)&a, sizeof(a));
}

/* The name comes when the socket listens: who sees it can connect. */
static bool listen_at(struct stream_socket *s, const char *dir,
		      const char *name)
{
	char fresh[NAME_MAX + 1];
	int at = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool ok;

	if (at < 0)
		return false;
	snprintf(fresh, sizeof(fresh), "%s.new", name);
	/* the name is as private as the socket is before it has one */
	ok = !fchmod(s->listener, 0600) && bind_at(s->listener, at, fresh) &&
	     !listen(s->listener, 1) && !renameat(at, fresh, at, name);
	if (!ok)
		unlinkat(at, fresh, 0);
	close(at);
	return ok;
}

bool stream_socket_open(struct stream_socket *s, const char *dir,
			const char *name, struct crit_error *err)
{
	sigset_t old;
	bool ok;

	s->peer = -1;
	snprintf(err->image, sizeof(err->image), "%.200s/%s", dir, name);
	/* a signal finds no socket, or one that stream_socket_remove removes */
	output_hold(&old);
	if (snprintf(s->path, sizeof(s->path), "%s/%s", dir, name) >=
	    (int)sizeof(s->path))
		s->path[0] = 0;
	s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ok = s->listener >= 0 && listen_at(s, dir, name);
	if (!ok) {
		fail(err, "cannot create the socket");
		s->path[0] = 0;
	}
	output_release(&old);
	if (ok)
		err->image[0] = 0;
	return ok;
}

void stream_socket_remove(struct stream_socket *s)
{
	if (s->path[0])
		unlink(s->path);
}

bool stream_socket_accept(struct stream_socket *s, struct crit_error *err)
{
	do
		s->peer = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
	while (s->peer < 0 && errno == ECONNABORTED);
	if (s->peer < 0)
		return fail(err, "cannot accept the connection of CRIU");
	stream_socket_remove(s);
	s->path[0] = 0;
	close(s->listener);
	s->listener = -1;
	return true;
}

void stream_socket_close(struct stream_socket *s)
{
	stream_socket_remove(s);
	s->path[0] = 0;
	if (s->listener >= 0)
		close(s->listener);
	if (s->peer >= 0)
		close(s->peer);
	s->listener = s->peer = -1;
}

/* All n bytes: 1; 0: the stream ended before the first; -1 and *err. */
static int read_all(int fd, void *p, size_t n, struct crit_error *err)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = read_some(fd, (uint8_t *)p + got, n - got);

		if (r < 0)
			return fail(err, "cannot read from CRIU"), -1;
		if (!r && got)
			return bad(err, "CRIU's request is truncated"), -1;
		if (!r)
			return 0;
		got += (size_t)r;
	}
	return 1;
}

/* img_streamer_request_entry: field 1, the name. */
static bool take_name(const uint8_t *p, size_t n, char *name,
		      struct crit_error *err)
{
	const uint8_t *end = p + n;
	struct wire_field f;
	const char *what;

	name[0] = 0;
	while (p < end) {
		p = wire_field(p, end, &f, &what);
		if (!p)
			return bad(err, what);
		if (f.number != 1 || f.type != WIRE_LEN)
			continue;
		if (f.value > SOCKET_NAME_MAX || memchr(f.data, 0, f.value))
			return bad(err, "CRIU asks for an impossible name");
		memcpy(name, f.data, f.value);
		name[f.value] = 0;
	}
	return name[0] || bad(err, "CRIU's request has no name");
}

int stream_request(int fd, char name[SOCKET_NAME_MAX + 1],
		   struct crit_error *err)
{
	uint8_t buf[1024 + WIRE_SLOP] = { 0 };
	uint32_t n;
	int r = read_all(fd, buf, 4, err);

	if (r <= 0)
		return r;
	n = wire_get32(buf);
	if (n > 1024)
		return bad(err, "CRIU's request is too large"), -1;
	memset(buf, 0, sizeof(buf));
	r = read_all(fd, buf, n, err);
	if (!r && n)
		bad(err, "CRIU's request is truncated");
	return r < 0 || error_is(err) || !take_name(buf, n, name, err) ? -1 : 1;
}

bool stream_reply(int fd, bool exists, struct crit_error *err)
{
	const uint8_t reply[] = { 2, 0, 0, 0, 1 << 3, exists };

	return send(fd, reply, sizeof(reply), MSG_NOSIGNAL) == sizeof(reply) ||
	       fail(err, "cannot answer CRIU");
}

int stream_descriptor(int fd, struct crit_error *err)
{
	char byte;
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { &byte, 1 };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;
	ssize_t r;
	int got = -1;

	do
		r = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return fail(err, "cannot receive from CRIU"), -1;
	c = r ? CMSG_FIRSTHDR(&m) : NULL;
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&got, CMSG_DATA(c), sizeof(int));
	else
		bad(err, "CRIU sent no descriptor");
	return got;
}

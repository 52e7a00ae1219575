// SPDX-License-Identifier: MIT
/*
 * Plays CRIU's side of its streaming protocol, for the tests of crit-copy.
 *
 * criu_peer dump SOCKET DIR [AT] : sends each file of DIR, three at a time, in
 *	pieces; after AT bytes it is gone.
 * criu_peer restore SOCKET DIR NAME... : asks for the files and writes those
 *	that exist into DIR. CRIT_PEER_AT: after so many bytes it is gone.
 */
#include "tool.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static long left = -1;		/* bytes until it is gone; -1: never */

static void count(long n)
{
	if (left < 0)
		return;
	left -= n;
	if (left <= 0)
		_exit(0);
}

static int reach(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	char *copy = strdup(path), *slash = strrchr(copy, '/');
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), here = open(".", O_RDONLY);

	/* addresses are short */
	*slash = 0;
	if (chdir(copy))
		die(copy);
	snprintf(a.sun_path, sizeof(a.sun_path), "%s", slash + 1);
	if (connect(fd, (struct sockaddr *)&a, sizeof(a)))
		die(path);
	if (fchdir(here))
		die(".");
	close(here);
	free(copy);
	return fd;
}

static void request(int peer, const char *name)
{
	uint8_t buf[300];
	size_t n = strlen(name);

	buf[0] = (uint8_t)(n + 2);
	buf[1] = buf[2] = buf[3] = 0;
	buf[4] = 1 << 3 | 2;
	buf[5] = (uint8_t)n;
	memcpy(buf + 6, name, n);
	if (n > 100 || write(peer, buf, n + 6) != (ssize_t)n + 6)
		die(name);
}

static void send_fd(int peer, int fd)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	char byte = 0;
	struct iovec iov = { &byte, 1 };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};

	control.head.cmsg_level = SOL_SOCKET;
	control.head.cmsg_type = SCM_RIGHTS;
	control.head.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(int));
	if (sendmsg(peer, &m, 0) != 1)
		die("sendmsg");
}

struct sending {
	int from, to;
};

/* A piece of one file; whether there is more. */
static bool piece(struct sending *s)
{
	char buf[5000];
	ssize_t n = read(s->from, buf, sizeof(buf));

	if (n > 0 && write(s->to, buf, (size_t)n) != n)
		die("write");
	count(n);
	if (n > 0)
		return true;
	close(s->from);
	close(s->to);
	return false;
}

static struct sending begin(int peer, int dir, const char *name)
{
	struct sending s = { .from = openat(dir, name, O_RDONLY) };
	int fds[2];

	if (s.from < 0 || pipe(fds))
		die(name);
	request(peer, name);
	send_fd(peer, fds[0]);
	close(fds[0]);
	s.to = fds[1];
	return s;
}

static int dump(int peer, const char *path)
{
	struct sending open[3];
	DIR *dir = opendir(path);
	struct dirent *d = dir ? readdir(dir) : NULL;
	size_t n = 0;

	if (!dir)
		die(path);
	while (d || n) {
		for (; d && n < 3; d = readdir(dir))
			if (d->d_name[0] != '.' &&
			    strcmp(d->d_name, "inventory.img"))
				open[n++] = begin(peer, dirfd(dir), d->d_name);
		for (size_t i = n; i--; )
			if (!piece(&open[i]))
				open[i] = open[--n];
	}
	/* as CRIU does: the last one */
	open[0] = begin(peer, dirfd(dir), "inventory.img");
	while (piece(&open[0]))
		;
	return 0;
}

static void fetch(int peer, int dir, const char *name)
{
	int fds[2], to = openat(dir, name, O_WRONLY | O_CREAT, 0600);
	char buf[5000];
	ssize_t n;

	if (to < 0 || pipe(fds))
		die(name);
	send_fd(peer, fds[1]);
	close(fds[1]);
	while ((n = read(fds[0], buf, sizeof(buf))) > 0) {
		if (write(to, buf, (size_t)n) != n)
			die(name);
		count(n);
	}
	close(fds[0]);
	close(to);
}

static int restore(int peer, int dir, char **names)
{
	for (; *names; names++) {
		uint8_t reply[6];

		request(peer, *names);
		if (read(peer, reply, 6) != 6)
			die("reply");
		if (reply[5])
			fetch(peer, dir, *names);
		else
			printf("%s: does not exist\n", *names);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *at = getenv("CRIT_PEER_AT");
	int peer;

	if (argc < 4)
		return 2;
	peer = reach(argv[2]);
	if (at)
		left = atol(at);
	if (!strcmp(argv[1], "dump"))
		return dump(peer, argv[3]);
	return restore(peer, open(argv[3], O_RDONLY), argv + 4);
}

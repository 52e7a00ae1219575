// SPDX-License-Identifier: MIT
/*
 * Plays CRIU's side of its streaming protocol, for the tests of crit-copy.
 *
 * criu_peer dump SOCKET DIR : sends each file of DIR, several at a time, in
 *	pieces; inventory.img last.
 * criu_peer restore SOCKET DIR NAME... : asks for the files and writes those
 *	that exist into DIR.
 * criu_peer say SOCKET FILE [pipe] : sends the bytes of FILE, and a descriptor if
 *	that is said; then it is gone.
 *
 * CRIT_PEER_AT=N	after N bytes it is gone
 * CRIT_PEER_PIECE=N	bytes of a piece (default: 5000)
 * CRIT_PEER_PIPE=N	bytes that each pipe holds (default: the system's)
 * CRIT_PEER_OPEN=N	files at a time (default: 3, at most 16)
 * CRIT_PEER_ORDER=N	names in another order for each N
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

enum { PIECE_MAX = 1 << 20, OPEN_MAX = 16, NAMES_MAX = 1000 };

static long left = -1;		/* bytes until it is gone; -1: never */
static size_t most = 5000;	/* bytes of a piece */
static size_t at_once = 3;
static int pipe_size;
static unsigned order;
static char buf[PIECE_MAX];

static long setting(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text ? atol(text) : otherwise;
}

static void make_pipe(int fds[2])
{
	if (pipe(fds))
		die("pipe");
	if (pipe_size)
		fcntl(fds[1], F_SETPIPE_SZ, pipe_size);
}

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
	uint8_t head[300];
	size_t n = strlen(name);

	head[0] = (uint8_t)(n + 2);
	head[1] = head[2] = head[3] = 0;
	head[4] = 1 << 3 | 2;
	head[5] = (uint8_t)n;
	memcpy(head + 6, name, n);
	if (n > 100 || write(peer, head, n + 6) != (ssize_t)n + 6)
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
	ssize_t n = read(s->from, buf, most);

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

	if (s.from < 0)
		die(name);
	make_pipe(fds);
	request(peer, name);
	send_fd(peer, fds[0]);
	close(fds[0]);
	s.to = fds[1];
	return s;
}

static int by_order(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	unsigned p = order, q = order;

	if (!order)
		return strcmp(x, y);
	for (size_t i = 0; x[i]; i++)
		p = (p ^ (unsigned char)x[i]) * 16777619;
	for (size_t i = 0; y[i]; i++)
		q = (q ^ (unsigned char)y[i]) * 16777619;
	return p < q ? -1 : p > q;
}

static size_t list(const char *path, char **names)
{
	DIR *dir = opendir(path);
	struct dirent *d;
	size_t n = 0;

	if (!dir)
		die(path);
	while (n < NAMES_MAX && (d = readdir(dir)))
		if (d->d_name[0] != '.' && strcmp(d->d_name, "inventory.img"))
			names[n++] = strdup(d->d_name);
	closedir(dir);
	qsort(names, n, sizeof(*names), by_order);
	return n;
}

static int dump(int peer, const char *path)
{
	static char *names[NAMES_MAX];
	struct sending open_now[OPEN_MAX];
	size_t all = list(path, names), next = 0, n = 0;
	int dir = open(path, O_RDONLY | O_DIRECTORY);

	while (next < all || n) {
		while (next < all && n < at_once)
			open_now[n++] = begin(peer, dir, names[next++]);
		for (size_t i = n; i--; )
			if (!piece(&open_now[i]))
				open_now[i] = open_now[--n];
	}
	/* as CRIU does: the last one */
	open_now[0] = begin(peer, dir, "inventory.img");
	while (piece(&open_now[0]))
		;
	return 0;
}

static void fetch(int peer, int dir, const char *name)
{
	int fds[2], to = openat(dir, name, O_WRONLY | O_CREAT, 0600);
	ssize_t n;

	if (to < 0)
		die(name);
	make_pipe(fds);
	send_fd(peer, fds[1]);
	close(fds[1]);
	while ((n = read(fds[0], buf, most)) > 0) {
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

static int say(int peer, const char *path, bool with_pipe)
{
	int from = open(path, O_RDONLY), fds[2];
	ssize_t n = read(from, buf, most);

	if (n < 0 || write(peer, buf, (size_t)n) != n)
		die(path);
	if (with_pipe) {
		make_pipe(fds);
		send_fd(peer, fds[0]);
	}
	return 0;
}

int main(int argc, char **argv)
{
	int peer;

	if (argc < 4)
		return 2;
	peer = reach(argv[2]);
	left = setting("CRIT_PEER_AT", -1);
	most = (size_t)setting("CRIT_PEER_PIECE", 5000);
	pipe_size = (int)setting("CRIT_PEER_PIPE", 0);
	at_once = (size_t)setting("CRIT_PEER_OPEN", 3);
	order = (unsigned)setting("CRIT_PEER_ORDER", 0);
	if (!most || most > PIECE_MAX || !at_once || at_once > OPEN_MAX)
		return 2;
	if (!strcmp(argv[1], "dump"))
		return dump(peer, argv[3]);
	if (!strcmp(argv[1], "say"))
		return say(peer, argv[3], argc > 4);
	return restore(peer, open(argv[3], O_RDONLY), argv + 4);
}

/* SPDX-License-Identifier: MIT */
/* terminal: runs a program on a terminal of its own. argv[1]: a fifo where the
 * keys come from; argv[2]: a file for what the screen shows; then the program.
 * script(1) does as much, but a restore wakes it from its poll without time
 * limit, and it takes that for the end. */
#include "h.h"
#include <pty.h>
#include <sys/ioctl.h>

static int copy(int from, int to)
{
	char b[4096];
	ssize_t n = read(from, b, sizeof b);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	return n > 0 && write(to, b, n) == n;
}

int main(int argc, char **argv)
{
	int master, slave;
	struct winsize ws = { 25, 80, 0, 0 };
	if (argc < 4)
		return 2;
	T(openpty(&master, &slave, NULL, NULL, &ws));
	pid_t p = fork();
	T(p);
	if (p == 0) {
		close(master);
		T(setsid());
		T(ioctl(slave, TIOCSCTTY, 0));
		for (int i = 0; i < 3; i++)
			T(dup2(slave, i));
		close(slave);
		execvp(argv[3], argv + 3);
		DIE(argv[3]);
	}
	close(slave);
	int keys = open(argv[1], O_RDWR | O_NONBLOCK);
	int screen = open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0600);
	T(keys);
	T(screen);
	struct pollfd fds[] = { { keys, POLLIN, 0 }, { master, POLLIN, 0 } };
	for (;;) {
		if (poll(fds, 2, -1) <= 0)
			continue;
		if (fds[0].revents && !copy(keys, master))
			return 1;
		if (fds[1].revents && !copy(master, screen))
			return 0;
	}
}

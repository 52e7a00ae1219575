// SPDX-License-Identifier: MIT
/*
 * bench-splice : standard input -> standard output, both pipes. The least that
 * a program can do which passes bytes on.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	ssize_t n;

	fcntl(STDIN_FILENO, F_SETPIPE_SZ, 1 << 20);
	fcntl(STDOUT_FILENO, F_SETPIPE_SZ, 1 << 20);
	do
		n = splice(STDIN_FILENO, NULL, STDOUT_FILENO, NULL, 1 << 20,
			   SPLICE_F_MOVE);
	while (n > 0);
	if (n < 0)
		perror("bench-splice");
	return n < 0;
}

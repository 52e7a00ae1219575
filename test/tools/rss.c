// SPDX-License-Identifier: MIT
/*
 * rss FILE COMMAND [ARGUMENT]... : runs it, writes its peak resident memory in
 * KiB to FILE, and ends with its status.
 */
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>

extern char **environ;

int main(int argc, char **argv)
{
	struct rusage use;
	int status;
	pid_t pid;
	FILE *f;

	if (argc < 3 || posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ) ||
	    wait4(pid, &status, 0, &use) < 0)
		return 126;
	f = fopen(argv[1], "w");
	if (!f || fprintf(f, "%ld\n", use.ru_maxrss) < 0 || fclose(f))
		return 126;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// SPDX-License-Identifier: MIT
/*
 *   directory ─► names, by getdents64 ─► unlinkat, depth first
 */
#include "base/remove.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void empty(int fd, int depth)
{
	char buf[2048] __attribute__((aligned(8)));
	struct dirent64 *e;
	long n;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return;
	while ((n = syscall(SYS_getdents64, fd, buf, sizeof(buf))) > 0)
		for (long at = 0; at < n; at += e->d_reclen) {
			int sub;

			e = (struct dirent64 *)(buf + at);
			if (!unlinkat(fd, e->d_name, 0) ||
			    !strcmp(e->d_name, ".") || !strcmp(e->d_name, "..") ||
			    !unlinkat(fd, e->d_name, AT_REMOVEDIR) ||
			    depth == REMOVE_DEPTH)
				continue;
			sub = openat(fd, e->d_name, O_RDONLY | O_DIRECTORY |
				     O_NOFOLLOW | O_CLOEXEC);
			if (sub < 0)
				continue;
			empty(sub, depth + 1);
			close(sub);
			unlinkat(fd, e->d_name, AT_REMOVEDIR);
		}
}

void remove_inside(int fd)
{
	empty(fd, 0);
}

void remove_tree(int dir, const char *path)
{
	int fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
			O_CLOEXEC);

	if (fd < 0)
		return;
	empty(fd, 0);
	close(fd);
	unlinkat(dir, path, AT_REMOVEDIR);
}

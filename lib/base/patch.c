// SPDX-License-Identifier: MIT
#include "base/patch.h"
#include "base/file_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool alone(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_nlink == 1;
}

bool patch_can(int dir, const char *name)
{
	struct stat st;

	return !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) && alone(&st) &&
	       !faccessat(dir, name, W_OK, AT_EACCESS);
}

static bool failed(struct crit_error *err, const char *name, const char *what)
{
	int sys = errno;

	snprintf(err->image, sizeof(err->image), "%.250s", name);
	return error_sys(err, sys, what);
}

bool patch_file(int dir, const char *name, uint64_t at, const void *p,
		size_t n, struct crit_error *err)
{
	int fd = openat(dir, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK |
			O_NOCTTY | O_CLOEXEC);
	struct stat st;
	bool ok;

	if (fd < 0)
		return failed(err, name, "cannot open for writing");
	if (fstat(fd, &st) || !alone(&st) || at + n > (uint64_t)st.st_size) {
		close(fd);
		errno = EBUSY;
		return failed(err, name, "has changed meanwhile");
	}
	ok = (pwrite_all(fd, p, n, at) && !fsync(fd)) ||
	     failed(err, name, "cannot write");
	if (close(fd) && ok)
		ok = failed(err, name, "cannot close");
	return ok;
}

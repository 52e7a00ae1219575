// SPDX-License-Identifier: MIT
/*
 * Descriptors in, bytes out, and back: calls that go on after a signal and do
 * not stop half way; and temporary files.
 */
#include "base/file_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

ssize_t read_some(int fd, void *p, size_t n)
{
	ssize_t r;

	do
		r = read(fd, p, n);
	while (r < 0 && errno == EINTR);
	return r;
}

bool pread_all(int fd, void *p, size_t n, uint64_t at)
{
	while (n) {
		ssize_t r = pread(fd, p, n, (off_t)at);

		if (!r)
			errno = EIO;
		if (!r || (r < 0 && errno != EINTR))
			return false;
		if (r > 0) {
			p = (char *)p + r;
			n -= (size_t)r;
			at += (size_t)r;
		}
	}
	return true;
}

bool write_all(int fd, const void *p, size_t n)
{
	while (n) {
		ssize_t r = write(fd, p, n);

		if (r < 0 && errno != EINTR)
			return false;
		if (r > 0) {
			p = (const char *)p + r;
			n -= (size_t)r;
		}
	}
	return true;
}

bool pwrite_all(int fd, const void *p, size_t n, uint64_t at)
{
	while (n) {
		ssize_t r = pwrite(fd, p, n, (off_t)at);

		if (r < 0 && errno != EINTR)
			return false;
		if (r > 0) {
			p = (const char *)p + r;
			n -= (size_t)r;
			at += (size_t)r;
		}
	}
	return true;
}

int file_again(int fd)
{
	char path[32];
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_RDWR | O_CLOEXEC);
}

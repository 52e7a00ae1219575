/* SPDX-License-Identifier: MIT
 *
 * Input and output of the library without files: read and write are wrapped
 * (ld --wrap), so that a test says how the bytes come, and where they fail.
 */
#ifndef CRIT_FEED_H
#define CRIT_FEED_H

#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { FEED_OUT_MAX = 8 << 20 };

static struct {
	int fd;			/* reads of it are fed; it is no regular file */
	const uint8_t *p;
	size_t n, pos;
	size_t cut;		/* no read goes over this offset */
	size_t step;		/* nor gives more than this; 0: as asked */
	size_t fail;		/* reads from this offset on fail: EIO */
	bool interrupt, interrupted;	/* EINTR before each read */

	int out;		/* writes to it are collected */
	uint8_t *got;
	size_t size;
	size_t full;		/* writes from this size on fail: ENOSPC */
	size_t out_step;
} feed;

ssize_t __real_read(int fd, void *p, size_t n);
ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __wrap_read(int fd, void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n);

ssize_t __wrap_read(int fd, void *p, size_t n)
{
	size_t k = feed.n - feed.pos;

	if (fd != feed.fd)
		return __real_read(fd, p, n);
	if (feed.interrupt && !feed.interrupted) {
		feed.interrupted = true;
		errno = EINTR;
		return -1;
	}
	feed.interrupted = false;
	if (feed.pos >= feed.fail) {
		errno = EIO;
		return -1;
	}
	if (k > n)
		k = n;
	if (feed.step && k > feed.step)
		k = feed.step;
	if (feed.pos < feed.cut && k > feed.cut - feed.pos)
		k = feed.cut - feed.pos;
	if (k > feed.fail - feed.pos)
		k = feed.fail - feed.pos;
	memcpy(p, feed.p + feed.pos, k);
	feed.pos += k;
	return (ssize_t)k;
}

ssize_t __wrap_write(int fd, const void *p, size_t n)
{
	if (fd != feed.out)
		return __real_write(fd, p, n);
	if (feed.size >= feed.full) {
		errno = ENOSPC;
		return -1;
	}
	if (feed.out_step && n > feed.out_step)
		n = feed.out_step;
	if (n > feed.full - feed.size)
		n = feed.full - feed.size;
	if (n > FEED_OUT_MAX - feed.size)
		abort();
	memcpy(feed.got + feed.size, p, n);
	feed.size += n;
	return (ssize_t)n;
}

static inline void feed_init(void)
{
	feed.fd = open("/dev/null", O_RDONLY);
	feed.out = open("/dev/null", O_WRONLY);
	feed.got = malloc(FEED_OUT_MAX);
	if (feed.fd < 0 || feed.out < 0 || !feed.got)
		abort();
}

/* These bytes come next, all at once, and nothing fails. */
static inline void feed_bytes(const uint8_t *p, size_t n)
{
	feed.p = p;
	feed.n = n;
	feed.pos = feed.size = 0;
	feed.cut = feed.step = feed.out_step = 0;
	feed.fail = feed.full = SIZE_MAX;
	feed.interrupt = feed.interrupted = false;
}

static inline bool feed_got(const uint8_t *p, size_t n)
{
	return feed.size == n && !memcmp(feed.got, p, n);
}

/* Calls f for each image of test/images/DIR that is at most max bytes long. */
static inline unsigned feed_images(const char *dir, size_t max,
		void (*f)(const char *name, const uint8_t *, size_t))
{
	const char *root = getenv("CRIT_ROOT");
	char path[4096];
	struct dirent *d;
	unsigned n = 0;
	DIR *open_dir;

	snprintf(path, sizeof(path), "%s/test/images/%s", root ? root : ".", dir);
	open_dir = opendir(path);
	if (!CHECK(open_dir))
		return 0;
	while ((d = readdir(open_dir))) {
		char file[8192];
		struct stat st;
		uint8_t *p;
		int fd;

		snprintf(file, sizeof(file), "%s/%s", path, d->d_name);
		fd = open(file, O_RDONLY);
		if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode) ||
		    (size_t)st.st_size > max) {
			close(fd);
			continue;
		}
		p = malloc((size_t)st.st_size + 1);
		if (__real_read(fd, p, (size_t)st.st_size) == st.st_size) {
			test_case = d->d_name;
			f(d->d_name, p, (size_t)st.st_size);
			n++;
		}
		free(p);
		close(fd);
	}
	closedir(open_dir);
	return n;
}

#endif

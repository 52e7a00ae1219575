/* SPDX-License-Identifier: MIT
 *
 * What test programs share: bytes that grow, and an end where nothing helps.
 */
#ifndef CRIT_TOOL_H
#define CRIT_TOOL_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct bytes {
	char *p;	/* a NUL follows, which is not counted */
	size_t n;
};

static inline _Noreturn void die(const char *what)
{
	perror(what);
	exit(2);
}

static inline void add(struct bytes *b, const void *p, size_t n)
{
	b->p = realloc(b->p, b->n + n + 1);
	if (!b->p)
		die("memory");
	memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = 0;
}

static inline struct bytes read_all(int fd)
{
	struct bytes b = { NULL, 0 };
	char buf[1 << 16];
	ssize_t n;

	add(&b, "", 0);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		add(&b, buf, (size_t)n);
	if (n < 0)
		die("read");
	return b;
}

static inline struct bytes read_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct bytes b;

	if (fd < 0)
		die(path);
	b = read_all(fd);
	close(fd);
	return b;
}

static inline int same(struct bytes a, struct bytes b)
{
	return a.n == b.n && !memcmp(a.p, b.p, a.n);
}

#endif

// SPDX-License-Identifier: MIT
#include "checkpoint.h"
#include "alloc.h"
#include "wire.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* By bytes, and numbers by value; what strverscmp(3) makes of that depends on
 * the C library. */
static int compare_names(const char *x, const char *y)
{
	static const char digits[] = "0123456789";

	while (*x && (*x == *y || strspn(x, digits))) {
		size_t m = strspn(x, digits), n = strspn(y, digits);
		int r;

		if (!m != !n)
			break;
		r = m != n ? (m > n) - (m < n) : strncmp(x, y, m);
		if (r)
			return r;
		x += m + !m;
		y += m + !m;
	}
	return (uint8_t)*x - (uint8_t)*y;
}

static int compare(const void *a, const void *b)
{
	const struct checkpoint_file *x = a, *y = b;

	if (x->order != y->order)
		return x->order - y->order;
	return compare_names(x->name, y->name);
}

static bool add(struct checkpoint *c, const char *name, size_t *cap,
		struct crit_error *err)
{
	struct checkpoint_file *f;

	if (c->n == *cap) {
		size_t more = *cap ? 2 * *cap : 64;

		f = alloc_more(c->files, more * sizeof(*f));
		if (!f)
			return error_set(err, CRIT_ENOMEM, "out of memory");
		c->files = f;
		*cap = more;
	}
	f = &c->files[c->n];
	f->name = alloc_text(name);
	if (!f->name)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	f->order = schema_file_order(c->schema, name);
	c->n++;
	return true;
}

static bool read_names(struct checkpoint *c, struct crit_error *err)
{
	int fd = dup(c->fd);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *d;
	size_t cap = 0;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return error_sys(err, errno, "cannot read directory");
	}
	while (errno = 0, (d = readdir(dir)) != NULL)
		if (strcmp(d->d_name, ".") && strcmp(d->d_name, "..") &&
		    !add(c, d->d_name, &cap, err))
			break;
	if (!d && errno)
		error_sys(err, errno, "cannot read directory");
	closedir(dir);
	if (c->n)
		qsort(c->files, c->n, sizeof(*c->files), compare);
	return !error_is(err);
}

bool checkpoint_open(struct checkpoint *c, const char *path,
		     const struct schema *schema, bool follow,
		     struct crit_error *err)
{
	memset(c, 0, sizeof(*c));
	c->schema = schema;
	c->follow = follow;
	snprintf(err->image, sizeof(err->image), "%s", path);
	c->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (c->fd < 0)
		return error_sys(err, errno, "cannot open");
	if (!read_names(c, err))
		return false;
	err->image[0] = 0;
	return true;
}

void checkpoint_close(struct checkpoint *c)
{
	for (size_t i = 0; i < c->n; i++)
		alloc_free(c->files[i].name);
	alloc_free(c->files);
	if (c->fd >= 0)
		close(c->fd);
	c->files = NULL;
	c->n = 0;
	c->fd = -1;
}

static int open_beneath(const struct checkpoint *c, const char *name)
{
	enum { FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC };
	struct open_how how = {
		.flags = FLAGS, .resolve = RESOLVE_BENEATH,
	};
	int fd;

	if (c->follow)
		return openat(c->fd, name, FLAGS);
	fd = (int)syscall(SYS_openat2, c->fd, name, &how, sizeof(how));
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = openat(c->fd, name, FLAGS | O_NOFOLLOW);
	return fd;
}

int checkpoint_file(const struct checkpoint *c, const char *name,
		    struct crit_error *err)
{
	struct stat st;
	int fd = -1;

	snprintf(err->image, sizeof(err->image), "%s", name);
	/* devices and fifos are not even opened */
	if (!fstatat(c->fd, name, &st, 0) && !S_ISREG(st.st_mode)) {
		error_set(err, CRIT_EDATA, S_ISDIR(st.st_mode) ?
			  "is a directory" : "not a regular file");
		return -1;
	}
	fd = open_beneath(c, name);
	if (fd < 0 && (errno == EXDEV || errno == ELOOP))
		error_set(err, CRIT_EDATA, "symbolic link that leads out of the "
			  "checkpoint (-L follows it)");
	else if (fd < 0)
		error_sys(err, errno, "cannot open");
	else if (!fstat(fd, &st) && !S_ISREG(st.st_mode))
		error_set(err, CRIT_EDATA, "not a regular file");
	if (fd >= 0 && error_is(err)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool is_magic(const struct schema *s, const uint8_t *p, ssize_t n)
{
	uint32_t magic = n < 4 ? 0 : wire_get32(p);

	return magic && (magic == MAGIC_COMMON || magic == MAGIC_SERVICE ||
			 schema_image(s, magic));
}

static bool named_image(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && !strcmp(name + n - 4, ".img");
}

enum file_is checkpoint_look(const struct checkpoint *c, const char *name,
			     int *fd, struct crit_error *err)
{
	bool named = named_image(name);
	uint8_t head[4];
	struct stat st;
	ssize_t n;

	*fd = -1;
	if (schema_raw_file(c->schema, name))
		return FILE_RAW;
	if (!named && (fstatat(c->fd, name, &st, 0) || !S_ISREG(st.st_mode)))
		return FILE_OTHER;
	*fd = checkpoint_file(c, name, err);
	if (*fd >= 0) {
		do
			n = pread(*fd, head, sizeof(head), 0);
		while (n < 0 && errno == EINTR);
		if (n < 0)
			error_sys(err, errno, "cannot read");
		/* what is wrong with an image the source says better */
		if (n >= 0 && (named || is_magic(c->schema, head, n)))
			return FILE_IMAGE;
		close(*fd);
		*fd = -1;
		if (n < 0)
			return FILE_BAD;
	}
	if (named)
		return FILE_BAD;
	error_clear(err);
	return FILE_OTHER;
}

// SPDX-License-Identifier: MIT
#include "store/dir.h"
#include "base/alloc.h"
#include "codec/wire.h"

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

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* By bytes, and numbers by value; what strverscmp(3) makes of that depends on
 * the C library. */
static int compare_names(const char *x, const char *y)
{
	size_t at = 0, m, n;

	while (x[at] && x[at] == y[at])
		at++;
	/* where numbers differ, the longer one is the greater */
	for (m = at; is_digit(x[m]); )
		m++;
	for (n = at; is_digit(y[n]); )
		n++;
	if (m != n && ((m > at && n > at) || (at && is_digit(x[at - 1]))))
		return m < n ? -1 : 1;
	return (uint8_t)x[at] - (uint8_t)y[at];
}

static int compare(const void *a, const void *b)
{
	const struct checkpoint_file *x = a, *y = b;

	if (x->order != y->order)
		return x->order - y->order;
	return compare_names(x->name, y->name);
}

static bool add(struct checkpoint *c, const struct dirent *d, size_t *cap,
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
	f->name = alloc_text(d->d_name);
	if (!f->name)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	f->order = schema_file_order(c->schema, d->d_name);
	f->regular = d->d_type == DT_REG;
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
		    !add(c, d, &cap, err))
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

const struct checkpoint_file *checkpoint_find(const struct checkpoint *c,
					      const char *name)
{
	struct checkpoint_file key = {
		.name = (char *)name,
		.order = schema_file_order(c->schema, name),
	};

	return c->n ? bsearch(&key, c->files, c->n, sizeof(key), compare) :
		NULL;
}

/* A link counts as what it leads to; 0: there is nothing. */
static mode_t type_of(const struct checkpoint *c, const char *name)
{
	const struct checkpoint_file *f = checkpoint_find(c, name);
	struct stat st;

	if (f && f->regular)
		return S_IFREG;
	return fstatat(c->fd, name, &st, 0) ? 0 : st.st_mode;
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
	mode_t type = type_of(c, name);
	struct stat st;
	int fd = -1;

	snprintf(err->image, sizeof(err->image), "%s", name);
	/* devices and fifos are not even opened */
	if (type && !S_ISREG(type)) {
		error_set(err, CRIT_EDATA, S_ISDIR(type) ?
			  "is a directory" : "not a regular file");
		return -1;
	}
	fd = open_beneath(c, name);
	if (fd < 0 && (errno == EXDEV || errno == ELOOP))
		error_set(err, CRIT_EDATA, "symbolic link that leads out of the "
			  "checkpoint (-L follows it)");
	else if (fd < 0)
		error_sys(err, errno, "cannot open");
	else if (!type && !fstat(fd, &st) && !S_ISREG(st.st_mode))
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
	ssize_t n = 0;

	*fd = -1;
	if (schema_raw_file(c->schema, name))
		return FILE_RAW;
	if (!named && !S_ISREG(type_of(c, name)))
		return FILE_OTHER;
	*fd = checkpoint_file(c, name, err);
	/* what is wrong with an image the source says better */
	if (*fd >= 0 && named)
		return FILE_IMAGE;
	if (*fd >= 0) {
		do
			n = pread(*fd, head, sizeof(head), 0);
		while (n < 0 && errno == EINTR);
		if (n < 0)
			error_sys(err, errno, "cannot read");
		else if (is_magic(c->schema, head, n))
			return FILE_IMAGE;
		close(*fd);
		*fd = -1;
		if (n < 0)
			return FILE_BAD;
	}
	/* images without .img are not lost where they cannot be opened */
	if (named || schema_image_file(c->schema, name))
		return FILE_BAD;
	error_clear(err);
	return FILE_OTHER;
}

// SPDX-License-Identifier: MIT
/*
 *   directory ─► names (readdir), files (openat2: nothing outside of it),
 *   parent (a link, or a file that says where it led)
 */
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Links do not count. Some file systems leave the type to fstatat. */
static bool is_file(const struct store *s, const struct dirent *d)
{
	struct stat st;

	return d->d_type == DT_REG || (d->d_type == DT_UNKNOWN &&
		!fstatat(s->fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) &&
		S_ISREG(st.st_mode));
}

static bool list(struct store *s, struct crit_error *err)
{
	int fd = dup(s->fd);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *d;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return error_sys(err, errno, "cannot read directory");
	}
	while (errno = 0, (d = readdir(dir)) != NULL)
		if (strcmp(d->d_name, ".") && strcmp(d->d_name, "..") &&
		    !store_add(s, d->d_name, is_file(s, d), err))
			break;
	if (!d && errno)
		error_sys(err, errno, "cannot read directory");
	closedir(dir);
	return !error_is(err);
}

static bool absent(const struct store *s, const char *name)
{
	return faccessat(s->fd, name, F_OK, AT_SYMLINK_NOFOLLOW) &&
	       errno == ENOENT;
}

/* A link counts as what it leads to; 0: there is nothing. */
static mode_t type_of(const struct store *s, const char *name)
{
	const struct store_file *f = store_find(s, name);
	struct stat st;

	if (f && f->regular)
		return S_IFREG;
	return fstatat(s->fd, name, &st, 0) ? 0 : st.st_mode;
}

static bool regular(const struct store *s, const char *name)
{
	return S_ISREG(type_of(s, name));
}

static int open_beneath(const struct store *s, const char *name)
{
	enum { FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC };
	struct open_how how = {
		.flags = FLAGS, .resolve = RESOLVE_BENEATH,
	};
	int fd;

	if (s->follow)
		return openat(s->fd, name, FLAGS);
	fd = (int)syscall(SYS_openat2, s->fd, name, &how, sizeof(how));
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = openat(s->fd, name, FLAGS | O_NOFOLLOW);
	return fd;
}

static bool blob(const struct store *s, const char *name, struct blob *b,
		 struct crit_error *err)
{
	mode_t type = type_of(s, name);
	struct stat st;
	int fd;

	/* devices and fifos are not even opened */
	if (type && !S_ISREG(type))
		return error_set(err, CRIT_EDATA, S_ISDIR(type) ?
				 "is a directory" : "not a regular file");
	fd = open_beneath(s, name);
	if (fd < 0 && (errno == EXDEV || errno == ELOOP))
		return error_set(err, CRIT_EDATA, "symbolic link that leads out "
				 "of the checkpoint (-L follows it)");
	if (fd < 0)
		return error_sys(err, errno, "cannot open");
	if (!type && !fstat(fd, &st) && !S_ISREG(st.st_mode))
		error_set(err, CRIT_EDATA, "not a regular file");
	else if (blob_open_fd(b, fd, err))
		return true;
	close(fd);
	*b = BLOB_NONE;
	return false;
}

static bool opened(struct store *s, int fd)
{
	struct stat st;

	if (fd < 0)
		return false;
	if (fstat(fd, &st)) {
		close(fd);
		return false;
	}
	s->fd = fd;
	s->id[0] = (uint64_t)st.st_dev;
	s->id[1] = (uint64_t)st.st_ino;
	return true;
}

/* Where a copy has lost the link, a file of that name may hold what the link
 * held. */
static int open_parent(int dir)
{
	char path[PATH_MAX];
	ssize_t n;
	int fd = openat(dir, "parent", O_RDONLY | O_DIRECTORY | O_CLOEXEC), at;

	if (fd >= 0 || errno != ENOTDIR)
		return fd;
	at = openat(dir, "parent", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (at < 0)
		return -1;
	n = pread(at, path, sizeof(path) - 1, 0);
	close(at);
	while (n > 0 && path[n - 1] == '\n')
		n--;
	path[n > 0 ? n : 0] = 0;
	errno = ENOTDIR;
	return n > 0 && !memchr(path, 0, (size_t)n) ?
		openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
}

static const struct store_ops dir_ops;

static bool parent(const struct store *s, struct store *to)
{
	to->ops = &dir_ops;
	return opened(to, open_parent(s->fd));
}

static void close_dir(struct store *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

static const struct store_ops dir_ops = {
	.what = "directory", .list = list, .absent = absent,
	.regular = regular, .blob = blob, .parent = parent, .close = close_dir,
};

bool dir_store_open(struct store *s, const char *path, struct crit_error *err)
{
	s->ops = &dir_ops;
	return opened(s, open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) ||
	       error_sys(err, errno, "cannot open");
}

// SPDX-License-Identifier: MIT
/*
 *   directory ─► names (readdir), files (openat2: nothing outside of it),
 *   parent (a link, or a file that says where it led)
 */
#include "store/store.h"
#include "base/alloc.h"
#include "facts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
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

	if (s->how.follow)
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
	if (fd < 0 && errno == EXDEV)
		return error_set(err, CRIT_EDATA, "symbolic link that leads out "
				 "of the checkpoint (-L follows it)");
	/* what cannot be followed at all is a circle */
	if (fd < 0 && errno == ELOOP && type)
		return error_set(err, CRIT_EDATA, "symbolic link, which could lead "
				 "out of the checkpoint: no openat2(2) here (-L "
				 "follows it)");
	if (fd < 0)
		return error_sys(err, errno, "cannot open");
	if (!type && !fstat(fd, &st) && !S_ISREG(st.st_mode)) {
		error_set(err, CRIT_EDATA, "not a regular file");
	} else if (blob_open_fd(b, fd, err)) {
		b->meter = s->how.meter;
		return true;
	}
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
	int error;

	if (fd >= 0 || errno != ENOTDIR)
		return fd;
	at = openat(dir, "parent", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (at < 0)
		return -1;
	n = pread(at, path, sizeof(path) - 1, 0);
	error = n < 0 && errno != ESPIPE ? errno : ENOTDIR;
	close(at);
	while (n > 0 && path[n - 1] == '\n')
		n--;
	path[n > 0 ? n : 0] = 0;
	errno = error;
	return n > 0 && !memchr(path, 0, (size_t)n) ?
		openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
}

static const struct store_ops dir_ops;

static bool parent(const struct store *s, struct store *to)
{
	to->ops = &dir_ops;
	return opened(to, open_parent(s->fd));
}

static bool parent_link(const struct store *s, char *to, size_t n)
{
	ssize_t k = readlinkat(s->fd, "parent", to, n - 1);

	to[k < 0 ? 0 : k] = 0;
	return k >= 0;
}

static bool again(const struct store *s, struct store *to)
{
	to->ops = &dir_ops;
	return opened(to, dup(s->fd));
}

static void close_dir(struct store *s)
{
	int *outer = s->state;

	if (s->fd >= 0)
		close(s->fd);
	if (outer) {
		close(*outer);
		alloc_free(outer);
	}
	s->fd = -1;
	s->state = NULL;
}

/* What a container's directory has around its images, or what lies among
 * them. */
static bool beside(const struct store *s, const char *name, struct blob *b,
		   bool *none, struct crit_error *err)
{
	const int *outer = s->state;
	struct store at = *s;

	if (outer) {
		at.fd = *outer;
		at.n = 0;
		if (!absent(&at, name)) {
			*none = false;
			return blob(&at, name, b, err);
		}
	}
	*none = absent(s, name);
	return !*none && blob(s, name, b, err);
}

static const struct store_ops dir_ops = {
	.what = "directory", .list = list, .absent = absent,
	.regular = regular, .blob = blob, .parent = parent,
	.parent_link = parent_link, .again = again,
	.beside = beside, .close = close_dir,
};

/* A directory that has images, or that has at least no checkpoint below. */
static bool has_images(int fd)
{
	int copy = faccessat(fd, IMAGE_INVENTORY, F_OK, AT_SYMLINK_NOFOLLOW) ?
		dup(fd) : -1;
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *d;
	bool found = copy < 0;

	if (copy >= 0 && !dir)
		close(copy);
	while (dir && !found && (d = readdir(dir))) {
		size_t n = strlen(d->d_name);

		found = n > 4 && !strcmp(d->d_name + n - 4, ".img");
	}
	if (dir) {
		rewinddir(dir);
		closedir(dir);
	}
	return found || !dir;
}

static int open_below(int fd, const char *name)
{
	return openat(fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* The only directory within it: docker's checkpoints/NAME. -1 and *err where
 * there are several; -1 where there is none. */
static int open_only(int fd, char *name, struct crit_error *err)
{
	DIR *dir = fdopendir(fd);
	const struct dirent *d;
	int found = -1, at;

	if (!dir) {
		close(fd);
		return -1;
	}
	while ((d = readdir(dir)) && !error_is(err)) {
		at = *d->d_name == '.' ? -1 : open_below(fd, d->d_name);
		if (at < 0)
			continue;
		if (found >= 0) {
			error_set(err, CRIT_EDATA, "several checkpoints in it "
				  "(checkpoints/%.60s, checkpoints/%.60s); "
				  "choose one with --at", name, d->d_name);
			close(at);
			break;
		}
		snprintf(name, NAME_MAX + 1, "%s", d->d_name);
		found = at;
	}
	closedir(dir);
	if (error_is(err) && found >= 0)
		close(found);
	return error_is(err) ? -1 : found;
}

/* Of an OCI layout, --at names an image, or what is in its layers. */
static bool is_layout(int fd)
{
	return !faccessat(fd, "index.json", F_OK, 0) &&
	       !faccessat(fd, "blobs", F_OK, 0);
}

/* Where in the directory the images are: a descriptor and the way there; -1:
 * in itself, or *err. */
static int find_below(const struct store *s, int fd, char *way, size_t size,
		      struct crit_error *err)
{
	char name[NAME_MAX + 1] = "";
	int at;

	if (s->how.at && !is_layout(fd)) {
		at = open_below(fd, s->how.at);
		snprintf(way, size, "%s", s->how.at);
		if (at < 0)
			error_sys(err, errno, s->how.at);
		return at;
	}
	if (has_images(fd))
		return -1;
	at = open_below(fd, "checkpoint");
	snprintf(way, size, "checkpoint");
	if (at >= 0)
		return at;
	at = open_below(fd, "checkpoints");
	at = at < 0 ? -1 : open_only(at, name, err);
	snprintf(way, size, "checkpoints/%s", name);
	return at;
}

static bool keep_outer(struct store *s, int fd, struct crit_error *err)
{
	int *outer = alloc(sizeof(*outer));

	if (!outer) {
		close(fd);
		return error_set(err, CRIT_ENOMEM, "out of memory");
	}
	*outer = fd;
	s->state = outer;
	return true;
}

bool dir_store_open(struct store *s, int fd, const char *path,
		    struct crit_error *err)
{
	char way[NAME_MAX + 16];
	int at = find_below(s, fd, way, sizeof(way), err);

	s->ops = &dir_ops;
	if (at < 0 && error_is(err)) {
		close(fd);
		return false;
	}
	if (!opened(s, at < 0 ? fd : at)) {
		if (at >= 0)
			close(fd);
		return error_sys(err, errno, "cannot open");
	}
	if (at < 0)
		return true;
	snprintf(s->place, sizeof(s->place), "%.150s/%.90s/", path, way);
	snprintf(s->at, sizeof(s->at), "%.250s/", way);
	return keep_outer(s, fd, err);
}

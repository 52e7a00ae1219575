// SPDX-License-Identifier: MIT
/*
 *   directory ─► names in order ─► members, and what is below them
 */
#include "copy/tree.h"
#include "base/alloc.h"
#include "base/xattr.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { DEPTH_MAX = 64 };

/* The order of podman's archives; what is not named comes after ctr.log. */
static const char *const first[] = {
	"artifacts", "devshm-checkpoint.tar", "config.dump", "spec.dump",
	"network.status", "stats-dump", "ctr.log",
};
static const char *const last[] = {
	"rootfs-diff.tar", "deleted.files", "volumes",
};

struct seen {			/* a file that has several names */
	dev_t dev;
	ino_t ino;
	char *path;
};

struct walk {
	tree_member *each;
	void *ctx;
	struct crit_error *err;
	char path[PATH_MAX];
	struct seen *seen;
	size_t n_seen, cap;
};

struct names {
	char **list;
	size_t n, cap;
};

static bool no_memory(struct walk *w)
{
	return error_set(w->err, CRIT_ENOMEM, "out of memory");
}

static bool fail(struct walk *w, const char *what)
{
	int sys = errno;

	snprintf(w->err->image, sizeof(w->err->image), "%.250s",
		 w->path[0] ? w->path : ".");
	return error_sys(w->err, sys, what);
}

static int rank(const char *name)
{
	enum { FIRST = sizeof(first) / sizeof(*first),
	       LAST = sizeof(last) / sizeof(*last) };

	for (int i = 0; i < FIRST; i++)
		if (!strcmp(name, first[i]))
			return i;
	for (int i = 0; i < LAST; i++)
		if (!strcmp(name, last[i]))
			return FIRST + 1 + i;
	return FIRST;
}

static int by_rank(const void *a, const void *b)
{
	const char *x = *(char *const *)a, *y = *(char *const *)b;
	int d = rank(x) - rank(y);

	return d ? d : strcmp(x, y);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool add(struct walk *w, struct names *names, const char *name)
{
	char **more = names->list;

	if (names->n == names->cap) {
		names->cap = names->cap ? 2 * names->cap : 64;
		more = alloc_more(names->list, names->cap * sizeof(*more));
		if (!more)
			return no_memory(w);
		names->list = more;
	}
	more[names->n] = alloc_text(name);
	return more[names->n++] || no_memory(w);
}

static void free_names(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		alloc_free(names->list[i]);
	alloc_free(names->list);
}

static bool read_names(struct walk *w, int fd, struct names *names, int depth)
{
	int copy = dup(fd);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *d;
	bool ok = true;

	if (!dir) {
		if (copy >= 0)
			close(copy);
		return fail(w, "cannot read directory");
	}
	while (ok && (errno = 0, (d = readdir(dir)) != NULL))
		if (strcmp(d->d_name, ".") && strcmp(d->d_name, ".."))
			ok = add(w, names, d->d_name);
	if (ok && errno)
		ok = fail(w, "cannot read directory");
	closedir(dir);
	if (ok && names->n)
		qsort(names->list, names->n, sizeof(*names->list),
		      depth ? by_name : by_rank);
	return ok;
}

/* The first name of a file that has several; NULL: this is the first. */
static const char *other_name(struct walk *w, const struct stat *st)
{
	struct seen *more = w->seen;

	for (size_t i = 0; i < w->n_seen; i++)
		if (more[i].dev == st->st_dev && more[i].ino == st->st_ino)
			return more[i].path;
	if (w->n_seen == w->cap) {
		w->cap = w->cap ? 2 * w->cap : 16;
		more = alloc_more(w->seen, w->cap * sizeof(*more));
		if (!more)
			return no_memory(w), NULL;
		w->seen = more;
	}
	more[w->n_seen] = (struct seen){
		st->st_dev, st->st_ino, alloc_text(w->path),
	};
	if (!more[w->n_seen++].path)
		no_memory(w);
	return NULL;
}

static struct member attributes(const struct walk *w, const struct stat *st)
{
	return (struct member){
		.path = w->path, .mode = st->st_mode & 07777,
		.uid = st->st_uid, .gid = st->st_gid,
		.mtime = st->st_mtim.tv_sec,
		.mtime_ns = (uint32_t)st->st_mtim.tv_nsec,
		.size = (uint64_t)st->st_size,
		.major = major(st->st_rdev), .minor = minor(st->st_rdev),
		.block = S_ISBLK(st->st_mode),
	};
}

static bool do_file(struct walk *w, int at, const char *name, struct member *m,
		    const struct stat *st)
{
	struct blob b;
	bool ok;
	int fd;

	m->link = st->st_nlink > 1 ? other_name(w, st) : NULL;
	if (error_is(w->err))
		return false;
	m->type = m->link ? MEMBER_HARDLINK : MEMBER_FILE;
	if (m->link)
		return w->each(w->ctx, m, NULL);
	fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return fail(w, "cannot open");
	ok = blob_open_fd(&b, fd, w->err);
	m->size = b.size;
	m->xattrs = xattr_any(fd);
	ok = ok && w->each(w->ctx, m, &b);
	blob_close(&b);
	return ok;
}

static bool do_link(struct walk *w, int at, const char *name, struct member *m)
{
	char to[PATH_MAX];
	ssize_t n = readlinkat(at, name, to, sizeof(to) - 1);

	if (n < 0)
		return fail(w, "cannot read link");
	to[n] = 0;
	m->type = MEMBER_SYMLINK;
	m->link = to;
	return w->each(w->ctx, m, NULL);
}

static bool do_dir(struct walk *w, int fd, int depth);

static bool do_subdir(struct walk *w, int at, const char *name,
		      struct member *m, int depth)
{
	int fd;
	bool ok;

	m->type = MEMBER_DIR;
	if (!w->each(w->ctx, m, NULL))
		return false;
	if (depth == DEPTH_MAX)
		return error_set(w->err, CRIT_EDATA, "more than %d directories "
				 "inside one another", DEPTH_MAX);
	fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return fail(w, "cannot open");
	ok = do_dir(w, fd, depth + 1);
	close(fd);
	return ok;
}

static bool do_name(struct walk *w, int at, const char *name, int depth)
{
	struct stat st;
	struct member m;

	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW))
		return fail(w, "cannot read");
	m = attributes(w, &st);
	if (S_ISREG(st.st_mode))
		return do_file(w, at, name, &m, &st);
	if (S_ISDIR(st.st_mode))
		return do_subdir(w, at, name, &m, depth);
	if (S_ISLNK(st.st_mode))
		return do_link(w, at, name, &m);
	if (S_ISSOCK(st.st_mode))
		return true;
	m.type = S_ISFIFO(st.st_mode) ? MEMBER_FIFO : MEMBER_DEVICE;
	return w->each(w->ctx, &m, NULL);
}

static bool do_dir(struct walk *w, int fd, int depth)
{
	struct names names = { 0 };
	size_t len = strlen(w->path);
	bool ok = read_names(w, fd, &names, depth);

	for (size_t i = 0; ok && i < names.n; i++) {
		int n = snprintf(w->path + len, sizeof(w->path) - len, "%s%s",
				 len ? "/" : "", names.list[i]);

		errno = ENAMETOOLONG;
		ok = (size_t)n < sizeof(w->path) - len ?
			do_name(w, fd, names.list[i], depth) :
			fail(w, "cannot read");
		w->path[len] = 0;
	}
	free_names(&names);
	return ok;
}

bool tree_dir(const char *path, tree_member *each, void *ctx,
		struct crit_error *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct walk *w = alloc_zero(sizeof(*w));
	bool ok = false;

	if (!w) {
		error_set(err, CRIT_ENOMEM, "out of memory");
	} else if (fd < 0) {
		snprintf(err->image, sizeof(err->image), "%s", path);
		error_sys(err, errno, "cannot open");
	} else {
		w->each = each;
		w->ctx = ctx;
		w->err = err;
		ok = do_dir(w, fd, 0);
		for (size_t i = 0; i < w->n_seen; i++)
			alloc_free(w->seen[i].path);
		alloc_free(w->seen);
	}
	alloc_free(w);
	if (fd >= 0)
		close(fd);
	return ok;
}

// SPDX-License-Identifier: MIT
/*
 *   files, directories, links ─► DIR/.crit-XXXXXX.tmp/... ─► rename ─► DESTINATION
 */
#include "copy/to_dir.h"
#include "base/alloc.h"
#include "base/remove.h"
#include "base/temp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static bool fail(struct to_dir *d, const char *path, const char *what)
{
	int sys = errno;

	if (!error_is(d->target.err))
		snprintf(d->target.err->image, sizeof(d->target.err->image),
			 "%s", path);
	return error_sys(d->target.err, sys, what);
}

void to_dir_remove(struct to_dir *d)
{
	if (!d->temp[0])
		return;
	remove_inside(d->fd);
	rmdir(d->temp);
}

/* The directory that the last name of path is in, which is made where it is
 * missing. No links are followed. -1 and *err; *name: the last name. */
static int parent_of(struct to_dir *d, const char *path, const char **name)
{
	int at = dup(d->fd), next;
	char part[NAME_MAX + 1];
	const char *slash;

	for (int depth = 0; at >= 0 && (slash = strchr(path, '/')); depth++) {
		size_t n = (size_t)(slash - path);

		errno = n > NAME_MAX || depth == REMOVE_DEPTH ? ENAMETOOLONG : 0;
		next = -1;
		if (!errno) {
			memcpy(part, path, n);
			part[n] = 0;
			(void)!mkdirat(at, part, 0700);
			next = openat(at, part, O_RDONLY | O_DIRECTORY |
				      O_NOFOLLOW | O_CLOEXEC);
		}
		close(at);
		at = next;
		path = slash + 1;
	}
	*name = path;
	return at;
}

static bool set_attributes(struct to_dir *d, int at, const char *name,
			   const struct member *m)
{
	struct timespec times[2] = {
		{ .tv_nsec = UTIME_NOW },
		{ .tv_sec = m->mtime, .tv_nsec = (long)m->mtime_ns },
	};
	bool link = m->type == MEMBER_SYMLINK;

	if (d->root && fchownat(at, name, m->uid, m->gid, AT_SYMLINK_NOFOLLOW))
		return false;
	if (!link && fchmodat(at, name, m->mode & 07777, 0))
		return false;
	return !utimensat(at, name, times, AT_SYMLINK_NOFOLLOW);
}

static bool keep_dir(struct to_dir *d, const struct member *m)
{
	struct to_dir_made *more = d->made;

	if (d->n_made == d->cap) {
		d->cap = d->cap ? 2 * d->cap : 16;
		more = alloc_more(d->made, d->cap * sizeof(*more));
		if (!more)
			return error_set(d->target.err, CRIT_ENOMEM,
					 "out of memory");
		d->made = more;
	}
	more[d->n_made] = (struct to_dir_made){ alloc_text(m->path), *m };
	return more[d->n_made++].path ||
	       error_set(d->target.err, CRIT_ENOMEM, "out of memory");
}

static bool make_link(struct to_dir *d, int at, const char *name,
		      const struct member *m)
{
	const char *last;
	int from, r;

	if (m->type == MEMBER_SYMLINK)
		return !symlinkat(m->link, at, name);
	from = parent_of(d, m->link, &last);
	if (from < 0)
		return false;
	r = linkat(from, last, at, name, 0);
	close(from);
	return !r;
}

static bool make_member(struct to_dir *d, int at, const char *name,
			const struct member *m)
{
	switch (m->type) {
	case MEMBER_DIR:
		return !mkdirat(at, name, 0700) || errno == EEXIST;
	case MEMBER_FIFO:
		return !mknodat(at, name, S_IFIFO | 0600, 0);
	case MEMBER_DEVICE:
		return !mknodat(at, name, (m->block ? S_IFBLK : S_IFCHR) | 0600,
				makedev(m->major, m->minor));
	default:
		return make_link(d, at, name, m);
	}
}

/* Of what could not be created. An archive is updated by members that have the
 * names of others before them. */
static bool make_room(struct to_dir *d, int at, const char *name)
{
	if (errno != EEXIST || !d->target.replace || unlinkat(at, name, 0))
		return false;
	d->target.replaced = true;
	return true;
}

static bool member(struct target *t, const struct member *m)
{
	struct to_dir *d = (struct to_dir *)t;
	const char *name;
	int at = parent_of(d, m->path, &name);
	bool ok = at >= 0 && (make_member(d, at, name, m) ||
			      (make_room(d, at, name) &&
			       make_member(d, at, name, m))) &&
		  (m->type == MEMBER_DIR || m->type == MEMBER_HARDLINK ||
		   set_attributes(d, at, name, m));

	if (!ok)
		fail(d, m->path, "cannot create");
	if (at >= 0)
		close(at);
	return ok && (m->type != MEMBER_DIR || keep_dir(d, m));
}

static int create(int at, const char *name)
{
	return openat(at, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW |
		      O_CLOEXEC, 0600);
}

static bool open_file(struct target *t, struct target_file *f)
{
	struct to_dir *d = (struct to_dir *)t;
	const char *name;
	int at = parent_of(d, f->m.path, &name), fd = -1;

	if (at >= 0)
		fd = create(at, name);
	if (at >= 0 && fd < 0 && make_room(d, at, name))
		fd = create(at, name);
	if (fd < 0)
		fail(d, f->m.path, "cannot create");
	if (at >= 0)
		close(at);
	f->spool = fd;
	return fd >= 0 && blob_copy_open(&f->out, fd, error_image_in(f->shown, d->path,
							       f->m.path),
					  t->err);
}

static bool close_file(struct target *t, struct target_file *f)
{
	struct to_dir *d = (struct to_dir *)t;
	struct timespec times[2] = {
		{ .tv_nsec = UTIME_NOW },
		{ .tv_sec = f->m.mtime, .tv_nsec = (long)f->m.mtime_ns },
	};
	int fd = f->spool;

	f->size = f->out.pos;
	if (!blob_copy_finish(&f->out))
		return false;
	f->spool = -1;
	if ((d->root && fchown(fd, f->m.uid, f->m.gid)) ||
	    fchmod(fd, f->m.mode & 07777) || futimens(fd, times)) {
		fail(d, f->m.path, "cannot set its attributes");
		close(fd);
		return false;
	}
	return !close(fd) || fail(d, f->m.path, "cannot close");
}

static void forget(struct to_dir *d)
{
	for (size_t i = 0; i < d->n_made; i++)
		alloc_free(d->made[i].path);
	alloc_free(d->made);
	d->made = NULL;
	d->n_made = d->cap = 0;
	d->temp[0] = 0;
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}

/* Directories last, the inner ones first: what is made in them changes their
 * times. */
static bool set_dirs(struct to_dir *d)
{
	for (size_t i = d->n_made; i--; )
		if (!set_attributes(d, d->fd, d->made[i].path, &d->made[i].m))
			return fail(d, d->made[i].path,
				    "cannot set its attributes");
	return true;
}

static bool finish(struct target *t)
{
	struct to_dir *d = (struct to_dir *)t;
	int r;

	if (!set_dirs(d))
		return false;
	if (syncfs(d->fd))
		return fail(d, d->path, "cannot sync");
	r = (int)syscall(SYS_renameat2, AT_FDCWD, d->temp, AT_FDCWD, d->path,
			 1 /* RENAME_NOREPLACE */);
	if (r && (errno == EINVAL || errno == ENOSYS))
		r = rename(d->temp, d->path);
	if (r)
		return fail(d, d->path, "cannot put in place");
	forget(d);
	return true;
}

static void abort_all(struct target *t)
{
	struct to_dir *d = (struct to_dir *)t;

	to_dir_remove(d);
	forget(d);
}

static const struct target_ops ops = {
	.member = member, .open = open_file, .close = close_file,
	.finish = finish, .abort = abort_all,
};

/* PARENT/.crit-XXXXXX.tmp */
static int make_temp(struct to_dir *d)
{
	size_t n = strlen(d->path);

	while (n && d->path[n - 1] == '/')
		n--;
	while (n && d->path[n - 1] != '/')
		n--;
	if (n + TEMP_NAME > sizeof(d->temp))
		return errno = ENAMETOOLONG, -1;
	memcpy(d->temp, d->path, n);
	strcpy(d->temp + n, TEMP_BEFORE);
	return temp_make_dir(AT_FDCWD, d->temp, sizeof(d->temp), TEMP_AFTER);
}

bool to_dir_open(struct to_dir *d, const char *path, struct crit_error *err)
{
	struct stat st;

	memset(d, 0, sizeof(*d));
	d->target.ops = &ops;
	d->target.err = err;
	d->path = path;
	d->fd = -1;
	d->root = !geteuid();
	if (!lstat(path, &st)) {
		errno = EEXIST;
		return fail(d, path, "cannot create");
	}
	d->fd = make_temp(d);
	return d->fd >= 0 || fail(d, path, "cannot create");
}

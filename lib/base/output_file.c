// SPDX-License-Identifier: MIT
#include "base/output_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What a signal must remove. A run has at most one of each. */
static struct output_file *volatile open_file;
static struct output_dir *volatile open_dir;

/* SIGPIPE: of standard error, after warnings; SIGXFSZ, SIGXCPU: ulimit */
static const int deadly[] = {
	SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ, SIGXCPU,
};

/* The next two are called in signal handlers: system calls only. */
static void empty_dir(int fd)
{
	struct dirent64 *e;
	char buf[4096] __attribute__((aligned(8)));
	long n;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return;
	while ((n = syscall(SYS_getdents64, fd, buf, sizeof(buf))) > 0)
		for (long at = 0; at < n; at += e->d_reclen) {
			e = (struct dirent64 *)(buf + at);
			unlinkat(fd, e->d_name, 0);
		}
}

static void remove_dir(struct output_dir *d)
{
	if (!d->temp[0])
		return;
	empty_dir(d->temp_fd);
	unlinkat(d->fd, d->temp, AT_REMOVEDIR);
	if (d->made)
		rmdir(d->path);
}

static void remove_all(void)
{
	struct output_file *t = open_file;
	struct output_dir *d = open_dir;

	if (t && t->temp[0])
		unlink(t->temp);
	if (d)
		remove_dir(d);
}

static void die_by(int sig)
{
	remove_all();
	raise(sig);	/* the handler was for once */
}

static void set_mask(sigset_t *set)
{
	sigemptyset(set);
	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		sigaddset(set, deadly[i]);
}

/* Signals that the caller's parent ignores stay ignored. */
static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = die_by, .sa_flags = SA_RESETHAND };
	struct sigaction old;

	set_mask(&sa.sa_mask);
	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		if (!sigaction(deadly[i], NULL, &old) &&
		    old.sa_handler == SIG_DFL)
			sigaction(deadly[i], &sa, NULL);
}

static void hold_signals(sigset_t *old)
{
	sigset_t set;

	set_mask(&set);
	sigprocmask(SIG_BLOCK, &set, old);
}

static void release_signals(const sigset_t *old)
{
	sigprocmask(SIG_SETMASK, old, NULL);
}

/* ".crit-XXXXXX.tmp" with random letters. */
static void temp_name(char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
	uint8_t r[6] = { 0 };

	if (getrandom(r, sizeof(r), GRND_NONBLOCK) < 0)
		memcpy(r, &(pid_t){ getpid() }, sizeof(pid_t));
	strcpy(name, ".crit-XXXXXX.tmp");
	for (size_t i = 0; i < sizeof(r); i++)
		name[6 + i] = letters[r[i] % 32];
}

static bool fail(struct crit_error *err, const char *name, const char *what)
{
	int sys = errno;

	if (!error_is(err))
		snprintf(err->image, sizeof(err->image), "%s", name);
	return error_sys(err, sys, what);
}

static int make_temp(struct output_file *t, mode_t mode)
{
	char *slash = strrchr(t->path, '/');
	int len = slash ? (int)(slash - t->path) + 1 : 0, fd = -1;
	char name[32];

	for (int tries = 0; tries < 100 && fd < 0; tries++) {
		temp_name(name);
		snprintf(t->temp, sizeof(t->temp), "%.*s%s", len, t->path, name);
		fd = open(t->temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	if (fd < 0)
		t->temp[0] = 0;
	return fd;
}

bool output_file_open(struct output_file *t, const char *path, struct crit_error *err)
{
	sigset_t old;
	bool ok;

	hold_signals(&old);
	ok = output_file_open_plain(t, path, err);
	if (ok && !t->direct) {
		open_file = t;
		catch_signals();
	}
	release_signals(&old);
	return ok;
}

bool output_file_open_plain(struct output_file *t, const char *path,
		       struct crit_error *err)
{
	size_t n = strlen(path);
	struct stat st;
	bool there = !stat(path, &st);

	memset(t, 0, sizeof(*t));
	t->name = path;
	t->fd = -1;
	if (there && !S_ISREG(st.st_mode)) {
		t->direct = true;
		t->fd = open(path, O_WRONLY | O_CLOEXEC);
		return t->fd >= 0 || fail(err, path, "cannot open");
	}
	if (n + 32 > PATH_MAX || !n || path[n - 1] == '/') {
		errno = !n ? ENOENT : path[n - 1] == '/' ? EISDIR : ENAMETOOLONG;
		return fail(err, path, "cannot make");
	}
	if (!there || !realpath(path, t->path))
		strcpy(t->path, path);
	t->fd = make_temp(t, 0666);
	if (t->fd < 0)
		return fail(err, path, "cannot make");
	if (there)
		(void)!fchmod(t->fd, st.st_mode & 07777);
	return true;
}

static bool sync_parent(const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];
	int fd;

	snprintf(dir, sizeof(dir), "%.*s", slash ? (int)(slash - path) + 1 : 1,
		 slash ? path : ".");
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return true;	/* may write, not read: nothing to be done */
	if (fsync(fd) && errno == EIO)
		return close(fd), errno = EIO, false;
	close(fd);
	return true;
}

static bool commit(struct output_file *t, struct crit_error *err)
{
	sigset_t old;
	int fd = t->fd, r;

	t->fd = -1;
	if (!t->direct && fsync(fd) && errno != EINVAL && errno != EROFS)
		return close(fd), fail(err, t->name, "cannot sync");
	if (close(fd))
		return fail(err, t->name, "cannot close");
	if (t->direct)
		return true;
	hold_signals(&old);
	r = rename(t->temp, t->path);
	if (!r) {
		t->temp[0] = 0;
		if (open_file == t)
			open_file = NULL;
	}
	release_signals(&old);
	return (!r && sync_parent(t->path)) ||
	       fail(err, t->name, "cannot put in place");
}

bool output_file_commit(struct output_file *t, struct crit_error *err)
{
	bool ok = commit(t, err);

	if (!ok)
		output_file_abort(t);
	return ok;
}

void output_file_abort(struct output_file *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	if (t->temp[0])
		unlink(t->temp);
	t->temp[0] = 0;
	if (open_file == t)
		open_file = NULL;
}

bool output_file_name_ok(const char *name, size_t len)
{
	if (!len || len > NAME_MAX || memchr(name, '/', len) ||
	    memchr(name, 0, len))
		return false;
	return !(name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.')));
}

static bool make_hidden(struct output_dir *d)
{
	int r = -1;

	for (int tries = 0; tries < 100 && r; tries++) {
		temp_name(d->temp);
		r = mkdirat(d->fd, d->temp, 0700);
		if (r && errno != EEXIST)
			break;
	}
	if (!r)
		d->temp_fd = openat(d->fd, d->temp, O_RDONLY | O_DIRECTORY |
				    O_NOFOLLOW | O_CLOEXEC);
	else
		d->temp[0] = 0;
	return d->temp_fd >= 0;
}

bool output_dir_open(struct output_dir *d, const char *path,
		     struct crit_error *err)
{
	sigset_t old;
	bool ok;

	hold_signals(&old);
	ok = output_dir_open_plain(d, path, err);
	if (d->temp[0]) {
		open_dir = d;
		catch_signals();
	}
	release_signals(&old);
	return ok;
}

bool output_dir_open_plain(struct output_dir *d, const char *path,
			   struct crit_error *err)
{
	memset(d, 0, sizeof(*d));
	d->fd = d->temp_fd = -1;
	d->path = path;
	d->made = !mkdir(path, 0777);
	if (!d->made && errno != EEXIST)
		return fail(err, path, "cannot make");
	d->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->fd < 0) {
		fail(err, path, "cannot open");
		if (d->made)
			rmdir(path);
		return false;
	}
	return make_hidden(d) || fail(err, path, "cannot write into it");
}

int output_dir_file(struct output_dir *d, const char *name,
		    struct crit_error *err)
{
	int fd = openat(d->temp_fd, name, O_RDWR | O_CREAT | O_EXCL |
			O_NOFOLLOW | O_CLOEXEC, 0666);

	if (fd < 0 && errno == EEXIST)
		error_set(err, CRIT_EDATA,
			  "this image was there before, with others between");
	else if (fd < 0)
		fail(err, name, "cannot make");
	return fd;
}

/* Puts what one reading of the hidden folder shows in place: how many, or -1. */
static long rename_some(struct output_dir *d, DIR *dir, struct crit_error *err)
{
	struct dirent *e;
	long n = 0;

	rewinddir(dir);
	while (errno = 0, (e = readdir(dir)) != NULL) {
		if (!output_file_name_ok(e->d_name, strlen(e->d_name)))
			continue;
		if (renameat(d->temp_fd, e->d_name, d->fd, e->d_name))
			return fail(err, e->d_name, "cannot put in place"), -1;
		n++;
	}
	if (errno)
		return fail(err, d->path, "cannot read"), -1;
	return n;
}

static bool rename_all(struct output_dir *d, struct crit_error *err)
{
	int fd = dup(d->temp_fd);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	long n;

	if (!dir) {
		fail(err, d->path, "cannot read");
		if (fd >= 0)
			close(fd);
		return false;
	}
	/* some file systems skip names when others go meanwhile */
	while ((n = rename_some(d, dir, err)) > 0)
		;
	closedir(dir);
	return !n;
}

bool output_dir_commit(struct output_dir *d, struct crit_error *err)
{
	sigset_t old;
	bool ok;

	if (syncfs(d->temp_fd))
		return fail(err, d->path, "cannot sync");
	hold_signals(&old);
	d->made = false;	/* whatever comes, some may be in place */
	ok = rename_all(d, err);
	release_signals(&old);
	if (ok && fsync(d->fd) && errno == EIO)
		ok = fail(err, d->path, "cannot sync");
	if (ok)
		output_dir_abort(d);
	return ok;
}

void output_dir_abort(struct output_dir *d)
{
	remove_dir(d);
	if (open_dir == d)
		open_dir = NULL;
	if (d->temp_fd >= 0)
		close(d->temp_fd);
	if (d->fd >= 0)
		close(d->fd);
	d->temp_fd = d->fd = -1;
	d->temp[0] = 0;
}

// SPDX-License-Identifier: MIT
#include "base/output_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a signal must remove. A run has at most one of each. */
static struct output_file *volatile open_file;
struct output_dir *volatile output_open_dir;
static void (*volatile at_signal)(void);

/* SIGPIPE: of standard error, after warnings; SIGXFSZ, SIGXCPU: ulimit */
static const int deadly[] = {
	SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ, SIGXCPU,
};

static void remove_all(void)
{
	struct output_file *t = open_file;
	struct output_dir *d = output_open_dir;

	if (t && t->temp[0])
		unlink(t->temp);
	if (d)
		output_dir_remove(d);
}

static void die_by(int sig)
{
	void (*call)(void) = at_signal;

	if (call)
		call();
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
void output_catch(void)
{
	struct sigaction sa = { .sa_handler = die_by, .sa_flags = SA_RESETHAND };
	struct sigaction old;

	set_mask(&sa.sa_mask);
	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		if (!sigaction(deadly[i], NULL, &old) &&
		    old.sa_handler == SIG_DFL)
			sigaction(deadly[i], &sa, NULL);
}

void output_at_signal(void (*call)(void))
{
	at_signal = call;
	output_catch();
}

void output_hold(sigset_t *old)
{
	sigset_t set;

	set_mask(&set);
	sigprocmask(SIG_BLOCK, &set, old);
}

void output_release(const sigset_t *old)
{
	sigprocmask(SIG_SETMASK, old, NULL);
}

bool output_error(struct crit_error *err, const char *name, const char *what)
{
	int sys = errno;

	if (!error_is(err))
		snprintf(err->image, sizeof(err->image), "%s", name);
	return error_sys(err, sys, what);
}

static int make_temp(struct output_file *t, mode_t mode)
{
	char *slash = strrchr(t->path, '/');
	int len = slash ? (int)(slash - t->path) + 1 : 0;

	snprintf(t->temp, sizeof(t->temp), "%.*s" TEMP_BEFORE, len, t->path);
	return temp_make_file(AT_FDCWD, t->temp, sizeof(t->temp), TEMP_AFTER,
			      mode);
}

bool output_file_open(struct output_file *t, const char *path, mode_t mode,
		      struct crit_error *err)
{
	sigset_t old;
	bool ok;

	output_hold(&old);
	ok = output_file_open_plain(t, path, mode, err);
	if (ok && !t->direct) {
		open_file = t;
		output_catch();
	}
	output_release(&old);
	return ok;
}

/* The owner before the mode: a change of owner takes set-id bits away. */
void output_like(int fd, const struct stat *st)
{
	if (!geteuid())
		(void)!fchown(fd, st->st_uid, st->st_gid);
	(void)!fchmod(fd, st->st_mode & 07777);
}

bool output_file_open_plain(struct output_file *t, const char *path,
			    mode_t mode, struct crit_error *err)
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
		return t->fd >= 0 || output_error(err, path, "cannot open");
	}
	if (n + 32 > PATH_MAX || !n || path[n - 1] == '/') {
		errno = !n ? ENOENT : path[n - 1] == '/' ? EISDIR : ENAMETOOLONG;
		return output_error(err, path, "cannot create");
	}
	if (!there || !realpath(path, t->path))
		strcpy(t->path, path);
	t->fd = make_temp(t, there ? 0600 : mode);
	if (t->fd < 0)
		return output_error(err, path, "cannot create");
	if (there)
		output_like(t->fd, &st);
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
		return close(fd), output_error(err, t->name, "cannot sync");
	if (close(fd))
		return output_error(err, t->name, "cannot close");
	if (t->direct)
		return true;
	output_hold(&old);
	r = rename(t->temp, t->path);
	if (!r) {
		t->temp[0] = 0;
		if (open_file == t)
			open_file = NULL;
	}
	output_release(&old);
	return (!r && sync_parent(t->path)) ||
	       output_error(err, t->name, "cannot put in place");
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

// SPDX-License-Identifier: MIT
/*
 *   DIR/.crit-a.tmp/NAME   what is new
 *   DIR/NAME               what it replaces
 *   DIR/.crit-b.tmp/NAME   where that is kept meanwhile; a directory where there
 *                          was no such file
 */
#include "base/output_parts.h"
#include "base/remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The next two are called in signal handlers: system calls only. */
static void remove_hidden(int at, char *name, int fd)
{
	if (!name[0])
		return;
	for (int tries = 0; tries < 2; tries++) {
		remove_inside(fd);
		if (!unlinkat(at, name, AT_REMOVEDIR))
			break;
	}
	name[0] = 0;
}

void output_dir_remove(struct output_dir *d)
{
	remove_hidden(d->fd, d->temp, d->temp_fd);
	remove_hidden(d->fd, d->kept, d->kept_fd);
	if (d->made)
		rmdir(d->path);
}

/* A hidden directory: its descriptor, or -1. */
static int make_hidden(const struct output_dir *d, char name[TEMP_NAME])
{
	strcpy(name, TEMP_BEFORE);
	return temp_make_dir(d->fd, name, TEMP_NAME, TEMP_AFTER);
}

bool output_dir_open(struct output_dir *d, const char *path,
		     struct crit_error *err)
{
	sigset_t old;
	bool ok;

	output_hold(&old);
	ok = output_dir_open_plain(d, path, err);
	if (d->temp[0]) {
		output_open_dir = d;
		output_catch();
	}
	output_release(&old);
	return ok;
}

bool output_dir_open_plain(struct output_dir *d, const char *path,
			   struct crit_error *err)
{
	memset(d, 0, sizeof(*d));
	d->fd = d->temp_fd = d->kept_fd = -1;
	d->path = path;
	d->made = !mkdir(path, 0700);
	if (!d->made && errno != EEXIST)
		return output_error(err, path, "cannot create");
	d->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->fd < 0) {
		output_error(err, path, "cannot open");
		if (d->made)
			rmdir(path);
		return false;
	}
	d->temp_fd = make_hidden(d, d->temp);
	return d->temp_fd >= 0 || output_error(err, path, "cannot write into it");
}

int output_dir_file(struct output_dir *d, const char *name,
		    struct crit_error *err)
{
	int fd = openat(d->temp_fd, name, O_RDWR | O_CREAT | O_EXCL |
			O_NOFOLLOW | O_CLOEXEC, OUTPUT_PRIVATE);

	if (fd < 0 && errno == EEXIST)
		error_set(err, CRIT_EDATA,
			  "appears twice, with other images between: does "
			  "the input hold two checkpoints?");
	else if (fd < 0)
		output_error(err, name, "cannot create");
	return fd;
}

/* Calls each for the names in a hidden directory, until it says no. gone: each
 * takes what it is called for away. */
static bool for_names(struct output_dir *d, int hidden, bool gone,
		      bool (*each)(struct output_dir *, const char *,
				   struct crit_error *), struct crit_error *err)
{
	int fd = dup(hidden);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	bool ok = true;
	long n;

	if (!dir) {
		output_error(err, d->path, "cannot read");
		if (fd >= 0)
			close(fd);
		return false;
	}
	/* some file systems skip names when others go meanwhile */
	do {
		rewinddir(dir);
		for (n = 0; ok && (errno = 0, (e = readdir(dir)) != NULL); ) {
			if (!output_file_name_ok(e->d_name, strlen(e->d_name)))
				continue;
			ok = each(d, e->d_name, err);
			n++;
		}
		if (ok && errno)
			ok = output_error(err, d->path, "cannot read");
	} while (ok && n && gone);
	closedir(dir);
	return ok;
}

/* What is to be replaced must be a file (or a link, which is replaced itself);
 * the new one becomes like it. */
static bool look_at(struct output_dir *d, const char *name,
		    struct crit_error *err)
{
	struct stat st;
	int fd;

	if (fstatat(d->fd, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT || output_error(err, name, "cannot replace");
	if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode)) {
		snprintf(err->image, sizeof(err->image), "%s", name);
		return error_set(err, CRIT_EDATA, "is %s in %s: cannot be "
				 "replaced; nothing was written", S_ISDIR(st.st_mode) ?
				 "a directory" : "not a regular file", d->path);
	}
	if (!S_ISREG(st.st_mode))
		return true;
	fd = openat(d->temp_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return output_error(err, name, "cannot open");
	output_like(fd, &st);
	close(fd);
	return true;
}

/* Keeps what is there, or that there is nothing. On file systems without links
 * nothing is there for a moment. */
static bool keep(struct output_dir *d, const char *name)
{
	if (!linkat(d->fd, name, d->kept_fd, name, 0) ||
	    (errno != ENOENT && !renameat(d->fd, name, d->kept_fd, name)))
		return true;
	return errno == ENOENT && !mkdirat(d->kept_fd, name, 0700);
}

static bool put(struct output_dir *d, const char *name, struct crit_error *err)
{
	return (keep(d, name) &&
		!renameat(d->temp_fd, name, d->fd, name)) ||
	       output_error(err, name, "cannot put in place");
}

static bool is_new(const struct output_dir *d, const char *name)
{
	struct stat st;

	return !fstatat(d->kept_fd, name, &st, AT_SYMLINK_NOFOLLOW) &&
	       S_ISDIR(st.st_mode);
}

static bool put_back(struct output_dir *d, const char *name,
		     struct crit_error *err)
{
	bool ok;

	/* the one that failed may be in the hidden directory still */
	if (is_new(d, name))
		ok = (!unlinkat(d->fd, name, 0) || errno == ENOENT) &&
		     !unlinkat(d->kept_fd, name, AT_REMOVEDIR);
	else
		ok = !renameat(d->kept_fd, name, d->fd, name) &&
		     (!unlinkat(d->kept_fd, name, 0) || errno == ENOENT);
	return ok || output_error(err, name, "cannot put back");
}

static bool put_all(struct output_dir *d, struct crit_error *err)
{
	struct crit_error why;

	d->kept_fd = make_hidden(d, d->kept);
	if (d->kept_fd < 0)
		return output_error(err, d->path, "cannot write into it");
	if (for_names(d, d->temp_fd, true, put, err)) {
		if (!fsync(d->fd) || errno != EIO)
			return true;
		output_error(err, d->path, "cannot sync");
	}
	error_clear(&why);
	if (for_names(d, d->kept_fd, true, put_back, &why))
		return false;
	/* what could not be put back stays where it is */
	snprintf(err->what + strlen(err->what),
		 sizeof(err->what) - strlen(err->what), "; %.100s: %.100s, the old "
		 "files are in %s", why.image, why.what, d->kept);
	d->kept[0] = 0;
	return false;
}

bool output_dir_commit(struct output_dir *d, struct crit_error *err)
{
	sigset_t old;
	bool ok;

	if (!for_names(d, d->temp_fd, false, look_at, err))
		return false;
	if (syncfs(d->temp_fd))
		return output_error(err, d->path, "cannot sync");
	output_hold(&old);
	ok = put_all(d, err);
	d->made &= !ok;
	output_release(&old);
	if (ok)
		output_dir_abort(d);
	return ok;
}

void output_dir_abort(struct output_dir *d)
{
	output_dir_remove(d);
	if (output_open_dir == d)
		output_open_dir = NULL;
	if (d->temp_fd >= 0)
		close(d->temp_fd);
	if (d->kept_fd >= 0)
		close(d->kept_fd);
	if (d->fd >= 0)
		close(d->fd);
	d->temp_fd = d->kept_fd = d->fd = -1;
}

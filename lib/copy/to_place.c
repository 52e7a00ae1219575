// SPDX-License-Identifier: MIT
/*
 *   files ─► DIR/.crit-XXXXXX.tmp/NAME ─► [links NAME.bak] ─► DIR/NAME
 */
#include "copy/to_place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(struct to_place *p, const char *name, const char *what)
{
	int sys = errno;

	if (!error_is(p->target.err))
		snprintf(p->target.err->image, sizeof(p->target.err->image),
			 "%.250s", name);
	return error_sys(p->target.err, sys, what);
}

static bool open_file(struct target *t, struct target_file *f)
{
	struct to_place *p = (struct to_place *)t;

	f->spool = output_dir_file(&p->dir, f->m.path, t->err);
	return f->spool >= 0 &&
	       blob_copy_open(&f->out, f->spool,
			      error_image_in(f->shown, p->dir.path, f->m.path),
			      t->err);
}

static bool close_file(struct target *t, struct target_file *f)
{
	struct to_place *p = (struct to_place *)t;
	int fd = f->spool;

	f->size = f->out.pos;
	if (!blob_copy_finish(&f->out))
		return false;
	f->spool = -1;
	return !close(fd) || fail(p, f->m.path, "cannot close");
}

static bool member(struct target *t, const struct member *m)
{
	(void)t;
	(void)m;
	return true;	/* is there already */
}

/* NAME.bak of each file that has a new one, or (undo) none of them. */
static bool each_backup(struct to_place *p, bool undo)
{
	int fd = dup(p->dir.temp_fd);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	char bak[NAME_MAX + 8];
	bool ok = dir != NULL;
	struct dirent *d;

	if (!dir)
		return fail(p, p->dir.path, "cannot read directory");
	rewinddir(dir);
	while (ok && (d = readdir(dir))) {
		if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, ".."))
			continue;
		snprintf(bak, sizeof(bak), "%s.bak", d->d_name);
		if (undo)
			unlinkat(p->dir.fd, bak, 0);
		else if (linkat(p->dir.fd, d->d_name, p->dir.fd, bak, 0))
			ok = errno == ENOENT || fail(p, bak, "cannot keep the "
						     "image of before");
	}
	closedir(dir);
	return ok;
}

static bool finish(struct target *t)
{
	struct to_place *p = (struct to_place *)t;

	if (p->backup && !each_backup(p, false))
		return false;
	if (output_dir_commit(&p->dir, t->err))
		return true;
	if (p->backup)
		each_backup(p, true);
	return false;
}

static void abort_all(struct target *t)
{
	output_dir_abort(&((struct to_place *)t)->dir);
}

static const struct target_ops ops = {
	.member = member, .open = open_file, .close = close_file,
	.finish = finish, .abort = abort_all,
};

bool to_place_open(struct to_place *p, const char *path,
		   struct crit_error *err)
{
	memset(p, 0, sizeof(*p));
	p->target.ops = &ops;
	p->target.err = err;
	return output_dir_open_plain(&p->dir, path, err);
}

bool to_place_forget_parent(const char *path, struct crit_error *err)
{
	char link[PATH_MAX];

	snprintf(link, sizeof(link), "%s/parent", path);
	if (!unlink(link) || errno == ENOENT)
		return true;
	snprintf(err->image, sizeof(err->image), "%.250s", link);
	return error_sys(err, errno, "cannot remove");
}

// SPDX-License-Identifier: MIT
/*
 *   archive ─► image, a file of its own ─► crit-edit
 *      ^                                      │
 *      └── crit-copy --add ◄── records ◄──────┘
 */
#include "edit_archive.h"
#include "copy_job.h"
#include "image/read.h"
#include "json/writer.h"
#include "store/tar.h"
#include "yaml/formats.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool edit_archive_is(const char *path)
{
	uint8_t block[TAR_BLOCK];
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool ok = fd >= 0 && pread(fd, block, sizeof(block), 0) ==
		sizeof(block) && tar_is_header(block);

	if (fd >= 0)
		close(fd);
	return ok;
}

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool make_file(struct edit_archive *a, const struct blob *b,
		      struct crit_error *err)
{
	struct blob_copy to;
	bool ok;
	int fd;

	snprintf(a->dir, sizeof(a->dir), "%s/crit-edit.", temp_root());
	fd = temp_make_dir(AT_FDCWD, a->dir, sizeof(a->dir), "");
	if (fd < 0)
		return error_sys(err, errno, "cannot make a temporary directory");
	close(fd);
	snprintf(a->file, sizeof(a->file), "%s/%s", a->dir, a->image);
	fd = open(a->file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_sys(err, errno, "cannot make a temporary file");
	ok = blob_copy_open(&to, fd, a->file, err) &&
	     blob_copy_range(&to, b, a->image, 0, b->size) &&
	     blob_copy_finish(&to);
	blob_copy_close(&to);
	if (ok && fstat(fd, &a->taken))
		ok = error_sys(err, errno, "cannot read a temporary file");
	close(fd);
	return ok;
}

bool edit_archive_take(struct edit_archive *a, struct crit_error *err)
{
	struct store s;
	struct blob b;
	bool ok;

	if (stat(a->path, &a->before))
		return error_sys(err, errno, "cannot open");
	if (!store_open_list(&s, a->path, a->schema, false, err))
		return false;
	ok = store_blob(&s, a->image, &b, err);
	if (ok) {
		ok = make_file(a, &b, err);
		blob_close(&b);
	}
	store_close(&s);
	return ok;
}

/* The image as records of one image, in a file. */
static bool write_records(struct edit_archive *a, const char *path,
			  struct crit_error *err)
{
	struct writer w = { .format = &writer_records, .named = true,
			    .newline = true };
	int from = open(a->file, O_RDONLY | O_CLOEXEC);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct image_source s;
	struct out out = { .fd = -1 };
	bool ok;

	ok = (from >= 0 && fd >= 0) ||
	     error_sys(err, errno, "cannot open a temporary file");
	ok = ok && out_open(&out, fd, "temporary file", err) &&
	     writer_open(&w, &out, err) &&
	     image_source_open(&s, from, a->image, a->schema, err);
	if (ok) {
		ok = image_source_run(&s, w.sink);
		image_source_close(&s);
		if (ok)
			writer_end(&w);
		ok = writer_finish(&w) && out_flush(&out) && ok;
	}
	writer_close(&w);
	out_close(&out);
	if (from >= 0)
		close(from);
	if (fd >= 0)
		close(fd);
	return ok && !error_is(err);
}

bool edit_archive_put(struct edit_archive *a, struct crit_error *err)
{
	static struct job j;
	char records[PATH_MAX];
	struct stat now;

	if (stat(a->file, &now) || same(&now, &a->taken))
		return true;
	if (stat(a->path, &now) || !same(&now, &a->before))
		return error_set(err, CRIT_EIO, "the archive has changed "
				 "meanwhile");
	snprintf(records, sizeof(records), "%s/records", a->dir);
	j = (struct job){ .from = a->path, .to = a->path, .add = records,
			  .format = FORMAT_TAR, .schema = a->schema };
	if (write_records(a, records, err) && !job_run(&j))
		*err = j.err;
	unlink(records);
	return !error_is(err);
}

void edit_archive_close(struct edit_archive *a)
{
	if (!*a->dir)
		return;
	unlink(a->file);
	rmdir(a->dir);
}

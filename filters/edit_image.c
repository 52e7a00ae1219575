// SPDX-License-Identifier: MIT
#include "edit_image.h"
#include "filter.h"
#include "image/read.h"
#include "image/write.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool edit_decode(struct edit_image *e, int text, struct crit_error *err)
{
	struct writer w = { .format = e->format, .pretty = true,
			    .newline = true };
	struct image_source s;
	struct out out;
	int fd = open(e->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool ok;

	if (fd < 0 || fstat(fd, &e->before))
		return error_sys(err, errno, "cannot open");
	if (!S_ISREG(e->before.st_mode)) {
		close(fd);
		return error_set(err, CRIT_EDATA, "not a regular file");
	}
	if (!out_open(&out, text, "temporary file", err))
		return false;
	ok = writer_open(&w, &out, err) &&
		image_source_open(&s, fd, NULL, e->schema, err);
	if (ok) {
		s.warn = filter_warning;
		ok = image_source_run(&s, w.sink);
		image_source_close(&s);
	}
	ok = ok && writer_finish(&w) && !error_is(err);
	writer_close(&w);
	out_close(&out);
	close(fd);
	return ok;
}

static int open_image(void *arg, const struct image *im, const char **name)
{
	struct edit_image *e = arg;

	(void)im;
	*name = e->path;
	if (!e->images++)
		return e->file.fd;
	error_set(e->err, CRIT_EDATA, "more than one image");
	return -1;
}

static void close_image(void *arg, int fd)
{
	(void)arg;
	(void)fd;
}

/* The text as an image, into e->file. */
static bool encode(struct edit_image *e, int text)
{
	static struct image_sink sink;
	static struct json_source source;
	struct in in = { .fd = -1 };

	e->images = 0;
	if (lseek(text, 0, SEEK_SET) < 0)
		return error_sys(e->err, errno, "cannot read a temporary file");
	if (image_sink_init(&sink, e->schema, e->err) &&
	    json_source_init(&source, e->schema, &sink.sink, e->err) &&
	    in_open(&in, text, e->err)) {
		sink.arg = e;
		sink.open = open_image;
		sink.close = close_image;
		sink.allow_partial = e->partial;
		source.warn = filter_warning;
		if (documents_read(&source, &in))
			json_source_end(&source);
		if (!e->images)
			error_set(e->err, CRIT_EDATA, "no image in the text");
	}
	in_close(&in);
	json_source_free(&source);
	image_sink_free(&sink);
	return !error_is(e->err);
}

/* Nobody else has changed the image meanwhile. */
static bool still_there(struct edit_image *e)
{
	struct stat now;

	if (stat(e->path, &now))
		return error_sys(e->err, errno, "cannot read");
	return (now.st_ino == e->before.st_ino &&
		now.st_size == e->before.st_size &&
		now.st_mtim.tv_sec == e->before.st_mtim.tv_sec &&
		now.st_mtim.tv_nsec == e->before.st_mtim.tv_nsec) ||
		error_set(e->err, CRIT_EIO, "the image has changed meanwhile");
}

bool edit_replace(struct edit_image *e, int text, struct crit_error *err)
{
	e->err = err;
	if (!still_there(e) ||
	    !output_file_open(&e->file, e->path, OUTPUT_PRIVATE, e->err))
		return false;
	if (encode(e, text))
		return output_file_commit(&e->file, e->err);
	output_file_abort(&e->file);
	return false;
}

// SPDX-License-Identifier: MIT
#include "api/target.h"
#include "base/file_io.h"

#include <errno.h>
#include <unistd.h>

static bool open_archive(struct api_target *t, enum crit_form form)
{
	const char *name = output_name(t->out);

	t->fd = t->out->write ? -1 : t->out->fd;
	if (t->fd < 0)
		t->fd = t->temp = temp_file(&t->err);
	if (t->fd < 0)
		return false;
	if (form == CRIT_TAR) {
		t->target = &t->tar.target;
		return to_tar_open(&t->tar, t->fd, name, &t->err);
	}
	t->target = &t->stream.target;
	return to_stream_open(&t->stream, &t->fd, 1, &t->err);
}

static bool open_target(struct api_target *t, const char *path,
			enum crit_form form)
{
	if (t->out)
		return form == CRIT_TAR || form == CRIT_STREAM ?
			open_archive(t, form) :
			error_set(&t->err, CRIT_EUSAGE, "no such form");
	t->target = &t->dir.target;
	return to_dir_open(&t->dir, path, &t->err);
}

struct api_target *api_target_open(const char *path, enum crit_form form,
				   struct crit_output *out,
				   struct crit_error *err)
{
	struct api_target *t = alloc_zero(sizeof(*t));

	if (!t) {
		api_no_memory(err);
		return NULL;
	}
	error_clear(&t->err);
	t->out = out;
	t->temp = t->dir.fd = -1;
	if (open_target(t, path, form))
		return t;
	api_target_close(t, false, NULL, err);
	return NULL;
}

/* The archive, from the temporary file to its output. */
static bool pass(struct api_target *t)
{
	uint8_t buf[16 << 10];
	ssize_t n = 1;

	if (t->temp < 0)
		return true;
	if (lseek(t->temp, 0, SEEK_SET))
		return error_sys(&t->err, errno, "cannot read a temporary file");
	while ((n = read_some(t->temp, buf, sizeof(buf))) > 0)
		if (!output_write(t->out, buf, (size_t)n))
			return error_sys(&t->err, errno, "cannot write");
	return !n || error_sys(&t->err, errno, "cannot read a temporary file");
}

bool api_target_close(struct api_target *t, bool ok, const char *place,
		      struct crit_error *err)
{
	ok = ok && target_finish(t->target) && pass(t);
	if (!ok && t->target && t->target->ops)
		target_abort(t->target);
	if (!ok && t->out)
		output_fail(t->out, &t->err);
	if (!ok)
		api_fail_at(place, err, &t->err);
	if (t->temp >= 0)
		close(t->temp);
	alloc_free(t);
	return ok;
}

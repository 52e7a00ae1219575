// SPDX-License-Identifier: MIT
#include "api/target.h"
#include "base/file_io.h"
#include "base/temp.h"

#include <errno.h>
#include <unistd.h>

static bool open_fd(struct api_target *t, size_t i)
{
	struct crit_output *out = t->outs[i];

	t->fds[i] = out->write ? -1 : out->fd;
	if (t->fds[i] < 0)
		t->fds[i] = t->temps[i] = temp_file(&t->err);
	return t->fds[i] >= 0;
}

static bool open_archive(struct api_target *t, enum crit_form form)
{
	for (size_t i = 0; i < t->n; i++)
		if (!open_fd(t, i))
			return false;
	if (form == CRIT_TAR) {
		t->target = &t->tar.target;
		return to_tar_open(&t->tar, t->fds[0], output_name(t->outs[0]),
				   &t->err);
	}
	t->target = &t->stream.target;
	return to_stream_open(&t->stream, t->fds, t->n, &t->err);
}

static bool open_target(struct api_target *t, const struct api_where *w)
{
	if (w->n)
		return w->form == CRIT_TAR || w->form == CRIT_STREAM ?
			open_archive(t, w->form) :
			error_set(&t->err, CRIT_EUSAGE, "no such form");
	if (w->in_place) {
		t->target = &t->place.target;
		if (!to_place_open(&t->place, w->path, &t->err))
			return false;
		t->place.backup = w->backup;
		return true;
	}
	t->target = &t->dir.target;
	return to_dir_open(&t->dir, w->path, &t->err);
}

struct api_target *api_target_open(const struct api_where *where,
				   struct crit_error *err)
{
	struct api_target *t = alloc_zero(sizeof(*t));

	if (!t) {
		api_no_memory(err);
		return NULL;
	}
	error_clear(&t->err);
	t->outs = where->outs;
	t->n = where->n;
	t->dir.fd = -1;
	for (size_t i = 0; i < t->n; i++)
		t->fds[i] = t->temps[i] = -1;
	if (open_target(t, where))
		return t;
	api_target_close(t, false, NULL, err);
	return NULL;
}

/* An archive, from its temporary file to its output. */
static bool pass(struct api_target *t, size_t i)
{
	uint8_t buf[16 << 10];
	ssize_t n = 1;

	if (t->temps[i] < 0)
		return true;
	if (lseek(t->temps[i], 0, SEEK_SET))
		return error_sys(&t->err, errno, "cannot read a temporary file");
	while ((n = read_some(t->temps[i], buf, sizeof(buf))) > 0)
		if (!output_write(t->outs[i], buf, (size_t)n))
			return error_sys(&t->err, errno, "cannot write");
	return !n || error_sys(&t->err, errno, "cannot read a temporary file");
}

bool api_target_close(struct api_target *t, bool ok, const char *place,
		      struct crit_error *err)
{
	ok = ok && target_finish(t->target);
	for (size_t i = 0; i < t->n && ok; i++)
		ok = pass(t, i);
	if (!ok && t->target && t->target->ops)
		target_abort(t->target);
	if (!ok)
		api_fail_at(place, err, &t->err);
	for (size_t i = 0; i < t->n; i++) {
		if (!ok)
			output_fail(t->outs[i], &t->err);
		if (t->temps[i] >= 0)
			close(t->temps[i]);
	}
	alloc_free(t);
	return ok;
}

// SPDX-License-Identifier: MIT
/*
 *   DESTINATION ─► directory, tar, stream, or images in place; and what of
 *   them a signal removes
 */
#include "copy_job.h"
#include "base/remove.h"
#include "progress.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What a signal must remove; output_file.c removes its own. */
static struct job *volatile running;

static void die_by(int sig)
{
	struct job *j = running;

	progress_erase();
	if (j) {
		to_dir_remove(&j->dir);
		stream_socket_remove(&j->socket);
		if (j->inner)
			stream_socket_remove(&j->inner->socket);
		if (j->file.temp[0])
			unlink(j->file.temp);
		if (j->place.dir.temp[0])
			remove_tree(j->place.dir.fd, j->place.dir.temp);
		if (j->captured.dir[0])
			remove_tree(AT_FDCWD, j->captured.dir);
		if (j->rewritten.dir[0])
			remove_tree(AT_FDCWD, j->rewritten.dir);
	}
	raise(sig);	/* the handler was for once */
}

void job_catch_signals(struct job *j)
{
	static const int deadly[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction sa = { .sa_handler = die_by, .sa_flags = SA_RESETHAND };
	struct sigaction old;

	running = j;
	for (size_t i = 0; i < sizeof(deadly) / sizeof(*deadly); i++)
		if (!sigaction(deadly[i], NULL, &old) &&
		    old.sa_handler == SIG_DFL)
			sigaction(deadly[i], &sa, NULL);
}

static bool open_output(struct job *j)
{
	j->names[0] = strcmp(j->to, "-") ? j->to : STDOUT_NAME;
	if (!strcmp(j->to, "-")) {
		j->fds[0] = STDOUT_FILENO;
		return true;
	}
	if (!output_file_open_plain(&j->file, j->to, OUTPUT_PRIVATE, &j->err))
		return false;
	j->fds[0] = j->file.fd;
	return true;
}

static bool open_shards(struct job *j)
{
	for (size_t i = 0; i < j->n_shards; i++) {
		j->fds[i + 1] = open(j->shards[i], O_WRONLY | O_CREAT | O_TRUNC |
				     O_CLOEXEC, 0600);
		if (j->fds[i + 1] >= 0)
			continue;
		snprintf(j->err.image, sizeof(j->err.image), "%.250s",
			 j->shards[i]);
		return error_sys(&j->err, errno, "cannot open");
	}
	for (size_t i = 0; i < j->n_shards; i++)
		j->names[i + 1] = j->shards[i];
	if (!to_stream_open(&j->stream, j->fds, j->n_shards + 1, &j->err))
		return false;
	j->stream.names = j->names;
	return true;
}

static bool open_target(struct job *j)
{
	if (j->in_place) {
		j->target = &j->place.target;
		if (!to_place_open(&j->place, j->to, &j->err))
			return false;
		j->place.backup = j->backup;
		return true;
	}
	if (j->format == FORMAT_DIR) {
		j->target = &j->dir.target;
		return to_dir_open(&j->dir, j->to, &j->err);
	}
	if (!open_output(j))
		return false;
	if (j->format == FORMAT_TAR) {
		j->target = &j->tar.target;
		return to_tar_open(&j->tar, j->fds[0], j->names[0], &j->err);
	}
	j->target = &j->stream.target;
	return open_shards(j);
}

bool job_open_target(struct job *j)
{
	if (!open_target(j))
		return false;
	job_progress_begin(j);
	return true;
}

static bool close_shards(struct job *j)
{
	for (size_t i = 0; i < j->n_shards; i++)
		if (j->fds[i + 1] > 0 && close(j->fds[i + 1])) {
			snprintf(j->err.image, sizeof(j->err.image), "%.250s",
				 j->shards[i]);
			error_sys(&j->err, errno, "cannot close");
		}
	return !error_is(&j->err);
}

bool job_close_target(struct job *j, bool ok)
{
	progress_clear();
	ok = ok && target_finish(j->target);
	if (!ok && j->target && j->target->ops)
		target_abort(j->target);
	ok = close_shards(j) && ok;
	if (j->format == FORMAT_DIR || !j->file.name)
		return ok;
	if (ok)
		return output_file_commit(&j->file, &j->err);
	output_file_abort(&j->file);
	return false;
}

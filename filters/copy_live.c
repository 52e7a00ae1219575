// SPDX-License-Identifier: MIT
/*
 *   criu dump --stream ─► pages, raw images ─► target
 *                    └──► images, where a command changes them ─► put aside
 *   store ─► criu restore --stream
 */
#include "copy_job.h"
#include "base/remove.h"
#include "copy/capture.h"
#include "copy/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The lines that criu-image-streamer prints. */
static void progress(const struct job *j, const char *line)
{
	if (j->progress >= 0)
		dprintf(j->progress, "%s\n", line);
}

static bool open_socket(struct job *j, const char *dir, const char *name)
{
	if (!stream_socket_open(&j->socket, dir, name, &j->err))
		return false;
	progress(j, "socket-init");
	return stream_socket_accept(&j->socket, &j->err);
}

static void started(void *ctx)
{
	progress(ctx, "checkpoint-start");
}

static void finished(const struct job *j, uint64_t bytes)
{
	char line[200];

	snprintf(line, sizeof(line), "{\"shards\":[{\"size\":%" PRIu64
		 ",\"transfer_duration_millis\":0}]}", bytes);
	progress(j, line);
}

static struct target *to_target(void *ctx, const char *name)
{
	(void)name;
	return ((struct job *)ctx)->target;
}

static bool capture(struct job *j)
{
	struct capture c = {
		.socket = &j->socket, .target = to_target, .started = started,
		.ctx = j, .err = &j->err,
	};

	return open_socket(j, j->from + 5, "streamer-capture.sock") &&
	       capture_run(&c);
}

/* Without changes what comes goes straight to its place. */
static bool capture_straight(struct job *j)
{
	bool ok = job_open_target(j) && capture(j);

	ok = job_close_target(j, ok);
	if (ok)
		finished(j, j->target->bytes);
	return ok;
}

/* A directory of our own, temp, is filled in place of the destination. */
static bool to_temp(struct job *j, struct job_temp *temp, const char *what,
		    bool (*fill)(struct job *))
{
	const char *to = j->to;
	unsigned format = j->format;
	bool ok, serves = j->serves;
	int fd;

	snprintf(temp->dir, sizeof(temp->dir), "%.200s/crit-copy.", temp_root());
	fd = temp_make_dir(AT_FDCWD, temp->dir, sizeof(temp->dir), "");
	if (fd < 0) {
		snprintf(j->err.image, sizeof(j->err.image), "%.200s",
			 temp_root());
		return error_sys(&j->err, errno,
				 "cannot make a temporary directory");
	}
	close(fd);
	snprintf(temp->checkpoint, sizeof(temp->checkpoint), "%s/checkpoint",
		 temp->dir);
	if (j->verbose)
		filter_warn("%s is kept in %s meanwhile", what, temp->dir);
	j->to = temp->checkpoint;
	j->format = FORMAT_DIR;
	j->serves = false;
	ok = fill(j);
	j->to = to;
	j->format = format;
	j->serves = serves;
	return ok;
}

static void remove_temp(struct job_temp *temp)
{
	if (temp->dir[0])
		remove_tree(AT_FDCWD, temp->dir);
	temp->dir[0] = 0;
}

static bool from_captured(struct job *j)
{
	j->from = j->captured.checkpoint;
	return job_run_store(j);
}

bool job_capture(struct job *j)
{
	bool changes = j->with || j->add || j->command || job_rewrites(j) ||
		       j->n_drop || j->images_only || j->serves;
	/* changes need the whole set of images */
	bool ok = changes ? to_temp(j, &j->captured, "the dump",
				    capture_straight) && from_captured(j) :
		capture_straight(j);

	remove_temp(&j->captured);
	stream_socket_close(&j->socket);
	return ok;
}

static bool find(void *ctx, const char *name, struct blob *b, bool *absent,
		 struct crit_error *err)
{
	struct job *j = ctx;
	const struct store *s = j->changed ? &j->overlay.store : &j->store;

	*absent = copy_drops((const char *const *)j->drop, j->n_drop, name) >= 0 ||
		  store_absent(s, name);
	return !*absent && store_blob(s, name, b, err);
}

/* The changes are made: what is in the directory is served as it is. */
static bool from_rewritten(struct job *j)
{
	struct job plain = {
		.from = j->rewritten.checkpoint, .to = j->to, .serves = true,
		.schema = j->schema, .progress = j->progress, .err = j->err,
	};
	bool ok;

	plain.dir.fd = plain.socket.listener = plain.socket.peer = -1;
	j->inner = &plain;
	ok = job_run_store(&plain);
	j->inner = NULL;
	j->err = plain.err;
	return ok;
}

bool job_serve(struct job *j)
{
	struct serve s = {
		.socket = &j->socket, .find = find, .ctx = j, .err = &j->err,
	};
	bool ok;

	if (job_rewrites(j)) {
		ok = to_temp(j, &j->rewritten, "the checkpoint",
			     job_copy_store) && from_rewritten(j);
		remove_temp(&j->rewritten);
		return ok;
	}
	ok = open_socket(j, j->to + 5, "streamer-serve.sock") && serve_run(&s);
	stream_socket_close(&j->socket);
	if (ok)
		finished(j, s.bytes);
	return ok;
}

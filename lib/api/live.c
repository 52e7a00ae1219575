// SPDX-License-Identifier: MIT
/*
 *   criu dump --stream ─► capture ─► target
 *   an open checkpoint ─► serve ─► criu restore --stream
 */
#include "api/dir.h"
#include "api/target.h"
#include "copy/capture.h"
#include "copy/serve.h"

#include <unistd.h>

int crit_accept(struct crit *c, const char *directory, const char *name,
		struct crit_error *err)
{
	struct stream_socket *s;
	struct crit_error own;
	int fd = -1;
	API(c);

	error_clear(&own);
	s = alloc_zero(sizeof(*s));
	if (!s)
		return api_no_memory(err), -1;
	s->listener = s->peer = -1;
	if (stream_socket_open(s, directory, name, &own) &&
	    stream_socket_accept(s, &own))
		fd = s->peer;
	else
		api_fail(err, &own);
	s->peer = -1;
	stream_socket_close(s);
	alloc_free(s);
	return fd;
}

static struct target *target_of(void *ctx, const char *name)
{
	(void)name;
	return ((struct api_target *)ctx)->target;
}

static bool run(int fd, struct api_target *t, struct crit_error *err)
{
	struct stream_socket socket = { .listener = -1, .peer = fd };
	struct capture c = {
		.socket = &socket, .target = target_of, .ctx = t,
	};

	if (!t)
		return false;
	c.err = &t->err;
	return api_target_close(t, capture_run(&c), NULL, err);
}

bool crit_capture(struct crit *c, int fd, const char *path,
		  struct crit_error *err)
{
	API(c);

	return run(fd, api_target_open(&(struct api_where){ .path = path }, err),
		   err);
}

bool crit_capture_to(struct crit *c, int fd, enum crit_form form,
		     struct crit_output *out, struct crit_error *err)
{
	API(c);

	return run(fd, api_target_open(&(struct api_where){
			.form = form, .outs = &out, .n = 1,
		}, err), err);
}

static bool find(void *ctx, const char *name, struct blob *b, bool *absent,
		 struct crit_error *err)
{
	const struct crit_dir *d = ctx;

	*absent = store_absent(&d->dir, name);
	return !*absent && store_blob(&d->dir, name, b, err);
}

bool crit_serve(struct crit_dir *dir, int fd, struct crit_error *err)
{
	struct stream_socket socket = { .listener = -1, .peer = fd };
	struct crit_error own;
	struct serve s = {
		.socket = &socket, .find = find, .ctx = dir, .err = &own,
	};
	API(dir->c);

	error_clear(&own);
	return serve_run(&s) || dir_fail(dir, err, &own);
}

// SPDX-License-Identifier: MIT
/*
 *   request, pipe ─► one more open file ─┐
 *   pipes that have bytes ───────────────┴─► target_pipe
 */
#include "copy/capture.h"
#include "base/alloc.h"
#include "facts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct image_pipe {
	struct target_file file;
	char name[SOCKET_NAME_MAX + 1];
	int fd;
};

struct capturing {
	struct capture *c;
	struct image_pipe **pipes;
	struct pollfd *polls;		/* one more: the socket comes first */
	size_t n, cap;
	bool ended, started;
	bool whole;			/* inventory.img came, as the last one */
};

static bool no_memory(struct capturing *s)
{
	return error_set(s->c->err, CRIT_ENOMEM, "out of memory");
}

static bool room(struct capturing *s)
{
	size_t cap = s->cap ? 2 * s->cap : 16;
	void *more;

	if (s->n < s->cap)
		return true;
	more = alloc_more(s->pipes, cap * sizeof(*s->pipes));
	if (!more)
		return no_memory(s);
	s->pipes = more;
	more = alloc_more(s->polls, (cap + 1) * sizeof(*s->polls));
	if (!more)
		return no_memory(s);
	s->polls = more;
	s->cap = cap;
	return true;
}

static bool name_ok(struct capturing *s, const char *name)
{
	if (!strchr(name, '/') && strcmp(name, ".") && strcmp(name, ".."))
		return true;
	return error_set(s->c->err, CRIT_EDATA, "CRIU sends a file named %.100s: "
			 "refused", name);
}

static bool open_pipe(struct capturing *s, struct image_pipe *p)
{
	struct member m = {
		.path = p->name, .type = MEMBER_FILE, .mode = 0600,
		.uid = geteuid(), .gid = getegid(),
		.mtime = (int64_t)time(NULL), .size = BLOB_UNKNOWN,
	};
	struct target *to = s->c->target(s->c->ctx, p->name);

	p->fd = stream_descriptor(s->c->socket->peer, s->c->err);
	if (p->fd >= 0)
		fcntl(p->fd, F_SETPIPE_SZ, 1 << 20);	/* fewer turns */
	return p->fd >= 0 && name_ok(s, p->name) &&
	       target_open(to, &p->file, &m);
}

/* The next request of CRIU: one more pipe, or the end. */
static bool take_request(struct capturing *s)
{
	struct image_pipe *p = alloc_zero(sizeof(*p));
	int r;

	if (!p || !room(s)) {
		alloc_free(p);
		return no_memory(s);
	}
	p->fd = -1;
	r = stream_request(s->c->socket->peer, p->name, s->c->err);
	if (r <= 0) {
		alloc_free(p);
		s->ended = !r;
		return !r;
	}
	s->pipes[s->n++] = p;
	if (!s->started && strcmp(p->name, IMAGE_CPUINFO)) {
		s->started = true;
		if (s->c->started)
			s->c->started(s->c->ctx);
	}
	return open_pipe(s, p);
}

static bool end_pipe(struct capturing *s, size_t i)
{
	struct image_pipe *p = s->pipes[i];
	bool ok = target_close(&p->file);

	s->whole |= !strcmp(p->name, IMAGE_INVENTORY);
	close(p->fd);
	alloc_free(p);
	s->pipes[i] = s->pipes[--s->n];
	return ok;
}

static bool take_bytes(struct capturing *s)
{
	for (size_t i = s->n; i--; ) {
		int r;

		if (!s->polls[i + 1].revents)
			continue;
		r = target_pipe(&s->pipes[i]->file, s->pipes[i]->fd);
		if (r < 0 || (!r && !end_pipe(s, i)))
			return false;
	}
	return true;
}

static bool turn(struct capturing *s)
{
	struct pollfd *polls = s->polls;
	int r;

	polls[0] = (struct pollfd){
		.fd = s->ended ? -1 : s->c->socket->peer, .events = POLLIN,
	};
	for (size_t i = 0; i < s->n; i++)
		polls[i + 1] = (struct pollfd){
			.fd = s->pipes[i]->fd, .events = POLLIN,
		};
	r = poll(polls, s->n + 1, -1);
	if (r < 0)
		return errno == EINTR ||
		       error_sys(s->c->err, errno, "cannot wait for CRIU");
	/* bytes first: a new pipe has no place in polls yet */
	return take_bytes(s) && (!polls[0].revents || take_request(s));
}

bool capture_run(struct capture *c)
{
	struct capturing s = { .c = c };
	bool ok = room(&s);

	while (ok && (!s.ended || s.n))
		ok = turn(&s);
	/* a CRIU that dies closes its pipes as after success */
	if (ok && !s.whole)
		ok = error_set(c->err, CRIT_EDATA, "CRIU ended before it sent "
			       "inventory.img, its last image: see its dump.log");
	while (s.n) {
		struct image_pipe *p = s.pipes[--s.n];

		blob_copy_close(&p->file.out);
		if (p->file.spool >= 0)
			close(p->file.spool);
		if (p->fd >= 0)
			close(p->fd);
		alloc_free(p);
	}
	alloc_free(s.pipes);
	alloc_free(s.polls);
	return ok;
}

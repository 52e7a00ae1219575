// SPDX-License-Identifier: MIT
/*
 *   request ─► blob ─► reply, pipe of CRIU's ─► its bytes
 *
 * CRIU opens several files before it reads the first to its end: each blob is
 * written as far as its pipe takes it, in turn.
 */
#include "copy/serve.h"
#include "base/alloc.h"
#include "base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

enum { CHUNK = 64 << 10 };

struct serving {
	struct blob blob;
	uint64_t at;
	int fd;
	char name[SOCKET_NAME_MAX + 1];
	uint8_t *buf;			/* read, and not yet written: */
	size_t pos, n;
	bool ended;
};

struct state {
	struct serve *s;
	struct serving **open;
	struct pollfd *polls;
	size_t n, cap;
	bool ended;
};

static bool no_memory(struct state *st)
{
	return error_set(st->s->err, CRIT_ENOMEM, "out of memory");
}

static bool room(struct state *st)
{
	size_t cap = st->cap ? 2 * st->cap : 16;
	void *more;

	if (st->n < st->cap)
		return true;
	more = alloc_more(st->open, cap * sizeof(*st->open));
	if (!more)
		return no_memory(st);
	st->open = more;
	more = alloc_more(st->polls, (cap + 1) * sizeof(*st->polls));
	if (!more)
		return no_memory(st);
	st->polls = more;
	st->cap = cap;
	return true;
}

static void drop(struct serving *v)
{
	blob_close(&v->blob);
	if (v->fd >= 0)
		close(v->fd);
	alloc_free(v->buf);
	alloc_free(v);
}

/* A file that exists: the pipe it goes into. */
static bool open_pipe(struct state *st, struct serving *v)
{
	v->buf = alloc(CHUNK);
	if (!v->buf)
		return no_memory(st);
	if (!stream_reply(st->s->socket->peer, true, st->s->err))
		return false;
	v->fd = stream_descriptor(st->s->socket->peer, st->s->err);
	if (v->fd < 0)
		return false;
	fcntl(v->fd, F_SETPIPE_SZ, 1 << 20);
	return !fcntl(v->fd, F_SETFL, O_NONBLOCK) ||
	       error_sys(st->s->err, errno, "cannot prepare CRIU's pipe");
}

static bool take_request(struct state *st)
{
	struct serving *v = alloc_zero(sizeof(*v));
	bool absent = false;
	int r;

	if (!v || !room(st)) {
		alloc_free(v);
		return no_memory(st);
	}
	v->fd = -1;
	v->blob = BLOB_NONE;
	r = stream_request(st->s->socket->peer, v->name, st->s->err);
	if (r <= 0) {
		st->ended = !r;
		drop(v);
		return !r;
	}
	if (!st->s->find(st->s->ctx, v->name, &v->blob, &absent, st->s->err)) {
		drop(v);
		return absent &&
		       stream_reply(st->s->socket->peer, false, st->s->err);
	}
	st->open[st->n++] = v;
	return open_pipe(st, v);
}

/* A turn of the kernel's way: bytes, 0 where it is none, -1 and errno. */
static ssize_t send_range(struct serving *v)
{
	off_t from = (off_t)(v->blob.start + v->at);
	uint64_t left = v->blob.size - v->at;
	ssize_t r;

	if (v->blob.fd < 0 || v->n || !left)
		return 0;
	r = sendfile(v->fd, v->blob.fd, &from, left < 1 << 20 ? (size_t)left :
		     1 << 20);
	if (r > 0)
		v->at += (size_t)r;
	return r < 0 && errno == EINVAL ? 0 : r;
}

static ssize_t send_buffer(struct state *st, struct serving *v)
{
	ssize_t r;

	if (!v->n) {
		v->pos = 0;
		v->n = blob_read(&v->blob, v->at, v->buf, CHUNK, st->s->err);
		v->at += v->n;
		v->ended = !v->n;
	}
	if (v->ended)
		return 0;
	r = write(v->fd, v->buf + v->pos, v->n);
	if (r > 0) {
		v->pos += (size_t)r;
		v->n -= (size_t)r;
	}
	return r;
}

/* CRIU may close a pipe when it has read what it wants. */
static bool send_some(struct state *st, size_t i)
{
	struct serving *v = st->open[i];
	ssize_t r = send_range(v);

	if (!r)
		r = send_buffer(st, v);
	if (error_is(st->s->err))
		return false;
	if (r < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (r < 0 && errno != EPIPE) {
		snprintf(st->s->err->image, sizeof(st->s->err->image), "%s",
			 v->name);
		return error_sys(st->s->err, errno, "cannot send to CRIU");
	}
	if (r > 0) {
		st->s->bytes += (uint64_t)r;
		return true;
	}
	st->s->files++;
	drop(v);
	st->open[i] = st->open[--st->n];
	return true;
}

static bool turn(struct state *st)
{
	struct pollfd *polls = st->polls;

	polls[0] = (struct pollfd){
		.fd = st->ended ? -1 : st->s->socket->peer, .events = POLLIN,
	};
	for (size_t i = 0; i < st->n; i++)
		polls[i + 1] = (struct pollfd){
			.fd = st->open[i]->fd, .events = POLLOUT,
		};
	if (poll(polls, st->n + 1, -1) < 0)
		return errno == EINTR ||
		       error_sys(st->s->err, errno, "cannot wait for CRIU");
	for (size_t i = st->n; i--; )
		if (polls[i + 1].revents && !send_some(st, i))
			return false;
	return !polls[0].revents || take_request(st);
}

bool serve_run(struct serve *s)
{
	struct state st = { .s = s };
	bool ok = room(&st);

	while (ok && (!st.ended || st.n))
		ok = turn(&st);
	while (st.n)
		drop(st.open[--st.n]);
	alloc_free(st.open);
	alloc_free(st.polls);
	return ok;
}

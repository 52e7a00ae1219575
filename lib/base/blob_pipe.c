// SPDX-License-Identifier: MIT
/*
 *   pipe ─► head, which is kept ─► bytes, forward only
 *   pipe ─► unlinked file ─► bytes of any place
 */
#include "base/alloc.h"
#include "base/buffer.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct pipe {
	int fd;
	uint64_t pos;			/* bytes taken from fd */
	size_t n_head;
	uint8_t head[BLOB_HEAD];
};

static size_t take(struct pipe *s, void *p, size_t n, struct crit_error *err)
{
	ssize_t r = read_some(s->fd, p, n);

	if (r < 0)
		error_sys(err, errno, "cannot read");
	if (r <= 0)
		return 0;
	s->pos += (size_t)r;
	return (size_t)r;
}

/* As long as nothing has gone past it, the head grows by what is there. */
static bool fill_head(struct pipe *s, uint64_t at, struct crit_error *err)
{
	while (s->n_head <= at && s->n_head == s->pos && s->n_head < BLOB_HEAD) {
		size_t k = take(s, s->head + s->n_head, BLOB_HEAD - s->n_head,
				err);

		if (!k)
			return false;
		s->n_head += k;
	}
	return true;
}

static size_t read_pipe(const struct blob *b, uint64_t at, void *p, size_t n,
			struct crit_error *err)
{
	struct pipe *s = b->ctx;

	if (!fill_head(s, at, err))
		return 0;
	if (at < s->n_head) {
		if (n > s->n_head - at)
			n = s->n_head - (size_t)at;
		memcpy(p, s->head + at, n);
		return n;
	}
	while (s->pos < at) {
		uint64_t left = at - s->pos;

		if (!take(s, p, left < n ? (size_t)left : n, err))
			return 0;
	}
	if (s->pos > at) {
		error_set(err, CRIT_EIO, "cannot go back in a pipe");
		return 0;
	}
	return take(s, p, n, err);
}

static void close_pipe(struct blob *b)
{
	struct pipe *s = b->ctx;

	close(s->fd);
	alloc_free(s);
}

static void leave_pipe(struct blob *b)
{
	alloc_free(b->ctx);
}

static bool is_file(int fd, struct blob *b)
{
	struct stat st;
	off_t at;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return false;
	at = lseek(fd, 0, SEEK_CUR);
	if (at < 0)
		return false;
	b->start = (uint64_t)at;
	b->size = at < st.st_size ? (uint64_t)(st.st_size - at) : 0;
	return true;
}

static void close_file(struct blob *b)
{
	close(b->fd);
}

bool blob_open_pipe(struct blob *b, int fd, bool own, struct crit_error *err)
{
	struct pipe *s;

	*b = (struct blob){ .fd = fd, .close = own ? close_file : NULL };
	if (is_file(fd, b)) {
		b->grows = true;
		return true;
	}
	*b = BLOB_NONE;
	s = alloc_zero(sizeof(*s));
	if (!s)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	s->fd = fd;
	*b = (struct blob){
		.fd = -1, .size = BLOB_UNKNOWN, .read = read_pipe,
		.close = own ? close_pipe : leave_pipe, .ctx = s,
	};
	return true;
}

static bool copy(const struct blob *b, int to, uint8_t *buf,
		 struct crit_error *err)
{
	uint64_t at = 0;
	size_t k;

	while ((k = blob_read(b, at, buf, IN_SIZE, err)) > 0) {
		if (!pwrite_all(to, buf, k, at))
			return error_sys(err, errno, "cannot write a temporary "
					 "file");
		at += k;
	}
	return !error_is(err);
}

bool blob_spool(struct blob *b, struct crit_error *err)
{
	uint8_t *buf = alloc(IN_SIZE);
	struct blob file = BLOB_NONE;
	int fd = buf ? temp_file(err) : -1;
	bool ok = fd >= 0 && copy(b, fd, buf, err) &&
		  blob_open_fd(&file, fd, err);

	if (!buf)
		error_set(err, CRIT_ENOMEM, "out of memory");
	alloc_free(buf);
	if (ok) {
		file.meter = b->meter;
		blob_close(b);
		*b = file;
	} else if (fd >= 0) {
		close(fd);
	}
	return ok;
}

// SPDX-License-Identifier: MIT
/*
 *   blob ─┬─ data ─► copy_file_range | sendfile | read, write ─┬─► descriptor
 *         └─ hole ─► nothing (a file) | zeros ─────────────────┘
 */
#include "base/blob_copy.h"
#include "base/alloc.h"
#include "base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KERNEL_MAX = 1 << 30, TOLD_MAX = 8 << 20 };	/* bytes of one call */

/* A regular file that ends at its offset: skipped ranges read as zeros. */
static bool is_sparse(int fd, uint64_t *pos)
{
	int flags = fcntl(fd, F_GETFL);
	off_t at = lseek(fd, 0, SEEK_CUR);
	struct stat st;

	if (flags < 0 || flags & O_APPEND || at < 0 || fstat(fd, &st) ||
	    !S_ISREG(st.st_mode) || st.st_size > at)
		return false;
	*pos = (uint64_t)at;
	return true;
}

bool blob_copy_open(struct blob_copy *c, int fd, const char *name,
		    struct crit_error *err)
{
	memset(c, 0, sizeof(*c));
	c->fd = fd;
	c->name = name;
	c->err = err;
	c->sparse = is_sparse(fd, &c->pos);
	fcntl(fd, F_SETPIPE_SZ, 1 << 20);	/* fewer turns; if it may */
	c->buf = alloc(BLOB_COPY_BUFFER);
	return c->buf || error_set(err, CRIT_ENOMEM, "out of memory");
}

void blob_copy_close(struct blob_copy *c)
{
	alloc_free(c->buf);
	c->buf = NULL;
}

static bool failed(struct blob_copy *c, const char *what)
{
	int sys = errno;

	if (error_is(c->err))
		return false;
	snprintf(c->err->image, sizeof(c->err->image), "%s", c->name);
	return error_sys(c->err, sys, what);
}

static bool write_out(struct blob_copy *c, const void *p, size_t n)
{
	if (c->write)
		return c->write(c->arg, p, n);
	return c->sparse ? pwrite_all(c->fd, p, n, c->pos) :
		write_all(c->fd, p, n);
}

static bool put(struct blob_copy *c, const void *p, size_t n)
{
	if (!write_out(c, p, n))
		return failed(c, "cannot write");
	c->pos += n;
	return true;
}

bool blob_copy_put(struct blob_copy *c, const void *p, size_t n)
{
	return blob_copy_flush(c) && put(c, p, n);
}

static bool put_zeros(struct blob_copy *c, uint64_t n)
{
	if (c->sparse) {
		if (n > INT64_MAX - c->pos) {
			errno = EFBIG;
			return failed(c, "cannot write");
		}
		c->pos += n;
		return true;
	}
	memset(c->buf, 0, n < BLOB_COPY_BUFFER ? (size_t)n : BLOB_COPY_BUFFER);
	while (n) {
		size_t k = n < BLOB_COPY_BUFFER ? (size_t)n : BLOB_COPY_BUFFER;

		if (!put(c, c->buf, k))
			return false;
		n -= k;
	}
	return true;
}

bool blob_copy_zeros(struct blob_copy *c, uint64_t n)
{
	return blob_copy_flush(c) && put_zeros(c, n);
}

static bool cannot(int sys)
{
	return sys == EINVAL || sys == ENOSYS || sys == EXDEV || sys == EBADF ||
	       sys == EOPNOTSUPP || sys == EPERM || sys == ETXTBSY;
}

/* One turn of one way to copy n bytes: how many, 0 and the way is closed, or
 * -1 and *err. */
static ssize_t by_kernel(struct blob_copy *c, const struct blob *b, uint64_t at,
			 size_t n)
{
	off_t from = (off_t)(b->start + at), to = (off_t)c->pos;
	bool *closed = c->sparse ? &c->no_range : &c->no_send;
	ssize_t r;

	if (*closed || c->write || b->fd < 0)
		return 0;
	if (c->sparse)
		r = copy_file_range(b->fd, &from, c->fd, &to, n, 0);
	else
		r = sendfile(c->fd, b->fd, &from, n);
	if (r < 0 && errno == EINTR)
		return by_kernel(c, b, at, n);
	if (r < 0 && !cannot(errno)) {
		failed(c, "cannot write");
		return -1;
	}
	*closed = r <= 0;
	return r < 0 ? 0 : r;
}

static ssize_t by_hand(struct blob_copy *c, const struct blob *b,
		       const char *name, uint64_t at, size_t n)
{
	size_t r = blob_read(b, at, c->buf,
			     n < BLOB_COPY_BUFFER ? n : BLOB_COPY_BUFFER, c->err);

	if (r)
		return put(c, c->buf, r) ? (ssize_t)r : -1;
	if (!error_is(c->err))
		error_set(c->err, CRIT_EDATA, "cannot read: the file ends");
	if (!c->err->image[0])
		snprintf(c->err->image, sizeof(c->err->image), "%s", name);
	return -1;
}

static bool copy_data(struct blob_copy *c, const struct blob *b,
		      const char *name, uint64_t at, uint64_t n)
{
	while (n) {
		size_t most = c->moved ? TOLD_MAX : KERNEL_MAX;
		size_t k = n < most ? (size_t)n : most;
		ssize_t r = by_kernel(c, b, at, k);

		if (r > 0)
			c->pos += (size_t)r;
		else if (!r)
			r = by_hand(c, b, name, at, k);
		if (r < 0)
			return false;
		if (c->moved)
			c->moved(c->moved_arg, (uint64_t)r);
		at += (size_t)r;
		n -= (size_t)r;
	}
	return true;
}

bool blob_copy_flush(struct blob_copy *c)
{
	const struct blob *b = c->from;
	uint64_t at = c->from_at, n = c->from_n;

	c->from_n = 0;
	while (n) {
		uint64_t hole = 0, data = n;

		if (c->sparse)
			blob_next_known(&c->known, b, at, n, &hole, &data);
		if (hole && !put_zeros(c, hole))
			return false;
		if (!copy_data(c, b, c->from_name, at + hole, data))
			return false;
		at += hole + data;
		n -= hole + data;
	}
	return true;
}

bool blob_copy_range(struct blob_copy *c, const struct blob *b,
		     const char *name, uint64_t at, uint64_t n)
{
	if (c->from_n && c->from == b && c->from_at + c->from_n == at) {
		c->from_n += n;
		return true;
	}
	if (!blob_copy_flush(c))
		return false;
	c->from = b;
	c->from_name = name;
	c->from_at = at;
	c->from_n = n;
	return true;
}

bool blob_copy_finish(struct blob_copy *c)
{
	if (!blob_copy_flush(c))
		return false;
	if (!c->sparse)
		return true;
	if (ftruncate(c->fd, (off_t)c->pos) ||
	    lseek(c->fd, (off_t)c->pos, SEEK_SET) < 0)
		return failed(c, "cannot set its size");
	return true;
}

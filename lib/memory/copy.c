// SPDX-License-Identifier: MIT
#include "memory/copy.h"
#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KERNEL_MAX = 1 << 30 };		/* bytes that one call copies */

/* A regular file whose end is here: what is passed over reads as zeros. */
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

bool memory_copy_open(struct memory_copy *c, int fd, const char *name,
		      enum holes holes, struct crit_error *err)
{
	memset(c, 0, sizeof(*c));
	c->fd = fd;
	c->name = name;
	c->holes = holes;
	c->err = err;
	c->sparse = is_sparse(fd, &c->pos);
	fcntl(fd, F_SETPIPE_SZ, 1 << 20);	/* fewer turns; if it may */
	c->buf = alloc(COPY_BUFFER);
	return c->buf || error_set(err, CRIT_ENOMEM, "out of memory");
}

void memory_copy_close(struct memory_copy *c)
{
	alloc_free(c->buf);
	c->buf = NULL;
}

static bool failed(struct memory_copy *c, const char *name, const char *what)
{
	int sys = errno;

	if (error_is(c->err))
		return false;
	snprintf(c->err->image, sizeof(c->err->image), "%s", name);
	return error_sys(c->err, sys, what);
}

static bool put(struct memory_copy *c, const void *p, size_t n)
{
	if (c->sparse ? !pwrite_all(c->fd, p, n, c->pos) :
	    !write_all(c->fd, p, n))
		return failed(c, c->name, "cannot write");
	c->pos += n;
	return true;
}

static bool put_zeros(struct memory_copy *c, uint64_t n)
{
	if (c->sparse) {
		if (n > INT64_MAX - c->pos) {
			errno = EFBIG;
			return failed(c, c->name, "cannot write");
		}
		c->pos += n;
		return true;
	}
	memset(c->buf, 0, n < COPY_BUFFER ? (size_t)n : COPY_BUFFER);
	while (n) {
		size_t k = n < COPY_BUFFER ? (size_t)n : COPY_BUFFER;

		if (!put(c, c->buf, k))
			return false;
		n -= k;
	}
	return true;
}

static bool cannot(int sys)
{
	return sys == EINVAL || sys == ENOSYS || sys == EXDEV || sys == EBADF ||
	       sys == EOPNOTSUPP || sys == EPERM || sys == ETXTBSY;
}

/* One turn of one way to copy n bytes: how many, 0 and the way is closed, or
 * -1 and *err. */
static ssize_t by_kernel(struct memory_copy *c, size_t n)
{
	off_t from = (off_t)(c->from->start + c->from_at), to = (off_t)c->pos;
	bool *closed = c->sparse ? &c->no_range : &c->no_send;
	ssize_t r;

	if (*closed || c->from->fd < 0)
		return 0;
	if (c->sparse)
		r = copy_file_range(c->from->fd, &from, c->fd, &to, n, 0);
	else
		r = sendfile(c->fd, c->from->fd, &from, n);
	if (r < 0 && errno == EINTR)
		return by_kernel(c, n);
	if (r < 0 && !cannot(errno)) {
		failed(c, c->name, "cannot write");
		return -1;
	}
	*closed = r <= 0;
	return r < 0 ? 0 : r;
}

static ssize_t by_hand(struct memory_copy *c, size_t n)
{
	size_t r;

	if (n > COPY_BUFFER)
		n = COPY_BUFFER;
	r = blob_read(c->from, c->from_at, c->buf, n, c->err);
	if (!r) {
		if (!error_is(c->err))
			error_sys(c->err, EIO, "cannot read");
		if (!c->err->image[0])
			snprintf(c->err->image, sizeof(c->err->image), "%s",
				 c->from_name);
		return -1;
	}
	return put(c, c->buf, r) ? (ssize_t)r : -1;
}

static bool copy_data(struct memory_copy *c, uint64_t n)
{
	while (n) {
		size_t k = n < KERNEL_MAX ? (size_t)n : KERNEL_MAX;
		ssize_t r = by_kernel(c, k);

		if (r > 0)
			c->pos += (size_t)r;
		else if (!r)
			r = by_hand(c, k);
		if (r < 0)
			return false;
		c->from_at += (size_t)r;
		c->from_n -= (size_t)r;
		n -= (size_t)r;
	}
	return true;
}

/* Where the next data of the file is, and how far they go; holes of it stay
 * holes where the output can have any. */
static void find_data(struct memory_copy *c, uint64_t *hole, uint64_t *data)
{
	uint64_t from = c->from->start + c->from_at, end = from + c->from_n;
	off_t at, to;

	*hole = 0;
	*data = c->from_n;
	if (!c->sparse || c->from->fd < 0)
		return;
	at = lseek(c->from->fd, (off_t)from, SEEK_DATA);
	if (at < 0 && errno != ENXIO)
		return;
	if (at < 0 || (uint64_t)at >= end) {
		*hole = c->from_n;
		*data = 0;
		return;
	}
	*hole = (uint64_t)at - from;
	*data = end - (uint64_t)at;
	to = lseek(c->from->fd, at, SEEK_HOLE);
	if (to > at && (uint64_t)to < end)
		*data = (uint64_t)(to - at);
}

static bool copy_pending(struct memory_copy *c)
{
	while (c->from_n) {
		uint64_t hole, data;

		find_data(c, &hole, &data);
		if (hole && !put_zeros(c, hole))
			return false;
		c->from_at += hole;
		c->from_n -= hole;
		if (!copy_data(c, data))
			return false;
	}
	return true;
}

/* Bytes of a file that follow those before are copied with them. */
static bool put_raw(struct memory_copy *c, const struct run *run)
{
	uint64_t n = run->end - run->start;

	if (c->from_n && c->from == run->blob && c->from_at + c->from_n == run->at) {
		c->from_n += n;
		return true;
	}
	if (!copy_pending(c))
		return false;
	c->from = run->blob;
	c->from_name = run->file;
	c->from_at = run->at;
	c->from_n = n;
	/* the next segment may close the file of this one */
	return !run->shared || copy_pending(c);
}

static bool put_unpacked(struct memory_copy *c, struct memory *m,
			 const struct run *run)
{
	for (uint64_t addr = run->start; addr < run->end; ) {
		size_t k = memory_read(m, run, addr, c->buf, COPY_BUFFER);

		if (!k || !put(c, c->buf, k))
			return false;
		addr += k;
	}
	return true;
}

static bool put_hole(struct memory_copy *c, const struct run *run)
{
	uint64_t n = run->end - run->start;

	if (run->kind == RUN_LAZY)
		c->lazy += n;
	if (c->holes == HOLES_SKIP)
		return true;
	if (c->holes == HOLES_ZERO)
		return put_zeros(c, n);
	return error_set(c->err, CRIT_EDATA, "no image has the bytes of 0x%" PRIx64
			 "-0x%" PRIx64, run->start, run->end);
}

static bool put_run(struct memory_copy *c, struct memory *m,
		    const struct run *run)
{
	if (run->kind == RUN_RAW)
		return put_raw(c, run);
	if (!copy_pending(c))
		return false;
	if (run->kind == RUN_PACKED)
		return put_unpacked(c, m, run);
	if (run->kind == RUN_ZERO)
		return put_zeros(c, run->end - run->start);
	return put_hole(c, run);
}

bool memory_copy_range(struct memory_copy *c, struct memory *m, uint64_t start,
		       uint64_t end)
{
	struct run run;

	for (uint64_t addr = start; addr < end; addr = run.end) {
		if (!memory_run(m, addr, &run))
			return false;
		if (run.end > end)
			run.end = end;
		if (!put_run(c, m, &run))
			return false;
	}
	return copy_pending(c);
}

bool memory_copy_finish(struct memory_copy *c)
{
	if (!copy_pending(c))
		return false;
	if (!c->sparse)
		return true;
	if (ftruncate(c->fd, (off_t)c->pos) ||
	    lseek(c->fd, (off_t)c->pos, SEEK_SET) < 0)
		return failed(c, c->name, "cannot set its size");
	return true;
}

// SPDX-License-Identifier: MIT
/*
 *   pipe ─► splice | read, write ─► file of a target
 */
#include "copy/target.h"
#include "base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MOST = 1 << 20 };		/* of one turn: what one marker announces */

static int fail(struct target_file *f, const char *what)
{
	int sys = errno;

	if (!error_is(f->out.err))
		snprintf(f->out.err->image, sizeof(f->out.err->image), "%.250s",
			 *f->shown ? f->shown : f->m.path);
	error_sys(f->out.err, sys, what);
	return -1;
}

/* Waits for the first byte: how many there are; 0 at the end. */
static ssize_t available(int pipe, uint8_t *first)
{
	int n = 0;
	ssize_t r;

	if (!ioctl(pipe, FIONREAD, &n) && n > 0)
		return n < MOST ? n : MOST;
	r = read_some(pipe, first, 1);
	return r <= 0 ? r : -2;		/* one byte is taken */
}

static ssize_t move(struct target_file *f, int pipe, size_t n)
{
	loff_t at = (loff_t)f->out.pos;
	ssize_t r;

	if (!f->out.no_send) {
		r = splice(pipe, NULL, f->out.fd, f->out.sparse ? &at : NULL, n,
			   SPLICE_F_MOVE);
		if (r >= 0 || (errno != EINVAL && errno != EINTR))
			return r;
		f->out.no_send = errno == EINVAL;
	}
	r = read_some(pipe, f->out.buf, n < BLOB_COPY_BUFFER ? n :
		      BLOB_COPY_BUFFER);
	if (r > 0 && !(f->out.sparse ?
		       pwrite_all(f->out.fd, f->out.buf, (size_t)r, f->out.pos) :
		       write_all(f->out.fd, f->out.buf, (size_t)r)))
		return -1;
	return r;
}

static bool move_all(struct target_file *f, int pipe, size_t n)
{
	while (n) {
		ssize_t r = move(f, pipe, n);

		if (r < 0)
			fail(f, "cannot copy");
		if (!r)
			error_set(f->out.err, CRIT_EDATA, "%.200s: the "
				"pipe of this image ended early", f->m.path);
		if (r <= 0)
			return false;
		if (f->out.moved)
			f->out.moved(f->out.moved_arg, (uint64_t)r);
		f->out.pos += (size_t)r;
		f->size += (size_t)r;
		n -= (size_t)r;
	}
	return true;
}

int target_pipe(struct target_file *f, int pipe)
{
	const struct target_ops *ops = f->to->ops;
	uint8_t first;
	ssize_t n = available(pipe, &first);

	if (n == -1)
		return fail(f, "cannot read");
	if (!n)
		return 0;
	if (ops->chunk && !ops->chunk(f->to, f, n == -2 ? 1 : (size_t)n))
		return -1;
	if (n != -2)
		return move_all(f, pipe, (size_t)n) ? 1 : -1;
	f->size++;
	return blob_copy_put(&f->out, &first, 1) ? 1 : -1;
}

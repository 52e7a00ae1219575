// SPDX-License-Identifier: MIT
/*
 *   descriptor, memory, blob ─► window ─► in_peek, in_some, in_skip
 */
#include "base/in.h"
#include "base/alloc.h"
#include "base/file_io.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool in_open(struct in *in, int fd, struct crit_error *err)
{
	struct stat st;

	memset(in, 0, sizeof(*in));
	in->fd = fd;
	in->err = err;
	in->size = UINT64_MAX;
	in->cap = IN_SIZE;
	in->buf = alloc(IN_SIZE + WIRE_SLOP);
	if (!in->buf)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	memset(in->buf, 0, WIRE_SLOP);
	if (!fstat(fd, &st) && S_ISREG(st.st_mode)) {
		off_t at = lseek(fd, 0, SEEK_CUR);

		in->regular = at >= 0;
		if (at >= 0 && at <= st.st_size)
			in->size = (uint64_t)(st.st_size - at);
	}
	return true;
}

bool in_open_bytes(struct in *in, const void *p, size_t n,
		   struct crit_error *err)
{
	if (!in_open(in, IN_BYTES, err))
		return false;
	in->more = p;
	in->n_more = n;
	in->size = n;
	return true;
}

bool in_open_blob(struct in *in, const struct blob *b, struct crit_error *err)
{
	if (!in_open(in, IN_BLOB, err))
		return false;
	in->blob = b;
	in->size = b->size;
	in->regular = b->size != BLOB_UNKNOWN;
	return true;
}

void in_memory(struct in *in, const void *p, size_t n, struct crit_error *err)
{
	memset(in, 0, sizeof(*in));
	in->fd = -1;
	in->eof = true;
	in->buf = (uint8_t *)p;
	in->end = in->cap = n;
	in->size = n;
	in->err = err;
}

void in_close(struct in *in)
{
	if (in->fd != -1)
		alloc_free(in->buf);
	in->buf = NULL;
}

/* Moves what is left to the front where there is no room behind it. */
static void compact(struct in *in)
{
	memmove(in->buf, in->buf + in->pos, in_avail(in));
	in->base += in->pos;
	in->end -= in->pos;
	in->pos = 0;
	/* whoever peeks at the end of the stream finds zeros */
	memset(in->buf + in->end, 0, WIRE_SLOP);
}

static ssize_t copy_some(struct in *in, void *p, size_t n)
{
	if (n > in->n_more)
		n = in->n_more;
	if (n)
		memcpy(p, in->more, n);
	in->more += n;
	in->n_more -= n;
	return (ssize_t)n;
}

/* -1: *err says why */
static ssize_t blob_some(struct in *in, void *p, size_t n)
{
	size_t k = blob_read(in->blob, in->base + in->end, p, n, in->err);

	return error_is(in->err) ? -1 : (ssize_t)k;
}

static ssize_t in_some_bytes(struct in *in, void *p, size_t n)
{
	ssize_t r;

	if (in->fd == IN_BYTES)
		return copy_some(in, p, n);
	if (in->fd == IN_BLOB)
		return blob_some(in, p, n);
	r = read_some(in->fd, p, n);
	if (r < 0)
		error_sys(in->err, errno, "cannot read");
	return r;
}

static bool read_more(struct in *in)
{
	uint8_t *p = in->buf + in->end;
	size_t n = in->cap - in->end;
	ssize_t r;

	/* a file that had so many bytes: no read to hear of its end */
	if (in->regular && in->base + in->end == in->size && in->size)
		in->eof = true;
	if (in->eof)
		return false;
	if (in->drain && !in->regular)
		in->drain(in->drain_arg);
	r = in_some_bytes(in, p, n);
	if (r <= 0) {
		in->eof = true;
		return false;
	}
	in->end += (size_t)r;
	memset(in->buf + in->end, 0, WIRE_SLOP);
	return true;
}

bool in_fill(struct in *in, size_t n)
{
	if (in->fd == -1)
		return false;
	if (in->pos == in->end || in->cap - in->pos < n)
		compact(in);
	while (in_avail(in) < n)
		if (!read_more(in))
			return false;
	return true;
}

/* Bytes of the source behind the window: seen from its end, `from`. */
static size_t behind(struct in *in, uint64_t from, void *p, size_t n)
{
	struct crit_error err;
	off_t end;

	error_clear(&err);
	if (in->fd == IN_BLOB)
		return blob_read(in->blob, in->base + in->end + from, p, n, &err);
	if (in->fd == IN_BYTES) {
		if (from >= in->n_more)
			return 0;
		n = n < in->n_more - from ? n : (size_t)(in->n_more - from);
		memcpy(p, in->more + from, n);
		return n;
	}
	end = in->regular ? lseek(in->fd, 0, SEEK_CUR) : -1;
	return end >= 0 && pread_all(in->fd, p, n, (uint64_t)end + from) ? n : 0;
}

size_t in_ahead(struct in *in, uint64_t at, void *p, size_t n)
{
	uint64_t end = in->base + in->end;
	size_t k = 0;

	if (at < end) {
		k = n < end - at ? n : (size_t)(end - at);
		memcpy(p, in->buf + (at - in->base), k);
	}
	return n == k ? k : k + behind(in, at + k - end, (char *)p + k, n - k);
}

size_t in_some(struct in *in, uint64_t n, const uint8_t **p)
{
	size_t k;

	if (in->pos == in->end && !in_fill(in, 1))
		return 0;
	k = in_avail(in);
	if (k > n)
		k = (size_t)n;
	*p = in->buf + in->pos;
	in->pos += k;
	return k;
}

/* Past what is buffered, in a file that has so many bytes. */
static bool seek_over(struct in *in, uint64_t n)
{
	if (!in->regular || in->size == UINT64_MAX ||
	    in_offset(in) + n > in->size || n > INT64_MAX ||
	    (in->fd != IN_BLOB && lseek(in->fd, (off_t)n, SEEK_CUR) < 0))
		return false;
	in->base += in->end + n;
	in->pos = in->end = 0;
	memset(in->buf, 0, WIRE_SLOP);
	return true;
}

bool in_skip(struct in *in, uint64_t n)
{
	const uint8_t *p;

	while (n) {
		size_t k = in_avail(in);

		if (!k && n > in->cap && seek_over(in, n))
			return true;
		k = in_some(in, n, &p);
		if (!k)
			return false;
		n -= k;
	}
	return true;
}

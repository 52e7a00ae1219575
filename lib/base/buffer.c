// SPDX-License-Identifier: MIT
#include "base/buffer.h"
#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

ssize_t read_some(int fd, void *p, size_t n)
{
	ssize_t r;

	do
		r = read(fd, p, n);
	while (r < 0 && errno == EINTR);
	return r;
}

bool pread_all(int fd, void *p, size_t n, uint64_t at)
{
	while (n) {
		ssize_t r = pread(fd, p, n, (off_t)at);

		if (!r)
			errno = EIO;
		if (!r || (r < 0 && errno != EINTR))
			return false;
		if (r > 0) {
			p = (char *)p + r;
			n -= (size_t)r;
			at += (size_t)r;
		}
	}
	return true;
}

bool write_all(int fd, const void *p, size_t n)
{
	while (n) {
		ssize_t r = write(fd, p, n);

		if (r < 0 && errno != EINTR)
			return false;
		if (r > 0) {
			p = (const char *)p + r;
			n -= (size_t)r;
		}
	}
	return true;
}

bool pwrite_all(int fd, const void *p, size_t n, uint64_t at)
{
	while (n) {
		ssize_t r = pwrite(fd, p, n, (off_t)at);

		if (r < 0 && errno != EINTR)
			return false;
		if (r > 0) {
			p = (const char *)p + r;
			n -= (size_t)r;
			at += (size_t)r;
		}
	}
	return true;
}

enum { PIPE_WIDE = 1 << 20 };

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

bool out_open(struct out *out, int fd, const char *name, struct crit_error *err)
{
	memset(out, 0, sizeof(*out));
	out->fd = fd;
	out->cap = OUT_SIZE;
	out->name = name;
	out->err = err;
	out->buf = alloc(OUT_SIZE);
	if (!out->buf)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	return true;
}

void out_close(struct out *out)
{
	alloc_free(out->buf);
	out->buf = NULL;
}

/* More output than a buffer: a wider pipe saves switches between writer and
 * reader. Only a wish. */
static void widen(struct out *out)
{
	out->widened = true;
	fcntl(out->fd, F_SETPIPE_SZ, PIPE_WIDE);
}

static bool send_out(struct out *out)
{
	return out->write ? out->write(out->arg, out->buf, out->pos) :
		write_all(out->fd, out->buf, out->pos);
}

bool out_flush(struct out *out)
{
	if (out->pos > out->cap / 2 && !out->widened && !out->write)
		widen(out);
	if (!out->failed && out->pos && !send_out(out)) {
		int sys = errno;

		out->failed = true;

		error_clear(out->err);
		snprintf(out->err->image, sizeof(out->err->image), "%s",
			 out->name);
		error_sys(out->err, sys, "cannot write");
	}
	out->base += out->pos;
	out->pos = 0;
	return !out->failed;
}

void out_drain(void *out)
{
	out_flush(out);
}

bool out_put(struct out *out, const void *p, size_t n)
{
	const uint8_t *b = p;

	while (n) {
		size_t k = out->cap - out->pos;

		if (k > n)
			k = n;
		memcpy(out->buf + out->pos, b, k);
		out->pos += k;
		b += k;
		n -= k;
		if (out->pos == out->cap && !out_flush(out))
			return false;
	}
	return true;
}

int file_again(int fd)
{
	char path[32];
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_RDWR | O_CLOEXEC);
}

int temp_file(struct crit_error *err)
{
	const char *dirs[] = { getenv("TMPDIR"), "/var/tmp", "/tmp" };
	char path[4096];
	int sys = 0;

	for (size_t i = 0; i < 3; i++) {
		int fd;

		if (!dirs[i] || !*dirs[i])
			continue;
		fd = open(dirs[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
		if (fd < 0) {
			snprintf(path, sizeof(path), "%s/crit.XXXXXX", dirs[i]);
			fd = mkostemp(path, O_CLOEXEC);
			if (fd >= 0)
				unlink(path);
		}
		if (fd >= 0)
			return fd;
		sys = errno;
	}
	error_sys(err, sys, "cannot make a temporary file");
	return -1;
}

void spool_init(struct spool *s, struct crit_error *err)
{
	memset(s, 0, sizeof(*s));
	s->fd = -1;
	s->err = err;
}

void spool_reset(struct spool *s)
{
	s->sent = 0;
	s->pos = 0;
}

void spool_cut(struct spool *s, uint64_t size)
{
	if (size < s->sent) {
		s->sent = size;
		s->pos = 0;
	} else {
		s->pos = (size_t)(size - s->sent);
	}
}

void spool_free(struct spool *s)
{
	alloc_free(s->buf);
	if (s->fd >= 0)
		close(s->fd);
	s->buf = NULL;
	s->fd = -1;
	spool_reset(s);
}

static bool spool_send(struct spool *s)
{
	if (s->fd < 0)
		s->fd = temp_file(s->err);
	if (s->fd < 0)
		return false;
	if (!pwrite_all(s->fd, s->buf, s->pos, s->sent))
		return error_sys(s->err, errno, "cannot write a temporary file");
	s->sent += s->pos;
	s->pos = 0;
	return true;
}

bool spool_put(struct spool *s, const void *p, size_t n)
{
	const uint8_t *b = p;

	if (!s->buf) {
		s->buf = alloc(SPOOL_MEMORY);
		if (!s->buf)
			return error_set(s->err, CRIT_ENOMEM, "out of memory");
	}
	while (n) {
		size_t k = SPOOL_MEMORY - s->pos;

		if (!k) {
			if (!spool_send(s))
				return false;
			continue;
		}
		if (k > n)
			k = n;
		memcpy(s->buf + s->pos, b, k);
		s->pos += k;
		b += k;
		n -= k;
	}
	return true;
}

/* What is still in memory. */
static size_t spool_recent(const struct spool *s, uint64_t at, void *p, size_t n)
{
	size_t from = (size_t)(at - s->sent), left = s->pos - from;

	if (from >= s->pos)
		return 0;
	if (n > left)
		n = left;
	memcpy(p, s->buf + from, n);
	return n;
}

static size_t spool_some(struct spool *s, uint64_t at, void *p, size_t n)
{
	ssize_t r;

	if (at >= s->sent)
		return spool_recent(s, at, p, n);
	if (n > s->sent - at)
		n = (size_t)(s->sent - at);
	do
		r = pread(s->fd, p, n, (off_t)at);
	while (r < 0 && errno == EINTR);
	if (r <= 0) {
		error_sys(s->err, r < 0 ? errno : EIO,
			  "cannot read a temporary file");
		return 0;
	}
	return (size_t)r;
}

size_t spool_read(struct spool *s, uint64_t at, void *p, size_t n)
{
	size_t done = 0, k;

	while (done < n && (k = spool_some(s, at + done, (char *)p + done,
					   n - done)))
		done += k;
	return done < n && at + done < spool_size(s) ? 0 : done;
}

// SPDX-License-Identifier: MIT
/*
 *   spool_put ─► memory ─► (when it is full) unlinked file ─► spool_read
 */
#include "base/spool.h"
#include "base/alloc.h"
#include "base/file_io.h"
#include "base/temp.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

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

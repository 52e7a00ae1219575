// SPDX-License-Identifier: MIT
/*
 *   offset, size ─► pread | memcpy | a store's own way ─► bytes
 */
#include "base/blob.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_fd(struct blob *b)
{
	close(b->fd);
}

bool blob_open_fd(struct blob *b, int fd, struct crit_error *err)
{
	struct stat st;

	*b = (struct blob){ .fd = fd, .close = close_fd };
	if (fstat(fd, &st))
		return error_sys(err, errno, "cannot read its size");
	b->size = (uint64_t)st.st_size;
	return true;
}

static size_t read_fd(const struct blob *b, uint64_t at, uint8_t *p, size_t n,
		      struct crit_error *err)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = pread(b->fd, p + got, n - got,
				  (off_t)(b->start + at + got));

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			error_sys(err, errno, "cannot read");
		if (r <= 0)
			return r ? 0 : got;
		got += (size_t)r;
	}
	return got;
}

static void count(struct blob_meter *m, size_t n)
{
	m->done += n;
	if (m->done - m->told < BLOB_METER_STEP)
		return;
	m->told = m->done;
	m->tell(m);
}

static size_t read_any(const struct blob *b, uint64_t at, void *p, size_t n,
		       struct crit_error *err)
{
	if (b->read)
		return b->read(b, at, p, n, err);
	if (!b->bytes)
		return read_fd(b, at, p, n, err);
	memcpy(p, b->bytes + at, n);
	return n;
}

size_t blob_read(const struct blob *b, uint64_t at, void *p, size_t n,
		 struct crit_error *err)
{
	if (b->size != BLOB_UNKNOWN && !b->grows) {
		if (at >= b->size)
			return 0;
		if (n > b->size - at)
			n = (size_t)(b->size - at);
	}
	n = read_any(b, at, p, n, err);
	if (b->meter)
		count(b->meter, n);
	return n;
}

/* What is after the end of a file is no hole: reading tells. */
static uint64_t hole_at_end(int fd, uint64_t from, uint64_t n)
{
	struct stat st;
	uint64_t end = fstat(fd, &st) ? 0 : (uint64_t)st.st_size;
	uint64_t left = end > from ? end - from : 0;

	return left < n ? left : n;
}

void blob_next_data(const struct blob *b, uint64_t at, uint64_t n,
		    uint64_t *hole, uint64_t *data)
{
	uint64_t from = b->start + at, end = from + n;
	off_t start, to;

	*hole = 0;
	*data = n;
	if (b->next)
		b->next(b, at, n, hole, data);
	if (b->fd < 0)
		return;
	start = lseek(b->fd, (off_t)from, SEEK_DATA);
	if (start < 0 && errno != ENXIO)
		return;
	if (start < 0 || (uint64_t)start >= end) {
		*hole = start < 0 ? hole_at_end(b->fd, from, n) : n;
		*data = n - *hole;
		return;
	}
	*hole = (uint64_t)start - from;
	*data = end - (uint64_t)start;
	to = lseek(b->fd, start, SEEK_HOLE);
	if (to > start && (uint64_t)to < end)
		*data = (uint64_t)(to - start);
}

/* A stale answer (another blob at this address) costs a hole, no byte: what it
 * says is data. */
void blob_next_known(struct blob_known *k, const struct blob *b, uint64_t at,
		     uint64_t n, uint64_t *hole, uint64_t *data)
{
	*hole = 0;
	if (k->of != b || at < k->from || at >= k->to) {
		blob_next_data(b, at, b->size - at, hole, data);
		k->of = b;
		k->from = at + *hole;
		k->to = k->from + *data;
	}
	*hole = *hole < n ? *hole : n;
	*data = k->to - (at + *hole);
	*data = *data < n - *hole ? *data : n - *hole;
}

void blob_close(struct blob *b)
{
	if (b->close)
		b->close(b);
	*b = BLOB_NONE;
}

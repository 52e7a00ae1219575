// SPDX-License-Identifier: MIT
/*
 *   file ─► name marker, data markers with bytes, end marker ─► shards in turn
 */
#include "copy/to_stream.h"
#include "base/buffer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { SEQ = 1, FILENAME = 2, FILE_DATA = 3, FILE_EOF = 4, IMAGE_EOF = 5 };

static uint8_t *put_number(uint8_t *p, unsigned field, uint64_t v)
{
	*p++ = (uint8_t)(field << 3 | WIRE_VARINT);
	return wire_put_varint(p, v);
}

static const char *name_of(const struct to_stream *s, size_t shard)
{
	return s->names ? s->names[shard] : "stream";
}

/* A marker in turn; its shard, or -1 and *err. */
static int put_marker(struct to_stream *s, unsigned field, const char *name,
		      uint64_t v)
{
	uint8_t buf[4 + 300], *p = buf + 4;
	size_t shard = s->turn, n = name ? strlen(name) : 0;

	s->turn = (s->turn + 1) % s->n;
	if (s->seq)
		p = put_number(p, SEQ, s->seq);
	s->seq++;
	if (name) {
		*p++ = FILENAME << 3 | WIRE_LEN;
		p = wire_put_varint(p, n);
		memcpy(p, name, n);
		p += n;
	} else {
		p = put_number(p, field, v);
	}
	wire_put32(buf, (uint32_t)(p - buf - 4));
	s->sent[shard] += (uint64_t)(p - buf);
	if (write_all(s->fds[shard], buf, (size_t)(p - buf)))
		return s->fds[shard];
	snprintf(s->target.err->image, sizeof(s->target.err->image), "%.250s",
		 name_of(s, shard));
	error_sys(s->target.err, errno, "cannot write");
	return -1;
}

/* Markers are about this file from now on. */
static bool select_file(struct to_stream *s, const char *name)
{
	if (!strcmp(s->current, name))
		return true;
	snprintf(s->current, sizeof(s->current), "%s", name);
	return put_marker(s, FILENAME, name, 0) >= 0;
}

int to_stream_chunk(struct to_stream *s, const struct target_file *f, size_t n)
{
	size_t shard;
	int fd;

	if (!select_file(s, f->m.path))
		return -1;
	shard = s->turn;
	s->out.name = name_of(s, shard);
	fd = put_marker(s, FILE_DATA, NULL, n);
	s->sent[shard] += n;
	return fd;
}

static bool name_ok(struct to_stream *s, const char *path)
{
	size_t n = strlen(path);

	if (n && n <= 255 && !memchr(path, '/', n))
		return true;
	return error_set(s->target.err, CRIT_EDATA, "%.100s: a stream holds "
			 "files without directories, of names up to 255 bytes",
			 path);
}

/* No bytes of others, and no file of this name twice in a row. */
static bool begin_file(struct to_stream *s, const char *path)
{
	return name_ok(s, path) && select_file(s, path);
}

static bool end_file(struct to_stream *s, const char *path)
{
	bool ok = select_file(s, path) &&
		  put_marker(s, FILE_EOF, NULL, 1) >= 0;

	s->current[0] = 0;
	return ok;
}

static bool put_blob(struct to_stream *s, const struct target_file *f,
		     const struct blob *b)
{
	for (uint64_t at = 0, n; at < b->size; at += n) {
		n = b->size - at < STREAM_CHUNK ? b->size - at : STREAM_CHUNK;
		target_tells(&s->target, &s->out);
		s->out.fd = to_stream_chunk(s, f, (size_t)n);
		if (s->out.fd < 0 ||
		    !blob_copy_range(&s->out, b, member_place(&f->m), at, n) ||
		    !blob_copy_flush(&s->out))
			return false;
	}
	return true;
}

static bool blob(struct target *t, const struct member *m, const struct blob *b)
{
	struct to_stream *s = (struct to_stream *)t;
	struct target_file f = { .m = *m };

	return begin_file(s, m->path) && put_blob(s, &f, b) &&
	       end_file(s, m->path);
}

static bool member(struct target *t, const struct member *m)
{
	(void)t;
	(void)m;
	return true;	/* directories and links have no place */
}

/* Files that are made here are put aside; those that come by pipes (chunk)
 * go straight into the stream. */
static bool open_file(struct target *t, struct target_file *f)
{
	f->spool = temp_file(t->err);
	return f->spool >= 0 && name_ok((struct to_stream *)t, f->m.path) &&
	       blob_copy_open(&f->out, f->spool, "temporary file", t->err);
}

static bool chunk(struct target *t, struct target_file *f, size_t n)
{
	f->out.sparse = false;
	f->out.fd = to_stream_chunk((struct to_stream *)t, f, n);
	f->out.name = ((struct to_stream *)t)->out.name;
	return f->out.fd >= 0;
}

static bool close_file(struct target *t, struct target_file *f)
{
	struct to_stream *s = (struct to_stream *)t;
	struct blob b = { .fd = f->spool };

	if (f->out.fd != f->spool)
		return end_file(s, f->m.path);
	if (!blob_copy_finish(&f->out))
		return false;
	f->size = b.size = f->out.pos;
	return blob(t, &f->m, &b);
}

static bool finish(struct target *t)
{
	struct to_stream *s = (struct to_stream *)t;

	blob_copy_close(&s->out);
	return put_marker(s, IMAGE_EOF, NULL, 1) >= 0;
}

/* Readers miss the last marker. */
static void abort_all(struct target *t)
{
	blob_copy_close(&((struct to_stream *)t)->out);
}

static const struct target_ops ops = {
	.member = member, .blob = blob, .open = open_file, .close = close_file,
	.chunk = chunk, .finish = finish, .abort = abort_all,
};

bool to_stream_open(struct to_stream *s, const int *fds, size_t n,
		    struct crit_error *err)
{
	memset(s, 0, sizeof(*s));
	s->target.ops = &ops;
	s->target.err = err;
	s->fds = fds;
	s->n = n;
	if (!blob_copy_open(&s->out, fds[0], "stream", err))
		return false;
	s->out.sparse = false;
	return true;
}

// SPDX-License-Identifier: MIT
/*
 *   JSON that was put aside (spool) ─► read again
 */
#include "json/read_value.h"

#include <errno.h>
#include <unistd.h>

/* A spool in memory, with zeros after it, or its file from the start. */
static bool open_spool(struct json_source *s, struct spool *from,
		       struct in *in)
{
	if (from->fd < 0 && from->pos + WIRE_SLOP <= SPOOL_MEMORY) {
		static const uint8_t zeros[WIRE_SLOP];
		size_t n = from->pos;

		if (!spool_put(from, zeros, WIRE_SLOP))
			return false;
		from->pos = n;
		in_memory(in, from->buf, n, s->err);
		return true;
	}
	if (from->fd < 0)
		from->fd = temp_file(s->err);
	if (from->fd < 0)
		return false;
	if (!pwrite_all(from->fd, from->buf, from->pos, from->sent) ||
	    ftruncate(from->fd, (off_t)spool_size(from)) ||
	    lseek(from->fd, 0, SEEK_SET) < 0)
		return error_sys(s->err, errno, "cannot write a temporary file");
	return in_open(in, from->fd, s->err);
}

bool json_replay(struct json_source *s, struct spool *from, uint64_t line,
		 uint64_t column, struct json_replay *r)
{
	if (!open_spool(s, from, &r->in))
		return false;
	json_resume(&r->j, &r->in, line, column);
	r->outer = s->j;
	s->j = &r->j;
	return true;
}

bool json_replay_end(struct json_source *s, struct json_replay *r)
{
	if (!error_is(s->err) && !json_at_end(s->j))
		json_expected(s->j, "the end of it");
	in_close(&r->in);
	s->j = r->outer;
	return !error_is(s->err);
}

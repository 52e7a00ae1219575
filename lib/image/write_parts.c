// SPDX-License-Identifier: MIT
#include "image/write_parts.h"
#include "base/buffer.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static void write_out(struct image_sink *s, const void *p, size_t n)
{
	struct crit_error *err = s->sink.err;

	s->sent += n;
	if (!n || err->sys || (s->write ? s->write(s->arg, p, n) :
				write_all(s->fd, p, n)))
		return;
	if (s->name)	/* not the image: where it goes */
		snprintf(err->image, sizeof(err->image), "%s", s->name);
	error_sys(err, errno, "cannot write");
}

void image_flush(struct image_sink *s)
{
	size_t done = s->part ? s->from - 4 : s->pos;

	if (!done)
		return;
	write_out(s, s->buf, done);
	memmove(s->buf, s->buf + done, s->pos - done);
	s->from -= s->part ? done : s->from;
	s->pos -= done;
}

static bool spill_error(struct image_sink *s)
{
	return error_sys(s->sink.err, errno, "cannot write a temporary file");
}

/* The part up to this offset to the file. */
static bool spill_to(struct image_sink *s, uint64_t offset)
{
	size_t n = (size_t)(offset - s->spilled);
	bool ok = !error_is(s->sink.err);

	if (ok && s->spill < 0)
		s->spill = temp_file(s->sink.err);
	if (s->spill < 0)
		ok = false;
	else if (ok && !pwrite_all(s->spill, s->buf + s->from, n, s->spilled))
		ok = spill_error(s);
	s->pos -= n;
	memmove(s->buf + s->from, s->buf + s->from + n, s->pos - s->from);
	s->spilled += n;
	return ok;
}

bool image_spill_all(struct image_sink *s)
{
	image_flush(s);
	return spill_to(s, image_offset(s));
}

/* What is short enough to be kept: messages that will soon be closed. */
static uint64_t keep_from(struct image_sink *s)
{
	uint64_t end = image_offset(s);

	for (int i = 1; i < s->depth; i++)
		if (s->level[i].start > s->spilled &&
		    end - s->level[i].start < IMAGE_BUFFER / 4)
			return s->level[i].start - 1;
	return end;
}

void image_make_room(struct image_sink *s, size_t n)
{
	image_flush(s);
	if (IMAGE_BUFFER - s->pos < n)
		spill_to(s, keep_from(s));
}

bool image_file_copy(struct image_sink *s, uint64_t from, uint64_t to,
		     uint64_t n)
{
	uint8_t *buf = s->buf + s->pos;
	size_t cap = IMAGE_BUFFER - s->pos;

	while (n) {
		size_t k = n < cap ? (size_t)n : cap;

		if (!pread_all(s->spill, buf, k, from) ||
		    !pwrite_all(s->spill, buf, k, to))
			return spill_error(s);
		from += k;
		to += k;
		n -= k;
	}
	return true;
}

/* Moves the file's bytes from at on by k, the last ones first. */
static bool file_insert(struct image_sink *s, uint64_t at, const uint8_t *p,
			size_t k)
{
	size_t cap = IMAGE_BUFFER / 2;
	uint64_t end = s->spilled;

	while (end > at) {
		size_t n = end - at < cap ? (size_t)(end - at) : cap;

		end -= n;
		if (!pread_all(s->spill, s->buf + s->pos, n, end) ||
		    !pwrite_all(s->spill, s->buf + s->pos, n,
					      end + k))
			return spill_error(s);
	}
	s->spilled += k;
	return pwrite_all(s->spill, p, k, at) || spill_error(s);
}

void image_put_length(struct image_sink *s, const struct image_level *l)
{
	uint8_t length[WIRE_VARINT_MAX];
	uint64_t n = image_offset(s) - l->start;
	size_t more = (size_t)(wire_put_varint(length, n) - length) - 1;
	uint8_t *p;

	image_room(s, sizeof(length));
	if (l->start - 1 < s->spilled) {
		if (!image_spill_all(s))
			return;
		if (pwrite_all(s->spill, length, 1, l->start - 1))
			file_insert(s, l->start, length + 1, more);
		else
			spill_error(s);
		return;
	}
	p = image_at(s, l->start);
	p[-1] = length[0];
	if (!more)
		return;
	memmove(p + more, p, (size_t)n);
	memcpy(p, length + 1, more);
	s->pos += more;
}

void image_part_open(struct image_sink *s, const struct message *m)
{
	image_room(s, 4);
	s->pos += 4;
	s->from = s->pos;
	s->spilled = 0;
	s->part = true;
	s->depth = 1;
	memset(&s->level[0], 0, sizeof(s->level[0]));
	s->level[0].message = m;
}

/* The part from the file, where all of it is. */
static void send_file(struct image_sink *s)
{
	uint64_t n = s->spilled, at = 0;

	while (at < n && !error_is(s->sink.err)) {
		size_t k = n - at < IMAGE_BUFFER ? (size_t)(n - at) :
			IMAGE_BUFFER;

		if (!pread_all(s->spill, s->buf, k, at)) {
			error_sys(s->sink.err, errno,
				  "cannot read a temporary file");
			return;
		}
		write_out(s, s->buf, k);
		at += k;
	}
}

void image_part_close(struct image_sink *s)
{
	uint64_t n;

	image_message_end(s, &s->level[0]);
	n = image_offset(s);
	s->part = false;
	s->depth = 0;
	if (error_is(s->sink.err))
		return;
	if (n > UINT32_MAX) {
		error_set(s->sink.err, CRIT_EDATA,
			  "an entry of more than 4 GiB has no place in an image");
		return;
	}
	wire_put32(s->buf + s->from - 4, (uint32_t)n);
	if (!s->spilled)
		return;
	s->part = true;
	image_spill_all(s);
	s->part = false;
	image_flush(s);
	send_file(s);
	s->spilled = 0;
	(void)!ftruncate(s->spill, 0);
}

void image_put(struct image_sink *s, const void *p, size_t n)
{
	const uint8_t *b = p;

	if (!s->part && n > IMAGE_PUT_MAX) {
		image_flush(s);
		write_out(s, p, n);
		return;
	}
	while (n) {
		size_t k = n < IMAGE_PUT_MAX ? n : IMAGE_PUT_MAX;

		memcpy(image_room(s, k), b, k);
		s->pos += k;
		b += k;
		n -= k;
	}
}

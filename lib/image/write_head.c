// SPDX-License-Identifier: MIT
/*
 * A document may say after its entries what stands before the magic. By then
 * the image may be in the buffer, in a file, or gone.
 */
#include "image/write_parts.h"
#include "base/buffer.h"

#include <unistd.h>

const uint32_t image_heads[] = { 0, MAGIC_COMMON, MAGIC_SERVICE };

/* Moves n bytes of a file, which may overlap; buf has room for IMAGE_BUFFER. */
static bool move(int fd, uint8_t *buf, uint64_t from, uint64_t to, uint64_t n)
{
	for (uint64_t done = 0, k; done < n; done += k) {
		uint64_t at;

		k = n - done < IMAGE_BUFFER ? n - done : IMAGE_BUFFER;
		/* to higher places from the end on */
		at = to > from ? n - done - k : done;
		if (!pread_all(fd, buf, (size_t)k, from + at) ||
		    !pwrite_all(fd, buf, (size_t)k, to + at))
			return false;
	}
	return true;
}

/* In the file, where all that was sent lies: it may be open for writing only,
 * or for appending. */
static bool file_head(struct image_sink *s, int fd, size_t old, size_t new)
{
	off_t end = lseek(s->fd, 0, SEEK_CUR);
	uint64_t start = (uint64_t)end - s->sent;
	uint8_t word[4];

	if (end < 0 || (uint64_t)end < s->sent)
		return false;
	wire_put32(word, image_heads[s->head]);
	if (!move(fd, s->buf, start + old, start + new, s->sent - old) ||
	    (new && !pwrite_all(fd, word, 4, start)))
		return false;
	s->sent = s->sent - old + new;
	end = (off_t)(start + s->sent);
	return !ftruncate(fd, end) && lseek(s->fd, end, SEEK_SET) >= 0;
}

void image_new_head(struct sink *sink, enum head head)
{
	struct image_sink *s = (struct image_sink *)sink;
	size_t old = s->head ? 4 : 0, new = head ? 4 : 0;
	int fd;

	if (error_is(sink->err))
		return;
	s->head = head;
	if (s->sent) {
		image_flush(s);
		fd = s->write ? -1 : file_again(s->fd);
		if (fd < 0 || !file_head(s, fd, old, new))
			error_set(sink->err, CRIT_EDATA, "\"head\" after entries that "
				  "are sent already: put it before them, or write to "
				  "a file");
		if (fd >= 0)
			close(fd);
		return;
	}
	memmove(s->buf + new, s->buf + old, s->pos - old);
	if (new)
		wire_put32(s->buf, image_heads[head]);
	s->pos = s->pos - old + new;
}

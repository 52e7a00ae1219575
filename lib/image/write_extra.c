// SPDX-License-Identifier: MIT
#include "image/write_parts.h"

#include <inttypes.h>
#include <sys/stat.h>

static void put_padding(struct image_sink *s, uint64_t n)
{
	static const uint8_t zeros[8];

	image_put(s, zeros, extra_padding(s->type->extra, n));
}

/* The entry's own fields are complete: they go before what follows. */
void image_extra_begin(struct image_sink *s)
{
	if (s->part && !s->has_extra)
		image_part_close(s);
	s->has_extra = true;
}

void image_extra_number(struct image_sink *s, uint64_t value)
{
	uint8_t b[2] = { (uint8_t)value, (uint8_t)(value >> 8) };

	image_put(s, b, 2);
	s->extra[0] += 2;
}

static void text_end(struct image_sink *s)
{
	if (s->extra[0] != s->msize)
		error_set(s->sink.err, CRIT_EDATA, "message %" PRIu64 " holds %"
			  PRIu64 " bytes, where msize says %" PRIu64, s->count,
			  s->extra[0], s->msize);
	put_padding(s, s->extra[0]);
	s->extra[0] = s->msize = 0;
	s->count++;
}

void image_extra_bytes(struct image_sink *s, const struct field *f,
		       const void *p, size_t n, bool last)
{
	image_extra_begin(s);
	if (error_is(s->sink.err))
		return;
	image_put(s, p, n);
	s->extra[f == &extra_queue[1]] += n;
	if (f == &extra_text && last)
		text_end(s);
}

static bool differs(struct image_sink *s, const char *name, uint64_t is,
		    uint64_t should)
{
	if (is == should)
		return false;
	error_set(s->sink.err, CRIT_EDATA, "extra: %" PRIu64 " there, where %s "
		  "says %" PRIu64, is, name, should);
	return true;
}

static void check_ghost(struct image_sink *s, const char *name)
{
	if (!s->index)
		s->chunks = s->says.unless;
	if (s->index && !s->chunks) {
		error_set(s->sink.err, CRIT_EDATA, "a further entry of a file "
			  "whose contents are not in chunks");
	} else if (s->index) {
		differs(s, name, s->extra[0], s->says.length[0]);
	} else if (s->says.unless) {
		if (s->has_extra)
			error_set(s->sink.err, CRIT_EDATA, "extra: the contents "
				  "of this file are in chunks, further entries");
	} else if (!s->has_extra && S_ISREG(s->says.mode)) {
		error_set(s->sink.err, CRIT_EDATA,
			  "no extra: the contents of the file are missing");
	}
}

void image_extra_check(struct image_sink *s)
{
	const char *const *name = s->type->length;
	uint64_t a = s->says.length[0], b = s->says.length[1];

	switch (s->type->extra) {
	case EXTRA_BYTES:
		differs(s, name[0], s->extra[0], a + b);
		break;
	case EXTRA_QUEUES:
		if (!differs(s, name[0], s->extra[0], a))
			differs(s, name[1], s->extra[1], b);
		break;
	case EXTRA_SEMAPHORES:
		differs(s, name[0], s->extra[0] / 2, a);
		put_padding(s, s->extra[0]);
		break;
	case EXTRA_MESSAGES:
		differs(s, name[0], s->count, a);
		break;
	case EXTRA_SEGMENT:
		differs(s, name[0], s->extra[0], s->says.unless ? 0 : a);
		put_padding(s, s->extra[0]);
		break;
	case EXTRA_GHOST:
		check_ghost(s, name[0]);
		break;
	}
}

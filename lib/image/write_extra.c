// SPDX-License-Identifier: MIT
/*
 * What follows an entry: its bytes as they come. Whether they are what the entry
 * says is checked by the rules of its kind (extra_kinds.c).
 */
#include "image/extra_kinds.h"

#include <inttypes.h>

void extra_put_padding(struct image_sink *s, uint64_t n)
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
	extra_put_padding(s, s->extra[0]);
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

bool extra_differs(struct image_sink *s, const char *name, uint64_t is,
		   uint64_t should)
{
	if (is == should)
		return false;
	error_set(s->sink.err, CRIT_EDATA, "extra: %" PRIu64 " there, where %s "
		  "says %" PRIu64, is, name, should);
	return true;
}

void image_extra_check(struct image_sink *s)
{
	extra_kinds[s->type->extra].check(s);
}

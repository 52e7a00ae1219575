// SPDX-License-Identifier: MIT
/*
 * What follows an entry, by the rules of its kind (extra_kinds.c).
 */
#include "image/extra_kinds.h"
#include "image/read_extra.h"
#include "image/read_parts.h"

#include <inttypes.h>
#include <stdio.h>

bool extra_cut(struct image_source *s, uint64_t n)
{
	char what[80];

	snprintf(what, sizeof(what), "extra of %" PRIu64 " bytes runs past the "
		 "end of the image", n);
	return image_bad(s, what);
}

bool extra_claim(struct image_source *s, uint64_t n)
{
	if (n > s->in.size - in_offset(&s->in))
		return extra_cut(s, n);
	return true;
}

bool extra_give(struct image_source *s, const struct field *f, uint64_t n,
		bool last)
{
	const uint8_t *p;

	s->extra_bytes += n;
	if (!extra_claim(s, n))
		return false;
	if (s->skip_extra)
		return in_skip(&s->in, n) || extra_cut(s, n);
	if (!n && last)
		event_bytes(s->sink, f, "", 0, true);
	for (uint64_t left = n; left; ) {
		size_t k = in_some(&s->in, left, &p);

		if (!k)
			return extra_cut(s, n);
		left -= k;
		event_bytes(s->sink, f, p, k, !left && last);
		if (error_is(s->err))
			return false;
	}
	return true;
}

bool extra_skip_padding(struct image_source *s, uint64_t n)
{
	unsigned k = extra_padding(s->image.type->extra, n);
	const uint8_t *p = in_peek(&s->in, k);
	uint8_t odd = 0;

	if (!p)
		return extra_cut(s, n);
	for (unsigned i = 0; i < k; i++)
		odd |= p[i];
	if (odd)
		image_odd(s, in_offset(&s->in));
	s->extra_bytes += k;
	in_take(&s->in, k);
	return true;
}

/* "... <13.7KB>", as CRIT has it. */
static void say_size(struct image_source *s, uint64_t n)
{
	char text[48];
	double v = (double)n;
	size_t unit = 0;
	int k;

	while (v >= 1024 && unit < 6) {
		v /= 1024;
		unit++;
	}
	k = snprintf(text, sizeof(text), "... <%.*f%.*sB>",
		     v != (double)(uint64_t)v, v, unit != 0, &"\0KMGTPE"[unit]);
	event_bytes(s->sink, &extra_skipped, text, (size_t)k, true);
}

bool extra_source(struct image_source *s)
{
	const struct extra_kind_ops *kind = &extra_kinds[s->image.type->extra];

	if (!kind->read(s))
		return false;
	if (s->skip_extra && kind->size)
		say_size(s, kind->size(&s->says));
	return !error_is(s->err);
}

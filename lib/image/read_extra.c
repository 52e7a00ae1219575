// SPDX-License-Identifier: MIT
#include "image/read_extra.h"
#include "image/read_parts.h"

#include <inttypes.h>
#include <stdio.h>

static bool cut(struct image_source *s, uint64_t n)
{
	char what[80];

	snprintf(what, sizeof(what), "extra of %" PRIu64 " bytes runs past the "
		 "end of the image", n);
	return image_bad(s, what);
}

/* Whether n more bytes can be there; a pipe will tell in time. */
static bool claim(struct image_source *s, uint64_t n)
{
	if (n > s->in.size - in_offset(&s->in))
		return cut(s, n);
	return true;
}

/* n bytes to the sink, or only passed over; a sink that gives last = false
 * is given more. */
static bool give(struct image_source *s, const struct field *f, uint64_t n,
		 bool last)
{
	const uint8_t *p;

	s->extra_bytes += n;
	if (!claim(s, n))
		return false;
	if (s->skip_extra)
		return in_skip(&s->in, n) || cut(s, n);
	if (!n && last)
		event_bytes(s->sink, f, "", 0, true);
	for (uint64_t left = n; left; ) {
		size_t k = in_some(&s->in, left, &p);

		if (!k)
			return cut(s, n);
		left -= k;
		event_bytes(s->sink, f, p, k, !left && last);
		if (error_is(s->err))
			return false;
	}
	return true;
}

/* The zeros that fill up n bytes. */
static bool padding(struct image_source *s, uint64_t n)
{
	unsigned k = extra_padding(s->image.type->extra, n);
	const uint8_t *p = in_peek(&s->in, k);
	uint8_t odd = 0;

	if (!p)
		return cut(s, n);
	for (unsigned i = 0; i < k; i++)
		odd |= p[i];
	if (odd)
		image_odd(s, in_offset(&s->in));
	s->extra_bytes += k;
	in_take(&s->in, k);
	return true;
}

static bool bytes(struct image_source *s)
{
	const uint64_t *n = s->says.length;

	if (!s->image.type->length[1])
		return give(s, &extra_bytes, n[0], true);
	return give(s, &extra_bytes, n[0], false) &&
	       give(s, &extra_bytes, n[1], true);
}

static bool queues(struct image_source *s)
{
	const uint64_t *n = s->says.length;

	if (s->skip_extra)
		return bytes(s);
	event_begin(s->sink, &extra_queues);
	if (!give(s, &extra_queue[0], n[0], true) ||
	    !give(s, &extra_queue[1], n[1], true))
		return false;
	event_end(s->sink);
	return true;
}

static bool semaphores(struct image_source *s)
{
	uint64_t n = s->says.length[0];	/* a uint32 */

	if (!claim(s, 2 * n))
		return false;
	s->extra_bytes += 2 * n;
	if (s->skip_extra)
		return (in_skip(&s->in, 2 * n) || cut(s, 2 * n)) &&
		       padding(s, 2 * n);
	event_list(s->sink, &extra_semaphores);
	for (uint64_t i = 0; i < n; i++) {
		const uint8_t *p = in_peek(&s->in, 2);

		if (!p)
			return cut(s, 2 * n);
		event_number(s->sink, &extra_semaphores,
				     (uint64_t)p[0] | (uint64_t)p[1] << 8);
		in_take(&s->in, 2);
		if (error_is(s->err))
			return false;
	}
	event_list_end(s->sink);
	return padding(s, 2 * n);
}

/* msize of an ipc_msg; its field number is the schema's. */
static uint64_t text_size(const struct message *m, const uint8_t *p, size_t n)
{
	const struct field *size = message_field_name(m, "msize", 5);
	const uint8_t *end = p + n;
	uint64_t v = 0;

	while (size && p && p < end) {
		struct wire_field w;
		const char *what;

		p = wire_field(p, end, &w, &what);
		if (p && w.number == size->number && w.type == WIRE_VARINT)
			v = (uint32_t)w.value;
	}
	return v;
}

static bool message(struct image_source *s, const struct message *m)
{
	const uint8_t *p = in_peek(&s->in, 4);
	uint64_t text;
	size_t n;

	if (!p)
		return cut(s, 4);
	n = wire_get32(p);
	in_take(&s->in, 4);
	s->extra_bytes += UINT64_C(4) + n;
	if (!claim(s, n))
		return false;
	p = n <= IN_PEEK_MAX ? in_peek(&s->in, n) : NULL;
	if (!p)
		return n <= IN_PEEK_MAX ? cut(s, n) :
			image_bad(s, "ipc_msg too large");
	text = text_size(m, p, n);
	s->says.length[1] += n + text;
	if (!s->skip_extra) {
		event_begin(s->sink, &extra_messages);
		if (!image_flat(s, m, p, n, in_offset(&s->in)))
			return false;
		event_end(s->sink);
	}
	in_take(&s->in, n);
	return give(s, &extra_text, text, true) && padding(s, text);
}

static bool messages(struct image_source *s)
{
	const struct message *m = schema_message(s->schema, "ipc_msg");

	if (!s->skip_extra)
		event_list(s->sink, &extra_messages);
	for (uint64_t i = 0; i < s->says.length[0]; i++)
		if (!message(s, m))
			return false;
	if (!s->skip_extra)
		event_list_end(s->sink);
	return true;
}

static bool segment(struct image_source *s)
{
	uint64_t n = s->says.unless ? 0 : s->says.length[0];

	return give(s, &extra_bytes, n, true) && padding(s, n);
}

/* All that is left. */
static bool rest(struct image_source *s)
{
	const uint8_t *p;
	size_t k;

	if (s->skip_extra && s->in.regular) {
		uint64_t n = s->in.size - in_offset(&s->in);

		s->extra_bytes += n;
		if (!in_skip(&s->in, n))
			return cut(s, n);
	}
	while ((k = in_some(&s->in, UINT64_MAX, &p)) > 0) {
		s->extra_bytes += k;
		if (!s->skip_extra)
			event_bytes(s->sink, &extra_bytes, p, k, false);
		if (error_is(s->err))
			return false;
	}
	if (!s->skip_extra)
		event_bytes(s->sink, &extra_bytes, "", 0, true);
	return !error_is(s->err);
}

static bool ghost(struct image_source *s)
{
	if (s->entries)
		return give(s, &extra_bytes, s->says.length[0], true);
	return s->says.unless || rest(s);
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

/* What the skipped size counts: no padding, no sizes of messages. */
static uint64_t shown_size(const struct image_source *s)
{
	const uint64_t *n = s->says.length;

	switch (s->image.type->extra) {
	case EXTRA_SEMAPHORES:
		return 2 * n[0];
	case EXTRA_MESSAGES:
		return n[1];
	case EXTRA_SEGMENT:
		return s->says.unless ? 0 : n[0];
	default:
		return n[0] + n[1];
	}
}

bool extra_source(struct image_source *s)
{
	static bool (*const read[])(struct image_source *) = {
		[EXTRA_BYTES] = bytes,
		[EXTRA_QUEUES] = queues,
		[EXTRA_SEMAPHORES] = semaphores,
		[EXTRA_MESSAGES] = messages,
		[EXTRA_SEGMENT] = segment,
		[EXTRA_GHOST] = ghost,
	};

	if (!read[s->image.type->extra](s))
		return false;
	/* CRIT shows nothing here for ghost files */
	if (s->skip_extra && s->image.type->extra != EXTRA_GHOST)
		say_size(s, shown_size(s));
	return !error_is(s->err);
}

// SPDX-License-Identifier: MIT
/*
 * What may follow an entry, kind by kind: how it is read, how many bytes it is
 * said to have, and what is checked once it is written.
 */
#include "image/extra_kinds.h"
#include "image/read_parts.h"

#include <sys/stat.h>

/* bytes, of one length or two */

static uint64_t both(const struct extra_says *says)
{
	return says->length[0] + says->length[1];
}

static bool bytes(struct image_source *s)
{
	const uint64_t *n = s->says.length;

	if (!s->image.type->length[1])
		return extra_give(s, &extra_bytes, n[0], true);
	return extra_give(s, &extra_bytes, n[0], false) &&
	       extra_give(s, &extra_bytes, n[1], true);
}

static void check_bytes(struct image_sink *s)
{
	extra_differs(s, s->type->length[0], s->extra[0], both(&s->says));
}

/* queues */

static bool queues(struct image_source *s)
{
	const uint64_t *n = s->says.length;

	if (s->skip_extra)
		return bytes(s);
	event_begin(s->sink, &extra_queues);
	if (!extra_give(s, &extra_queue[0], n[0], true) ||
	    !extra_give(s, &extra_queue[1], n[1], true))
		return false;
	event_end(s->sink);
	return true;
}

static void check_queues(struct image_sink *s)
{
	const uint64_t *n = s->says.length;

	if (!extra_differs(s, s->type->length[0], s->extra[0], n[0]))
		extra_differs(s, s->type->length[1], s->extra[1], n[1]);
}

/* semaphores: 16 bits each */

static uint64_t semaphores_size(const struct extra_says *says)
{
	return 2 * says->length[0];
}

static bool semaphores(struct image_source *s)
{
	uint64_t n = s->says.length[0];	/* a uint32 */

	if (!extra_claim(s, 2 * n))
		return false;
	s->extra_bytes += 2 * n;
	if (s->skip_extra)
		return (in_skip(&s->in, 2 * n) || extra_cut(s, 2 * n)) &&
		       extra_skip_padding(s, 2 * n);
	event_list(s->sink, &extra_semaphores);
	for (uint64_t i = 0; i < n; i++) {
		const uint8_t *p = in_peek(&s->in, 2);

		if (!p)
			return extra_cut(s, 2 * n);
		event_number(s->sink, &extra_semaphores,
				     (uint64_t)p[0] | (uint64_t)p[1] << 8);
		in_take(&s->in, 2);
		if (error_is(s->err))
			return false;
	}
	event_list_end(s->sink);
	return extra_skip_padding(s, 2 * n);
}

static void check_semaphores(struct image_sink *s)
{
	extra_differs(s, s->type->length[0], s->extra[0] / 2, s->says.length[0]);
	extra_put_padding(s, s->extra[0]);
}

/* messages: a size, an ipc_msg, its text */

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
		return extra_cut(s, 4);
	n = wire_get32(p);
	in_take(&s->in, 4);
	s->extra_bytes += UINT64_C(4) + n;
	if (!extra_claim(s, n))
		return false;
	p = n <= IN_PEEK_MAX ? in_peek(&s->in, n) : NULL;
	if (!p)
		return n <= IN_PEEK_MAX ? extra_cut(s, n) :
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
	return extra_give(s, &extra_text, text, true) && extra_skip_padding(s, text);
}

/* Sizes do not count, nor do zeros. */
static uint64_t messages_size(const struct extra_says *says)
{
	return says->length[1];
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

static void check_messages(struct image_sink *s)
{
	extra_differs(s, s->type->length[0], s->count, s->says.length[0]);
}

/* a segment, unless its bytes are elsewhere */

static uint64_t segment_size(const struct extra_says *says)
{
	return says->unless ? 0 : says->length[0];
}

static bool segment(struct image_source *s)
{
	uint64_t n = segment_size(&s->says);

	return extra_give(s, &extra_bytes, n, true) && extra_skip_padding(s, n);
}

static void check_segment(struct image_sink *s)
{
	extra_differs(s, s->type->length[0], s->extra[0],
		      segment_size(&s->says));
	extra_put_padding(s, s->extra[0]);
}

/* ghost: all that is left, or chunks, which are entries */

static bool rest(struct image_source *s)
{
	const uint8_t *p;
	size_t k;

	if (s->skip_extra && s->in.regular) {
		uint64_t n = s->in.size - in_offset(&s->in);

		s->extra_bytes += n;
		if (!in_skip(&s->in, n))
			return extra_cut(s, n);
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
		return extra_give(s, &extra_bytes, s->says.length[0], true);
	return s->says.unless || rest(s);
}

static void check_ghost(struct image_sink *s)
{
	const char *name = s->type->length[0];

	if (!s->index)
		s->chunks = s->says.unless;
	if (s->index && !s->chunks) {
		error_set(s->sink.err, CRIT_EDATA, "a further entry of a file "
			  "whose contents are not in chunks");
	} else if (s->index) {
		extra_differs(s, name, s->extra[0], s->says.length[0]);
	} else if (s->says.unless) {
		if (s->has_extra)
			error_set(s->sink.err, CRIT_EDATA, "extra: the contents "
				  "of this file are in chunks, further entries");
	} else if (!s->has_extra && S_ISREG(s->says.mode)) {
		error_set(s->sink.err, CRIT_EDATA,
			  "no extra: the contents of the file are missing");
	}
}

const struct extra_kind_ops extra_kinds[EXTRA_N] = {
	[EXTRA_BYTES] = { bytes, both, check_bytes },
	[EXTRA_QUEUES] = { queues, both, check_queues },
	[EXTRA_SEMAPHORES] = { semaphores, semaphores_size, check_semaphores },
	[EXTRA_MESSAGES] = { messages, messages_size, check_messages },
	[EXTRA_SEGMENT] = { segment, segment_size, check_segment },
	[EXTRA_GHOST] = { ghost, NULL, check_ghost },	/* as CRIT has it */
};

// SPDX-License-Identifier: MIT
#include "event/bulk.h"
#include "base/alloc.h"
#include "image/write_parts.h"
#include "event/message.h"

#include <unistd.h>

static inline struct image_sink *self(struct sink *sink)
{
	return (struct image_sink *)sink;
}

static inline struct image_level *top(struct image_sink *s)
{
	return &s->level[s->depth - 1];
}

static inline void note(struct image_level *l, const struct field *f)
{
	l->unsorted |= f->number < l->last;
	l->last = f->number;
	l->required |= f->required;
}

static inline uint8_t *put_varint(uint8_t *p, uint64_t v)
{
	if (v < 0x80) {
		*p = (uint8_t)v;
		return p + 1;
	}
	return wire_put_varint(p, v);
}

static uint8_t *put_number(uint8_t *p, uint8_t kind, uint64_t v)
{
	v = kind_raw(kind, v);
	switch (kind_wire(kind)) {
	case WIRE_I32:
		wire_put32(p, (uint32_t)v);
		return p + 4;
	case WIRE_I64:
		wire_put64(p, v);
		return p + 8;
	default:
		return put_varint(p, v);
	}
}

/* Opens a level: its tag, a byte for its length. */
static void push(struct image_sink *s, const struct field *f)
{
	struct image_level *l;
	uint8_t *p = image_room(s, 16);

	p = put_varint(p, f->tag);
	s->pos = (size_t)(p + 1 - s->buf);
	if (s->depth == IMAGE_LEVELS) {
		error_set(s->sink.err, CRIT_EDATA, "messages nested too deep");
		return;
	}
	l = &s->level[s->depth++];
	memset(l, 0, sizeof(*l));
	l->message = f->message;
	l->start = image_offset(s);
}

void image_message_end(struct image_sink *s, struct image_level *l)
{
	if (error_is(s->sink.err))
		return;
	if (l->unsorted)
		image_sort(s, l);
	/* required fields may be among the unknown */
	if (l->message->required & ~l->required && !s->allow_partial)
		message_say_missing(l->message, l->required, s->sink.err);
}

static void sink_image(struct sink *sink, const struct image *im)
{
	struct image_sink *s = self(sink);
	uint8_t *p;

	if (error_is(sink->err))
		return;
	s->type = im->type;
	s->counts = im->type->extra != EXTRA_NONE;
	s->index = 0;
	s->name = NULL;
	s->head = im->head;
	s->sent = 0;
	s->pos = s->from = 0;
	s->part = false;
	s->fd = s->open(s->arg, im, &s->name);
	p = s->buf;
	if (im->head) {
		wire_put32(p, image_heads[im->head]);
		p += 4;
	}
	wire_put32(p, im->type->magic);
	s->pos = (size_t)(p + 4 - s->buf);
}

static void sink_image_end(struct sink *sink)
{
	struct image_sink *s = self(sink);

	if (error_is(sink->err))
		return;
	image_flush(s);
	s->close(s->arg, s->fd);
	s->fd = -1;
}

static void sink_entry(struct sink *sink, const struct message *m)
{
	struct image_sink *s = self(sink);

	memset(&s->says, 0, sizeof(s->says));
	s->extra[0] = s->extra[1] = s->count = 0;
	s->has_extra = false;
	image_part_open(s, m);
}

static void sink_entry_end(struct sink *sink)
{
	struct image_sink *s = self(sink);

	if (s->part)
		image_part_close(s);
	if (s->type->extra != EXTRA_NONE && !error_is(sink->err))
		image_extra_check(s);
	s->index++;
}

static void sink_begin(struct sink *sink, const struct field *f)
{
	struct image_sink *s = self(sink);

	if (!f->tag) {
		image_extra_begin(s);
		if (f == &extra_messages)
			image_part_open(s, s->extra_message);
		return;
	}
	note(top(s), f);
	push(s, f);
}

static void sink_end(struct sink *sink)
{
	struct image_sink *s = self(sink);

	if (error_is(sink->err))
		return;
	if (s->depth <= 1) {
		if (s->part)
			image_part_close(s);
		return;
	}
	image_message_end(s, top(s));
	image_put_length(s, top(s));
	s->depth--;
}

static void sink_list(struct sink *sink, const struct field *f)
{
	struct image_sink *s = self(sink);

	if (!f->tag)
		image_extra_begin(s);
	else if (f->packed)
		s->packed = f;
}

static void sink_list_end(struct sink *sink)
{
	struct image_sink *s = self(sink);

	s->packed = NULL;
	if (s->depth && !top(s)->message && !error_is(sink->err)) {
		image_put_length(s, top(s));
		s->depth--;
	}
}

/* Top-level numbers that say how much extra there is. */
__attribute__((noinline))
static void note_number(struct image_sink *s, const struct field *f, uint64_t v)
{
	if (top(s)->message == s->extra_message && s->has_extra) {
		if (!strcmp(f->name, "msize"))
			s->msize = v;
	} else {
		extra_note(&s->says, s->type, f, v);
	}
}

/* What is not simply tag and value. */
__attribute__((noinline))
static void odd_number(struct image_sink *s, const struct field *f, uint64_t v)
{
	uint8_t *p;

	if (!f->tag) {
		image_extra_number(s, v);
		return;
	}
	if (s->packed) {
		note(top(s), f);
		push(s, f);
		s->packed = NULL;
	}
	p = put_number(image_room(s, 16), f->kind, v);
	s->pos = (size_t)(p - s->buf);
}

static void sink_number(struct sink *sink, const struct field *f, uint64_t v)
{
	struct image_sink *s = self(sink);
	uint8_t *p;

	if (!f->tag || f->packed) {
		odd_number(s, f, v);
		return;
	}
	if (s->counts && s->depth == 1)
		note_number(s, f, v);
	note(top(s), f);
	p = put_number(put_varint(image_room(s, 16), f->tag), f->kind, v);
	s->pos = (size_t)(p - s->buf);
}

static void sink_bytes(struct sink *sink, const struct field *f, const void *b,
		       size_t n, bool last)
{
	struct image_sink *s = self(sink);
	bool open = s->depth && !top(s)->message;
	uint8_t *p;

	if (!f->tag) {
		image_extra_bytes(s, f, b, n, last);
		return;
	}
	if (error_is(sink->err))
		return;
	if (!open)
		note(top(s), f);
	if (!open && last) {
		p = put_varint(image_room(s, 16), f->tag);
		p = put_varint(p, n);
		s->pos = (size_t)(p - s->buf);
		image_put(s, b, n);
		return;
	}
	if (!open)
		push(s, f);
	image_put(s, b, n);
	if (last) {
		image_put_length(s, top(s));
		s->depth--;
	}
}

static void sink_unknown(struct sink *sink, const void *p, size_t n, bool last)
{
	struct image_sink *s = self(sink);
	struct image_level *l = top(s);

	if (!l->unknown[1])
		l->unknown[0] = image_offset(s);
	image_put(s, p, n);
	l->unknown[1] = image_offset(s);
	l->unsorted = true;
	(void)last;
}

static void sink_content(struct sink *sink, const struct message *m,
			 const uint8_t *p, size_t n)
{
	struct image_sink *s = self(sink);

	top(s)->required = m->required;
	image_put(s, p, n);
}

static void sink_entries(struct sink *sink, const uint8_t *p, size_t n,
			 uint64_t count)
{
	struct image_sink *s = self(sink);

	image_put(s, p, n);
	s->index += count;
}

static void sink_raw(struct sink *sink, const void *p, size_t n)
{
	if (!error_is(sink->err))
		image_put(self(sink), p, n);
}

static const struct bulk_ops bulk = {
	.content = sink_content,
	.entries = sink_entries,
};

static const struct sink_ops ops = {
	.head = image_new_head,
	.raw = sink_raw,
	.image = sink_image,
	.image_end = sink_image_end,
	.entry = sink_entry,
	.entry_end = sink_entry_end,
	.begin = sink_begin,
	.end = sink_end,
	.list = sink_list,
	.list_end = sink_list_end,
	.number = sink_number,
	.bytes = sink_bytes,
	.unknown = sink_unknown,
	.bulk = &bulk,
};

bool image_sink_init(struct image_sink *s, const struct schema *schema,
		     struct crit_error *err)
{
	memset(s, 0, sizeof(*s));
	s->sink.ops = &ops;
	s->sink.err = err;
	s->schema = schema;
	s->extra_message = schema_message(schema, "ipc_msg");
	s->fd = s->spill = -1;
	s->buf = alloc(IMAGE_BUFFER + WIRE_SLOP);
	return s->buf || error_set(err, CRIT_ENOMEM, "out of memory");
}

void image_sink_drain(void *sink)
{
	struct image_sink *s = sink;

	if (!error_is(s->sink.err))
		image_flush(s);
}

void image_sink_free(struct image_sink *s)
{
	if (s->spill >= 0)
		close(s->spill);
	alloc_free(s->buf);
	s->buf = NULL;
	s->spill = -1;
}

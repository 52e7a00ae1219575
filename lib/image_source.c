// SPDX-License-Identifier: MIT
/*
 *   magic ── entry ──┬─ fits ── flat ──────────┬─ extra ── entry ...
 *                    └─ larger ── fields ──────┘
 *                                  └─ nested messages: fits | larger
 */
#include "image_source.h"
#include "alloc.h"
#include "canon.h"
#include "extra_source.h"
#include "walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Messages up to this are taken whole. Tests build with a tiny one, so that
 * all images go field by field. */
#ifndef CRIT_FLAT_MAX
#define CRIT_FLAT_MAX IN_PEEK_MAX
#endif

enum { CANON_MAX = CANON_GROWTH * IN_PEEK_MAX };

/* What stands where a magic should. */
static void explain_magic(struct image_source *s, const uint8_t *p, size_t n,
			  uint32_t magic)
{
	const struct schema *schema = s->schema;
	size_t text = 0;

	for (size_t i = 0; i < schema->n_others; i++)
		if (schema->others[i].magic == magic) {
			error_set(s->err, CRIT_EDATA, "magic 0x%08" PRIx32 ": %s",
				  magic, schema->others[i].about);
			return;
		}
	while (text < n && p[text] && p[text] < 0x7f &&
	       (p[text] >= ' ' || strchr("\t\n\r", p[text])))
		text++;
	if (n < 4)
		error_set(s->err, CRIT_EDATA, n ? "%zu bytes: too short for an "
			  "image" : "empty: not an image", n);
	else if (p[0] == 0x1f && p[1] == 0x8b)
		error_set(s->err, CRIT_EDATA, "gzip data, not an image");
	else if (magic == 0xfd2fb528)
		error_set(s->err, CRIT_EDATA, "zstd data, not an image");
	else if (schema_image(schema, __builtin_bswap32(magic)) ||
		 magic == __builtin_bswap32(MAGIC_COMMON))
		error_set(s->err, CRIT_EDATA, "big-endian image: not supported");
	else if (text == n)
		error_set(s->err, CRIT_EDATA, "text, not an image");
	else
		error_set(s->err, CRIT_EDATA, "unknown magic 0x%08" PRIx32
			  ": raw pages, encrypted, or from a newer CRIU?", magic);
}

static bool read_magic(struct image_source *s)
{
	const uint8_t *p;
	uint32_t magic;
	size_t n;

	in_fill(&s->in, 8);
	if (error_is(s->err))
		return false;
	p = s->in.buf + s->in.pos;
	n = in_avail(&s->in);
	magic = n < 4 ? 0 : wire_get32(p);
	s->image.head = HEAD_NONE;
	if (n >= 4 && (magic == MAGIC_COMMON || magic == MAGIC_SERVICE)) {
		s->image.head = magic == MAGIC_COMMON ? HEAD_COMMON : HEAD_SERVICE;
		in_take(&s->in, 4);
		if (n < 8)
			return error_set(s->err, CRIT_EDATA,
					 "ends in the middle of its magic");
		p += 4;
		magic = wire_get32(p);
		n -= 4;
	}
	s->image.type = n < 4 ? NULL : schema_image(s->schema, magic);
	if (!s->image.type) {
		if (s->image.head)
			s->err->offset = (int64_t)in_offset(&s->in);
		/* the same, however the bytes come */
		in_peek(&s->in, 64);
		n = in_avail(&s->in);
		p = s->in.buf + s->in.pos;
		explain_magic(s, p, n < 64 ? n : 64, magic);
		return false;
	}
	in_take(&s->in, 4);
	return true;
}

static void begin(struct image_source *s, const char *name,
		  const struct schema *schema, struct crit_error *err)
{
	memset(s, 0, sizeof(*s));
	s->schema = schema;
	s->err = err;
	s->image.name = name;
	spool_init(&s->unknown, err);
	if (name)
		snprintf(err->image, sizeof(err->image), "%s", name);
}

bool image_source_open(struct image_source *s, int fd, const char *name,
		       const struct schema *schema, struct crit_error *err)
{
	begin(s, name, schema, err);
	return in_open(&s->in, fd, err) && read_magic(s);
}

bool image_source_open_bytes(struct image_source *s, const void *p, size_t n,
			     const char *name, const struct schema *schema,
			     struct crit_error *err)
{
	begin(s, name, schema, err);
	return in_open_bytes(&s->in, p, n, err) && read_magic(s);
}

void image_source_close(struct image_source *s)
{
	in_close(&s->in);
	spool_free(&s->unknown);
	alloc_free(s->rewritten);
	s->rewritten = NULL;
}

/* The way to the field being read, into err. */
static void place(struct image_source *s, struct crit_error *err)
{
	if (s->image.name && !err->image[0])
		snprintf(err->image, sizeof(err->image), "%s", s->image.name);
	err->entry = (int64_t)s->entries;
	for (int i = 0; i < s->depth; i++)
		if (s->frame[i].field)
			walk_path(err, s->frame[i].field->name,
				  s->frame[i].index);
}

/* An error at the current offset. */
bool image_source_bad(struct image_source *s, const char *what)
{
	if (error_is(s->err))
		return false;
	place(s, s->err);
	s->err->offset = (int64_t)in_offset(&s->in);
	return error_set(s->err, CRIT_EDATA, "%s", what);
}

void image_source_odd(struct image_source *s, uint64_t at)
{
	struct crit_error w;

	if (s->warned_bytes)
		return;
	s->warned_bytes = true;
	error_clear(&w);
	place(s, &w);
	w.offset = (int64_t)at;
	error_set(&w, CRIT_EDATA, "warning: fields not as a writer of images "
		  "puts them; encoding will not reproduce these bytes");
	if (s->warn)
		s->warn(s->ctx, &w);
}

static void warn_missing(struct image_source *s, const struct message *m,
			 const uint8_t *p, size_t n, uint64_t seen)
{
	struct crit_error w, text;

	if (s->warned_missing)
		return;
	s->warned_missing = true;
	error_clear(&w);
	error_clear(&text);
	place(s, &w);
	snprintf(text.path, sizeof(text.path), "%s", w.path);
	if (p)
		walk_missing(m, p, n, &text);
	else
		walk_say_missing(m, seen, &text);
	snprintf(w.path, sizeof(w.path), "%s", text.path);
	error_set(&w, CRIT_EDATA, "warning: %.200s", text.what);
	if (s->warn)
		s->warn(s->ctx, &w);
}

/* The sink's own way, or events for each field. */
static enum flat deliver(struct sink *sink, const struct message *m,
			 const uint8_t *p, size_t n)
{
	enum flat r;

	if (sink->ops->flat)
		return sink->ops->flat(sink, m, p, n);
	r = walk_check(m, p, n, &sink->missing);
	if (r == FLAT_OK)
		walk_emit(sink, m, p, n);
	return r;
}

/* An irregular message, as a writer would have put it. */
static const uint8_t *rewrite(struct image_source *s, const struct message *m,
			      const uint8_t *p, size_t *n)
{
	if (!s->rewritten)
		s->rewritten = alloc(CANON_MAX + WIRE_SLOP);
	if (!s->rewritten) {
		error_set(s->err, CRIT_ENOMEM, "out of memory");
		return NULL;
	}
	if (!canon(m, p, *n, s->rewritten, CANON_MAX, n)) {
		image_source_bad(s, "too irregular to be put in order");
		return NULL;
	}
	memset(s->rewritten + *n, 0, WIRE_SLOP);
	return s->rewritten;
}

/* The content of m in memory, at offset at of the image. */
bool image_source_flat(struct image_source *s, const struct message *m,
		       const uint8_t *p, size_t n, uint64_t at)
{
	enum flat r;

	s->sink->missing = false;
	r = deliver(s->sink, m, p, n);
	/* a sink stops at the first that it does not like */
	if (r == FLAT_IRREGULAR &&
	    walk_check(m, p, n, &s->sink->missing) == FLAT_BAD)
		r = FLAT_BAD;
	if (r == FLAT_IRREGULAR) {
		image_source_odd(s, at);
		p = rewrite(s, m, p, &n);
		if (!p)
			return false;
		s->sink->missing = false;
		r = deliver(s->sink, m, p, n);
		/* what the sink took back must not get lost */
		if (r == FLAT_IRREGULAR)
			return image_source_bad(s, "too irregular to be put in order");
	}
	if (r == FLAT_BAD && !error_is(s->err)) {
		place(s, s->err);
		walk_explain(m, p, n, s->err);
		if (s->err->offset >= 0)
			s->err->offset += (int64_t)at;
	}
	if (s->sink->missing && r == FLAT_OK)
		warn_missing(s, m, p, n, 0);
	return !error_is(s->err);
}

/* Notes what a whole entry says of its extra. */
static void note_flat(struct image_source *s, const struct message *m,
		      const uint8_t *p, size_t n)
{
	const uint8_t *end = p + n;

	while (p < end) {
		const struct field *f;
		struct wire_field w;
		const char *what;

		p = wire_field(p, end, &w, &what);
		if (!p)
			return;
		f = message_field(m, w.number);
		if (walk_fit(f, w.type) == FIT_VALUE && kind_is_number(f->kind))
			extra_note(&s->says, s->image.type, f,
				   walk_value(f->kind, w.value));
	}
}

/* A message too large for memory, field by field. */

struct level {
	const struct message *m;
	uint64_t end;			/* offset */
	uint32_t last;
	const struct field *list;	/* open in the sink */
	uint64_t seen, unknown_at;	/* where its unknown fields begin */
	bool last_known, unknown;
};

static bool stream(struct image_source *s, const struct message *m, uint64_t n);

static bool stream_bytes(struct image_source *s, const struct field *f,
			 uint64_t n)
{
	const uint8_t *p;

	if (!n)
		s->sink->ops->bytes(s->sink, f, "", 0, true);
	while (n) {
		size_t k = in_some(&s->in, n < IN_PEEK_MAX ? n : IN_PEEK_MAX, &p);

		if (!k)
			return image_source_bad(s, "cut short");
		n -= k;
		s->sink->ops->bytes(s->sink, f, p, k, !n);
		if (error_is(s->err))
			return false;
	}
	return true;
}

static bool read_varint(struct image_source *s, uint64_t end, uint64_t *v,
			bool *odd)
{
	uint64_t left = end - in_offset(&s->in);
	unsigned sloppy = 0;
	const uint8_t *p, *q;
	size_t n;

	in_peek(&s->in, WIRE_VARINT_MAX);
	n = in_avail(&s->in);
	if (n > left)
		n = (size_t)left;
	p = s->in.buf + s->in.pos;
	q = wire_varint(p, v, &sloppy);
	if (!q || (size_t)(q - p) > n)
		return image_source_bad(s, n < WIRE_VARINT_MAX ?
					"truncated varint" :
					"varint runs past 10 bytes");
	*odd |= sloppy;
	in_take(&s->in, (size_t)(q - p));
	return true;
}

static bool read_fixed(struct image_source *s, uint64_t end, size_t size,
		       uint64_t *v)
{
	const uint8_t *p = in_peek(&s->in, size);

	if (!p || end - in_offset(&s->in) < size)
		return image_source_bad(s, "truncated value");
	*v = size == 4 ? wire_get32(p) : wire_get64(p);
	in_take(&s->in, size);
	return true;
}

static bool read_scalar(struct image_source *s, uint64_t end, uint8_t wire,
			uint64_t *raw, bool *odd)
{
	if (wire == WIRE_I32)
		return read_fixed(s, end, 4, raw);
	if (wire == WIRE_I64)
		return read_fixed(s, end, 8, raw);
	return read_varint(s, end, raw, odd);
}

static void give_number(struct image_source *s, const struct field *f,
			uint64_t raw, bool *odd)
{
	uint64_t v = walk_value(f->kind, raw);

	*odd |= !walk_canonical(f->kind, raw);
	if (s->depth == 1 && s->image.type->extra)
		extra_note(&s->says, s->image.type, f, v);
	s->sink->ops->number(s->sink, f, v);
}

static bool stream_packed(struct image_source *s, const struct field *f,
			  uint64_t n, bool *odd)
{
	uint64_t end = in_offset(&s->in) + n, raw;

	*odd |= !f->packed || !n;
	while (in_offset(&s->in) < end && !error_is(s->err)) {
		if (!read_scalar(s, end, kind_wire(f->kind), &raw, odd))
			return false;
		give_number(s, f, raw, odd);
	}
	return !error_is(s->err);
}

static bool stream_message(struct image_source *s, const struct field *f,
			   uint64_t n)
{
	const uint8_t *p = n <= CRIT_FLAT_MAX ? in_peek(&s->in, (size_t)n) : NULL;
	bool ok;

	s->sink->ops->begin(s->sink, f);
	if (p) {
		uint64_t at = in_offset(&s->in);

		ok = image_source_flat(s, f->message, p, (size_t)n, at);
		in_take(&s->in, (size_t)n);
	} else {
		ok = stream(s, f->message, n);
	}
	if (ok)
		s->sink->ops->end(s->sink);
	return ok;
}

/* Copies n bytes of an unknown field aside. */
static bool keep_bytes(struct image_source *s, uint64_t n)
{
	const uint8_t *p;

	while (n) {
		size_t k = in_some(&s->in, n, &p);

		if (!k)
			return image_source_bad(s, "cut short");
		if (!spool_put(&s->unknown, p, k))
			return false;
		n -= k;
	}
	return true;
}

static bool keep_varint(struct image_source *s, uint64_t v)
{
	uint8_t b[WIRE_VARINT_MAX];

	return spool_put(&s->unknown, b, (size_t)(wire_put_varint(b, v) - b));
}

/* Puts an unknown field aside, its tag first; groups with all they hold. */
static bool keep(struct image_source *s, uint64_t end, uint64_t tag, bool *odd)
{
	uint32_t open[WIRE_DEPTH_MAX];
	uint64_t v;
	int depth = 0;

	for (;;) {
		uint32_t number = (uint32_t)(tag >> 3);

		if (!keep_varint(s, tag))
			return false;
		switch (tag & 7) {
		case WIRE_VARINT:
			if (!read_varint(s, end, &v, odd) || !keep_varint(s, v))
				return false;
			break;
		case WIRE_I64:
		case WIRE_I32:
			v = (tag & 7) == WIRE_I64 ? 8 : 4;
			if (end - in_offset(&s->in) < v)
				return image_source_bad(s, "truncated value");
			if (!keep_bytes(s, v))
				return false;
			break;
		case WIRE_LEN:
			if (!read_varint(s, end, &v, odd) || !keep_varint(s, v))
				return false;
			if (v > end - in_offset(&s->in))
				return image_source_bad(s, "length runs past the end of its "
					   "message");
			if (!keep_bytes(s, v))
				return false;
			break;
		case WIRE_GROUP:
			if (depth == WIRE_DEPTH_MAX)
				return image_source_bad(s, "groups nested too deep");
			open[depth++] = number;
			break;
		case WIRE_GROUP_END:
			if (!depth || open[--depth] != number)
				return image_source_bad(s, "end of a group that did not begin");
			break;
		default:
			return image_source_bad(s, "invalid wire type");
		}
		if (!depth)
			return true;
		if (in_offset(&s->in) >= end)
			return image_source_bad(s, "unterminated group");
		if (!read_varint(s, end, &tag, odd))
			return false;
		if (!(tag >> 3) || tag > UINT32_MAX)
			return image_source_bad(s, "invalid field number");
	}
}

static bool give_unknown(struct image_source *s, struct level *l)
{
	uint8_t buf[4096];
	size_t n;

	for (uint64_t at = l->unknown_at; at < spool_size(&s->unknown); at += n) {
		n = spool_read(&s->unknown, at, buf, sizeof(buf));
		if (!n)
			return false;
		s->sink->ops->unknown(s->sink, buf, n, false);
	}
	s->sink->ops->unknown(s->sink, "", 0, true);
	spool_cut(&s->unknown, l->unknown_at);
	return true;
}

/* Whether field number may come now; out of order is too much for a message
 * that does not fit into memory. */
static bool in_order(struct image_source *s, struct level *l, uint32_t number,
		     const struct field *f)
{
	bool again = number == l->last;
	bool repeated = f && f->label == LABEL_REPEATED && !f->packed;

	if (number < l->last || (again && l->last_known && !repeated))
		return image_source_bad(s, "fields out of order in a message too large to "
			   "put it in order");
	l->last = number;
	l->last_known = f;
	return true;
}

static void enter_field(struct image_source *s, struct level *l,
			const struct field *f)
{
	struct image_frame *at = &s->frame[s->depth - 1];
	bool repeated = f && f->label == LABEL_REPEATED;

	if (l->list && l->list != f) {
		s->sink->ops->list_end(s->sink);
		l->list = NULL;
	}
	if (f && at->field == f && repeated) {
		at->index++;
	} else {
		at->field = f;
		at->index = repeated ? 0 : -1;
	}
	if (repeated && !l->list) {
		s->sink->ops->list(s->sink, f);
		l->list = f;
	}
}

static bool stream_value(struct image_source *s, struct level *l,
			 const struct field *f, uint8_t wire, bool *odd)
{
	uint64_t v;

	if (wire != WIRE_LEN) {
		if (!read_scalar(s, l->end, wire, &v, odd))
			return false;
		*odd |= f->packed;
		give_number(s, f, v, odd);
		return !error_is(s->err);
	}
	if (!read_varint(s, l->end, &v, odd))
		return false;
	if (v > l->end - in_offset(&s->in))
		return image_source_bad(s, "length runs past the end of its message");
	if (f->kind == KIND_MESSAGE)
		return stream_message(s, f, v);
	if (kind_is_number(f->kind))
		return stream_packed(s, f, v, odd);
	return stream_bytes(s, f, v);
}

static bool stream_field(struct image_source *s, struct level *l)
{
	uint64_t at = in_offset(&s->in), tag;
	const struct field *f;
	bool odd = false, ok;

	if (!read_varint(s, l->end, &tag, &odd))
		return false;
	if (!(tag >> 3) || tag > UINT32_MAX)
		return image_source_bad(s, "invalid field number");
	f = message_field(l->m, (uint32_t)(tag >> 3));
	if (walk_fit(f, tag & 7) == FIT_UNKNOWN)
		f = NULL;
	enter_field(s, l, f);
	if (!in_order(s, l, (uint32_t)(tag >> 3), f))
		return false;
	if (f) {
		l->seen |= f->required;
		ok = stream_value(s, l, f, tag & 7, &odd);
	} else {
		l->unknown = true;
		ok = keep(s, l->end, tag, &odd);
	}
	if (ok && odd)
		image_source_odd(s, at);
	return ok;
}

static bool stream(struct image_source *s, const struct message *m, uint64_t n)
{
	struct level l = {
		.m = m, .end = in_offset(&s->in) + n,
		.unknown_at = spool_size(&s->unknown),
	};

	if (s->depth == WIRE_DEPTH_MAX)
		return image_source_bad(s, "messages nested too deep");
	s->frame[s->depth++] = (struct image_frame){ NULL, -1 };
	while (in_offset(&s->in) < l.end)
		if (!stream_field(s, &l))
			return false;
	enter_field(s, &l, NULL);
	s->depth--;
	if (l.seen != m->required)
		warn_missing(s, m, NULL, 0, l.seen);
	return !l.unknown || give_unknown(s, &l);
}

static bool entry_cut(struct image_source *s, uint32_t n)
{
	if (error_is(s->err))
		return false;
	error_set(s->err, CRIT_EDATA, "entry of %" PRIu32
		  " bytes runs past the end of the image", n);
	s->err->offset = (int64_t)s->entry_at;
	s->err->entry = (int64_t)s->entries;
	return false;
}

static bool skip_message(struct image_source *s, uint32_t n)
{
	return in_skip(&s->in, n) || entry_cut(s, n);
}

/* The message of one entry, n bytes after its size. */
static bool entry_message(struct image_source *s, uint32_t n)
{
	const struct message *m = s->entries ? s->image.type->rest :
		s->image.type->first;
	const uint8_t *p = NULL;
	bool ok;

	if (s->skip_messages && !s->image.type->extra)
		return skip_message(s, n);
	if (n <= CRIT_FLAT_MAX)
		p = in_peek(&s->in, n);
	if (n > s->in.size - in_offset(&s->in) ||
	    (n <= CRIT_FLAT_MAX && !p))
		return entry_cut(s, n);
	s->sink->ops->entry(s->sink, m);
	s->entry_begun = true;
	if (!p)
		return stream(s, m, n);
	ok = image_source_flat(s, m, p, n, in_offset(&s->in));
	if (ok && s->image.type->extra)
		note_flat(s, m, p, n);
	in_take(&s->in, n);
	return ok;
}

int image_source_next(struct image_source *s, struct sink *sink)
{
	const uint8_t *p = in_peek(&s->in, 4);
	uint32_t n;

	s->sink = sink;
	s->depth = 0;
	s->entry_begun = false;
	if (!p) {
		if (!error_is(s->err) && in_avail(&s->in))
			image_source_bad(s, "truncated entry size");
		return error_is(s->err) ? -1 : 0;
	}
	n = wire_get32(p);
	s->entry_at = in_offset(&s->in);
	in_take(&s->in, 4);
	memset(&s->says, 0, sizeof(s->says));
	if (!entry_message(s, n))
		return -1;
	s->payload_bytes += n;
	if (s->image.type->extra && !extra_source(s))
		return -1;
	sink->ops->entry_end(sink);
	if (error_is(s->err))
		return -1;
	s->entries++;
	return 1;
}

/* Entries that lie in the window, by the sink's own way. */
static void run(struct image_source *s, struct sink *sink)
{
	const struct image_type *t = s->image.type;
	uint64_t n = 0;
	size_t taken;

	if (!sink->ops->run || CRIT_FLAT_MAX < IN_PEEK_MAX || t->extra ||
	    s->skip_messages ||
	    (!s->entries && t->first != t->rest) || !in_peek(&s->in, 4))
		return;
	taken = sink->ops->run(sink, t->rest, s->in.buf + s->in.pos,
			       in_avail(&s->in), &n);
	in_take(&s->in, taken);
	s->entries += n;
	s->payload_bytes += taken - 4 * n;
}

bool image_source_run(struct image_source *s, struct sink *sink)
{
	int r;

	sink->ops->image(sink, &s->image);
	do
		run(s, sink);
	while ((r = image_source_next(s, sink)) > 0);
	if (!r)
		sink->ops->image_end(sink);
	else if (sink->ops->fail)
		sink->ops->fail(sink, s->err);
	return !r && !error_is(s->err);
}

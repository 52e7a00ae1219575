// SPDX-License-Identifier: MIT
/*
 * A message that fits into the window, in one piece; and what is said of
 * messages that are not as they should be.
 */
#include "event/bulk.h"
#include "image/read_parts.h"
#include "base/alloc.h"
#include "event/normalize.h"
#include "event/message.h"

#include <stdio.h>
#include <string.h>

enum { CANON_MAX = CANON_GROWTH * IN_PEEK_MAX };

/* The way to the field being read, into err. */
static void place(struct image_source *s, struct crit_error *err)
{
	if (s->image.name && !err->image[0])
		snprintf(err->image, sizeof(err->image), "%s", s->image.name);
	err->entry = (int64_t)s->entries;
	for (int i = 0; i < s->depth; i++)
		if (s->frame[i].field)
			message_path(err, s->frame[i].field->name,
				  s->frame[i].index);
}

bool image_bad(struct image_source *s, const char *what)
{
	if (error_is(s->err))
		return false;
	place(s, s->err);
	s->err->offset = (int64_t)in_offset(&s->in);
	return error_set(s->err, CRIT_EDATA, "%s", what);
}

void image_odd(struct image_source *s, uint64_t at)
{
	struct crit_error w;

	if (s->warned_bytes)
		return;
	s->warned_bytes = true;
	error_clear(&w);
	place(s, &w);
	w.offset = (int64_t)at;
	error_set(&w, CRIT_EDATA, "warning: fields are encoded in an "
		"unusual way; crit-encode will not reproduce these bytes");
	if (s->warn)
		s->warn(s->ctx, &w);
}

void image_misfit(struct image_source *s, const struct message *m,
		  const uint8_t *p, size_t n, uint64_t at)
{
	struct crit_error w;

	if (s->warned_misfit)
		return;
	s->warned_misfit = true;
	error_clear(&w);
	place(s, &w);
	w.offset = 0;
	if (p)
		message_explain_misfit(m, p, n, &w);
	else
		message_say_misfit(&w);
	w.offset += (int64_t)at;
	if (s->warn)
		s->warn(s->ctx, &w);
}

void image_warn_missing(struct image_source *s, const struct message *m,
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
		message_missing(m, p, n, &text);
	else
		message_say_missing(m, seen, &text);
	snprintf(w.path, sizeof(w.path), "%s", text.path);
	error_set(&w, CRIT_EDATA, "warning: %.200s", text.what);
	if (s->warn)
		s->warn(s->ctx, &w);
}

/* The sink's own way; or events for each field of what was found regular, for
 * sinks whose output is gone once it was made (documents, cores). */
static enum flat deliver(struct sink *sink, const struct message *m,
			 const uint8_t *p, size_t n)
{
	const struct bulk_ops *bulk = sink_bulk(sink);

	return bulk->flat ? bulk->flat(sink, m, p, n) :
		message_whole(sink, m, p, n);
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
	if (!normalize(m, p, *n, s->rewritten, CANON_MAX, n)) {
		image_bad(s, "too irregular to be put in order");
		return NULL;
	}
	memset(s->rewritten + *n, 0, WIRE_SLOP);
	return s->rewritten;
}

/* What the sink did not take as it was: put in order, or as events. */
static enum flat deliver_odd(struct image_source *s, const struct message *m,
			     const uint8_t *p, size_t n, uint64_t at)
{
	enum flat r;

	s->sink->missing = false;
	r = message_check(m, p, n, &s->sink->missing);
	if (r == FLAT_IRREGULAR) {
		image_odd(s, at);
		p = rewrite(s, m, p, &n);
		if (!p)
			return FLAT_BAD;
		s->sink->missing = false;
		r = message_check(m, p, n, &s->sink->missing);
		if (r == FLAT_OK)
			r = deliver(s->sink, m, p, n);
	}
	if (r == FLAT_MISFIT) {
		image_misfit(s, m, p, n, at);
		message_emit_misfit(s->sink, m, p, n);
		return FLAT_OK;
	}
	/* what the sink took back must not get lost */
	if (r == FLAT_IRREGULAR)
		image_bad(s, "too irregular to be put in order");
	return r;
}

bool image_flat(struct image_source *s, const struct message *m,
		       const uint8_t *p, size_t n, uint64_t at)
{
	enum flat r;

	s->sink->missing = false;
	r = deliver(s->sink, m, p, n);
	if (r == FLAT_OK && !s->sink->missing)
		return !error_is(s->err);
	return image_settle(s, m, p, n, at, r);
}

bool image_settle(struct image_source *s, const struct message *m,
		  const uint8_t *p, size_t n, uint64_t at, enum flat r)
{
	if (r != FLAT_OK && !error_is(s->err))
		r = deliver_odd(s, m, p, n, at);
	if (r == FLAT_BAD && !error_is(s->err)) {
		place(s, s->err);
		message_explain(m, p, n, s->err);
		if (s->err->offset >= 0)
			s->err->offset += (int64_t)at;
	}
	if (s->sink->missing && r == FLAT_OK)
		image_warn_missing(s, m, p, n, 0);
	return !error_is(s->err);
}

void image_note_flat(struct image_source *s, const struct message *m,
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
		if (message_fit(f, w.type) == FIT_VALUE &&
		    kind_is_number(f->kind) && message_holds(f, &w))
			extra_note(&s->says, s->image.type, f,
				   kind_value(f->kind, w.value));
	}
}

// SPDX-License-Identifier: MIT
/*
 *   head, unknown magic ─► bytes up to the end ─► sink.raw
 */
#include "image/read_parts.h"

#include <stdio.h>

static const struct other_magic *find_other(const struct schema *schema,
					    uint32_t magic)
{
	for (size_t i = 0; i < schema->n_others; i++)
		if (schema->others[i].magic == magic)
			return &schema->others[i];
	return NULL;
}

bool image_source_raw(struct image_source *s)
{
	const uint8_t *p = s->in.buf ? in_peek(&s->in, 4) : NULL;
	const struct other_magic *other;

	if (s->err->code != CRIT_EDATA || !s->image.head || s->image.type || !p)
		return false;
	other = find_other(s->schema, wire_get32(p));
	if (other && !other->image)
		return false;
	error_clear(s->err);
	if (s->image.name)
		snprintf(s->err->image, sizeof(s->err->image), "%s",
			 s->image.name);
	schema_unknown_type(&s->raw, wire_get32(p));
	in_take(&s->in, 4);
	s->image.type = &s->raw.type;
	return true;
}

static void warn_raw(struct image_source *s)
{
	const struct other_magic *other = find_other(s->schema, s->raw.type.magic);
	struct crit_error w = *s->err;

	error_set(&w, CRIT_EDATA, "warning: magic %s is unknown%s%s%s; its bytes "
		  "are kept as they are", s->raw.name, other ? " (" : "",
		  other ? other->about : "", other ? ", in no release of CRIU)" : "");
	if (s->warn)
		s->warn(s->ctx, &w);
}

bool image_run_raw(struct image_source *s, struct sink *sink)
{
	size_t n;

	warn_raw(s);
	event_image(sink, &s->image);
	do {
		in_fill(&s->in, RAW_PIECE);
		n = in_avail(&s->in);
		n = n < RAW_PIECE ? n : RAW_PIECE;
		if (sink->ops->raw && (n || !s->payload_bytes))
			sink->ops->raw(sink, s->in.buf + s->in.pos, n);
		in_take(&s->in, n);
		s->payload_bytes += n;
	} while (n == RAW_PIECE && !error_is(s->err));
	if (!error_is(s->err))
		event_image_end(sink);
	else if (sink->ops->fail)
		sink->ops->fail(sink, s->err);
	return !error_is(s->err);
}

bool image_raw_file(const struct schema *schema, const char *name,
		    struct crit_error *err)
{
	const struct raw_type *t = schema_raw_file(schema, name);

	if (!t)
		return false;
	snprintf(err->image, sizeof(err->image), "%s", name);
	error_set(err, CRIT_EDATA, "a raw image without entries: %s%s%s", t->about,
		  t->reader ? "; read it with " : "", t->reader ? t->reader : "");
	return true;
}

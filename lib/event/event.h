/* SPDX-License-Identifier: MIT
 *
 * The one interface between sources and sinks.
 *
 *   image bytes -> image_source -+           +-> json_sink    (crit-decode)
 *   documents   -> json_source  -+-> sink  --+-> image_sink   (crit-encode)
 *                                            +-> count_sink   (crit-info)
 *                                            +-> model        (crit-x)
 *
 * A source calls, for each image:
 *
 *   image
 *     entry
 *       ( number | bytes.. | begin CONTENT end
 *       | list ( number | bytes.. | begin CONTENT end ).. list_end
 *       | unknown.. )..                       = CONTENT
 *     entry_end
 *   image_end
 *
 * Values are typed by their field: a sink never parses, a source never
 * formats. Fields come in whatever order the source has them (image_source:
 * ascending numbers). What follows an entry (extra) comes as further content
 * of that entry, after its own fields, under the made-up fields of extra.h.
 *
 * Errors stick in *err, which source and sinks of a run share; calls after an
 * error do nothing, and the source asks once per entry.
 */
#ifndef CRIT_EVENT_EVENT_H
#define CRIT_EVENT_EVENT_H

#include "base/error.h"
#include "codec/wire.h"
#include "schema/schema.h"

/* Whole groups of base64. */
enum { RAW_PIECE = (48 << 10) / CRIT_SCALE / 3 * 3 };

struct image {
	const char *name;		/* base name; NULL: unnamed stream */
	const struct image_type *type;
	enum head head;			/* as found; usual is type->head */
};

struct sink;

struct bulk_ops;

/* Each may be NULL: the sink does not look at it. */
struct sink_ops {
	void (*image)(struct sink *, const struct image *);
	void (*image_end)(struct sink *);
	void (*entry)(struct sink *, const struct message *);
	void (*entry_end)(struct sink *);

	void (*begin)(struct sink *, const struct field *);
	void (*end)(struct sink *);
	void (*list)(struct sink *, const struct field *);
	void (*list_end)(struct sink *);

	/* The value of any integer kind, bool or enum: signed kinds are sign-
	 * extended, unsigned zero-extended. */
	void (*number)(struct sink *, const struct field *, uint64_t);

	/* A string or bytes, in one or more pieces; the last says so. Source
	 * knows nothing of UTF-8: strings may hold any bytes. */
	void (*bytes)(struct sink *, const struct field *, const void *,
		      size_t, bool last);

	/* Fields that the schema does not know, as raw wire bytes (whole
	 * fields, ascending), in one or more pieces, once per message. */
	void (*unknown)(struct sink *, const void *, size_t, bool last);

	/* Between entries: the image has another head than was said. Sets *err
	 * where it is too late for that. */
	void (*head)(struct sink *, enum head);

	/* Bytes of an image with an unknown magic (its type has no messages), in
	 * place of entries: RAW_PIECE bytes at a time; the last piece is
	 * shorter and may be empty. NULL: they are skipped. */
	void (*raw)(struct sink *, const void *, size_t);

	/* The image could not be read to its end: *err says why. Called in
	 * place of image_end, wherever the source was. */
	void (*fail)(struct sink *, const struct crit_error *err);

	const struct bulk_ops *bulk;	/* bulk.h: faster ways */
};

struct sink {
	const struct sink_ops *ops;
	struct crit_error *err;
	bool missing;	/* set where a required field is not there */
};

/* What sources call. */

static inline void event_image(struct sink *s, const struct image *im)
{
	if (s->ops->image)
		s->ops->image(s, im);
}

static inline void event_image_end(struct sink *s)
{
	if (s->ops->image_end)
		s->ops->image_end(s);
}

static inline void event_entry(struct sink *s, const struct message *m)
{
	if (s->ops->entry)
		s->ops->entry(s, m);
}

static inline void event_entry_end(struct sink *s)
{
	if (s->ops->entry_end)
		s->ops->entry_end(s);
}

static inline void event_begin(struct sink *s, const struct field *f)
{
	if (s->ops->begin)
		s->ops->begin(s, f);
}

static inline void event_end(struct sink *s)
{
	if (s->ops->end)
		s->ops->end(s);
}

static inline void event_list(struct sink *s, const struct field *f)
{
	if (s->ops->list)
		s->ops->list(s, f);
}

static inline void event_list_end(struct sink *s)
{
	if (s->ops->list_end)
		s->ops->list_end(s);
}

static inline void event_number(struct sink *s, const struct field *f,
				uint64_t v)
{
	if (s->ops->number)
		s->ops->number(s, f, v);
}

static inline void event_bytes(struct sink *s, const struct field *f,
			       const void *p, size_t n, bool last)
{
	if (s->ops->bytes)
		s->ops->bytes(s, f, p, n, last);
}

static inline void event_unknown(struct sink *s, const void *p, size_t n,
				 bool last)
{
	if (s->ops->unknown)
		s->ops->unknown(s, p, n, last);
}

#endif

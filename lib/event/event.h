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

enum flat {
	FLAT_OK,
	FLAT_MISFIT,	/* regular, but it holds values that do not fit their
			   fields: those are unknown fields (message.h) */
	FLAT_IRREGULAR,	/* bytes that protobuf allows and nobody writes: the
			   source rewrites them (normalize.h) and calls again */
	FLAT_BAD,	/* not this message; the source finds out why and where */
};

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

	/* May be NULL. The CONTENT of a message (no begin, no end) that lies
	 * in memory as a whole, WIRE_SLOP readable bytes after it. The sink
	 * does what the calls above would have done, or takes back what it
	 * did and says why not. */
	enum flat (*flat)(struct sink *, const struct message *,
			  const uint8_t *, size_t);

	/* May be NULL. Between entries: the image has another head than was
	 * said. Sets *err where it is too late for that. */
	void (*head)(struct sink *, enum head);

	/* May be NULL: they are passed over. Bytes of an image whose magic is
	 * unknown (its type has no messages), in place of entries; RAW_PIECE
	 * at a time but for the last of an image, which may be empty. */
	void (*raw)(struct sink *, const void *, size_t);

	/* May be NULL, where flat is not. mark: where the sink is, before a
	 * list, begin and flat of which flat may say no; rewind: back there,
	 * as if those calls had not been. */
	void (*mark)(struct sink *);
	void (*rewind)(struct sink *);

	/* May be NULL. The content of a message that is known to be regular and to
	 * have all its required fields. No sloppy bytes, no taking back. */
	void (*content)(struct sink *, const struct message *,
			const uint8_t *, size_t);

	/* May be NULL. So many whole entries, of an image that has no extra,
	 * as they lie in it: size, content, size, content; each known like
	 * that. In place of entry, content, entry_end. */
	void (*entries)(struct sink *, const uint8_t *, size_t,
			uint64_t count);

	/* May be NULL. A run of entries of this message as they lie in an
	 * image that has no extra: size, content, size, content; WIRE_SLOP
	 * readable bytes after the n. Takes whole entries from its beginning,
	 * in place of entry, flat, entry_end, and counts them; leaves the
	 * first that is irregular, bad, incomplete or lacks a required field.
	 * Returns the bytes taken. */
	size_t (*run)(struct sink *, const struct message *, const uint8_t *,
		      size_t, uint64_t *count);

	/* May be NULL. The image could not be read to its end: *err says why.
	 * Called in place of image_end, wherever the source was. */
	void (*fail)(struct sink *, const struct crit_error *err);
};

struct sink {
	const struct sink_ops *ops;
	struct crit_error *err;
	bool missing;	/* set by flat where a required field is not there */
};

#endif

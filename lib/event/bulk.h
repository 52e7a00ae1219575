/* SPDX-License-Identifier: MIT
 *
 * Fast lanes: a sink that has these takes whole messages, entries, or runs of
 * entries as they lie in memory, in place of an event for each field. It does
 * what the events would have done. A sink without them works, more slowly.
 */
#ifndef CRIT_EVENT_BULK_H
#define CRIT_EVENT_BULK_H

#include "event/event.h"

enum flat {
	FLAT_OK,
	FLAT_MISFIT,	/* regular, but it holds values that do not fit their
			   fields: those are unknown fields (message.h) */
	FLAT_IRREGULAR,	/* valid bytes in an unusual encoding: the source
			   rewrites them (normalize.h) and calls again */
	FLAT_BAD,	/* not this message; the source finds out why and where */
};

/* Each may be NULL. */
struct bulk_ops {
	/* The CONTENT of a message (no begin, no end), all of it in memory, with
	 * WIRE_SLOP readable bytes after it. On failure the sink undoes its
	 * output and returns the reason. */
	enum flat (*flat)(struct sink *, const struct message *,
			  const uint8_t *, size_t);

	/* Only with flat. mark: where the sink is, before a list, begin and
	 * flat of which flat may say no; rewind: back there, as if those calls
	 * had not been. */
	void (*mark)(struct sink *);
	void (*rewind)(struct sink *);

	/* The content of a message that is known to be regular and to have all
	 * its required fields. No sloppy bytes, no taking back. */
	void (*content)(struct sink *, const struct message *,
			const uint8_t *, size_t);

	/* So many whole entries, of an image that has no extra, as they lie in
	 * it: size, content, size, content; each known like that. In place of
	 * entry, content, entry_end. */
	void (*entries)(struct sink *, const uint8_t *, size_t,
			uint64_t count);

	/* A run of entries of this message as they lie in an image that has no
	 * extra: size, content, size, content; WIRE_SLOP readable bytes after
	 * the n. Takes whole entries from its beginning, in place of entry,
	 * flat, entry_end, and counts them; leaves the first that is irregular,
	 * bad, incomplete or lacks a required field. Returns the bytes taken. */
	size_t (*run)(struct sink *, const struct message *, const uint8_t *,
		      size_t, uint64_t *count);
};

/* The lanes of a sink; none, if it has none. */
static inline const struct bulk_ops *sink_bulk(const struct sink *s)
{
	static const struct bulk_ops none;

	return s->ops->bulk ? s->ops->bulk : &none;
}

#endif

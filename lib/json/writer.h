/* SPDX-License-Identifier: MIT
 *
 * A format in which images are written as text:
 *
 *	const struct writer_format writer_NAME = {
 *		.name = "NAME", ...
 *	};
 *
 * in a file of its own, which the Makefile finds (yaml/formats.h).
 *
 *   source ─► writer.sink ─► text of the format ─► struct out
 */
#ifndef CRIT_JSON_WRITER_H
#define CRIT_JSON_WRITER_H

#include "base/buffer.h"
#include "event/event.h"

struct writer {
	const struct writer_format *format;

	/* Set by the caller before writer_open. */
	bool named;		/* documents say which image they hold */
	bool newline;		/* after a lone document of CRIT's JSON, too */
	bool pretty;		/* names for numbers */

	struct sink *sink;	/* takes the events */
	struct out *out;	/* gets the text; stays the caller's */
	void *state;		/* the format's own */
};

struct writer_format {
	const char *name;	/* as -f has it */
	const char *about;

	/* Makes sink and state. False and *err: no memory. */
	bool (*open)(struct writer *, struct crit_error *err);

	/* An image that cannot be read at all, in place of its events. */
	void (*refuse)(struct writer *, const char *name,
		       const struct crit_error *why);

	/* A raw image that is passed over, for the end record. */
	void (*passed)(struct writer *, const char *name);

	/* The end record, after the last of the named images. */
	void (*end)(struct writer *);

	/* Moves the text so far to out, which is not flushed. last: it is
	 * complete. */
	void (*flush)(struct writer *, bool last);

	/* Frees state. What was not flushed is lost. */
	void (*close)(struct writer *);
};

extern const struct writer_format writer_records, writer_json;

/* The same by way of the format; after a writer_open that failed, and on a
 * writer of zeros, writer_close does nothing. */
bool writer_open(struct writer *w, struct out *out, struct crit_error *err);
void writer_close(struct writer *w);

static inline void writer_refuse(struct writer *w, const char *name,
				 const struct crit_error *why)
{
	w->format->refuse(w, name, why);
}

static inline void writer_passed(struct writer *w, const char *name)
{
	w->format->passed(w, name);
}

static inline void writer_end(struct writer *w)
{
	w->format->end(w);
}

/* Sends what there is: for in.drain, with the struct writer. */
void writer_drain(void *writer);

/* The end of the text: sends all of it. False: it could not be written. */
bool writer_finish(struct writer *w);

#endif

/* SPDX-License-Identifier: MIT
 *
 * A message that lies in memory as a whole, by its schema. All functions:
 * n bytes at p, WIRE_SLOP readable bytes after them.
 */
#ifndef CRIT_EVENT_MESSAGE_H
#define CRIT_EVENT_MESSAGE_H

#include "event/bulk.h"
#include "codec/wire.h"

/* How a field on the wire and a field of the schema go together, by their
 * types alone. */
enum fit { FIT_VALUE, FIT_PACKED, FIT_UNKNOWN };

static inline enum fit message_fit(const struct field *f, unsigned wire)
{
	if (!f)
		return FIT_UNKNOWN;
	if (wire == kind_wire(f->kind))
		return FIT_VALUE;
	return f->label == LABEL_REPEATED && kind_is_number(f->kind) &&
	       wire == WIRE_LEN ? FIT_PACKED : FIT_UNKNOWN;
}

/* Whether the value fits field f: a number in range; for a message or a packed
 * list, bytes that parse. A value that does not fit is treated as an unknown
 * field; in a list, so are all elements after it. */
bool message_holds(const struct field *f, const struct wire_field *w);

/* Whether the bytes are canonical: fields in number order, singular ones once,
 * minimal varints, lists packed as declared, at every depth. *missing is set if
 * a required field is absent; a field whose value does not fit counts as
 * present. */
enum flat message_check(const struct message *m, const uint8_t *p, size_t n,
		     bool *missing);

/* Calls sink for the content of m, which message_check found well. */
void message_emit(struct sink *sink, const struct message *m, const uint8_t *p,
	       size_t n);

/* Both, one after the other: what message_check says, and for FLAT_OK the events. */
enum flat message_whole(struct sink *sink, const struct message *m,
			const uint8_t *p, size_t n);

/* Both in one pass, for a sink that can take back what it was given: FLAT_OK, or
 * FLAT_IRREGULAR where message_check finds anything else. */
enum flat message_pass(struct sink *sink, const struct message *m,
		       const uint8_t *p, size_t n);

/* The fields of it that are unknown by their numbers or types. */
void message_emit_unknown(struct sink *sink, const struct message *m,
			  const uint8_t *p, size_t n);

/* message_emit where message_check found FLAT_MISFIT. */
void message_emit_misfit(struct sink *sink, const struct message *m,
			 const uint8_t *p, size_t n);

/* explain.c: why and where message_check rejected a message: sets path, offset
 * (from p) and what of err. err->path already holds the path to m. */
void message_explain(const struct message *m, const uint8_t *p, size_t n,
		  struct crit_error *err);

/* The first field that does not fit, likewise. */
void message_explain_misfit(const struct message *m, const uint8_t *p, size_t n,
			    struct crit_error *err);
void message_say_misfit(struct crit_error *err);

/* The first message that lacks required fields: path and what. */
void message_missing(const struct message *m, const uint8_t *p, size_t n,
		  struct crit_error *err);

/* Appends ".name" or ".name[index]" (index < 0: none) to err->path. */
void message_path(struct crit_error *err, const char *name, int64_t index);

/* "required fields are missing: pid, ppid" into err. */
void message_say_missing(const struct message *m, uint64_t seen,
		      struct crit_error *err);

/* message.c and explain.c: the fields of a message, one after another. */
struct message_walk {
	const struct message *m;
	const uint8_t *p, *end;
	bool careful;		/* look whether values fit */
	struct wire_field w;	/* the field */
	const struct field *f;	/* of that number, or NULL */
	enum fit fit;		/* FIT_UNKNOWN: not a value of f */
	uint32_t last;		/* number of the field before */
	bool last_known;
};

static inline struct message_walk message_walk(const struct message *m,
					       const uint8_t *p, size_t n,
					       bool careful)
{
	return (struct message_walk){
		.m = m, .p = p, .end = p + n, .careful = careful,
	};
}

/* The next field; false at the end, or where the bytes are no field: *what. */
static inline bool message_next(struct message_walk *k, const char **what)
{
	bool again, after;

	*what = NULL;
	if (k->p >= k->end)
		return false;
	again = k->last_known;
	k->p = wire_field(k->p, k->end, &k->w, what);
	if (!k->p)
		return false;
	k->f = message_field(k->m, k->w.number);
	k->fit = message_fit(k->f, k->w.type);
	after = k->w.number == k->last && !again;
	if (k->fit != FIT_UNKNOWN && k->careful &&
	    ((after && k->f->label == LABEL_REPEATED) ||
	     !message_holds(k->f, &k->w)))
		k->fit = FIT_UNKNOWN;
	k->last = k->w.number;
	k->last_known = k->fit != FIT_UNKNOWN;
	return true;
}

#endif

/* SPDX-License-Identifier: MIT
 *
 * A message that lies in memory as a whole, by its schema. All functions:
 * n bytes at p, WIRE_SLOP readable bytes after them.
 */
#ifndef CRIT_EVENT_MESSAGE_H
#define CRIT_EVENT_MESSAGE_H

#include "event/event.h"
#include "codec/wire.h"

/* How a field on the wire and a field of the schema go together. */
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

/* The value of a scalar as events have it, from its raw bits. */
static inline uint64_t message_value(uint8_t kind, uint64_t raw)
{
	switch (kind) {
	case KIND_UINT32:
		return (uint32_t)raw;
	case KIND_INT32:
	case KIND_ENUM:
	case KIND_SFIXED32:
		return (uint64_t)(int64_t)(int32_t)raw;
	case KIND_SINT32:
		return (uint64_t)(int64_t)(int32_t)wire_unzigzag((uint32_t)raw);
	case KIND_SINT64:
		return (uint64_t)wire_unzigzag(raw);
	case KIND_BOOL:
		return raw != 0;
	default:
		return raw;
	}
}

/* Whether a writer of this kind would have written these raw bits. */
bool message_canonical(uint8_t kind, uint64_t raw);

/* Whether these are the bytes that a writer makes: fields in number order,
 * singular ones once, minimal varints, lists packed as declared, all the way
 * down. *missing is set where a required field is not there. */
enum flat message_check(const struct message *m, const uint8_t *p, size_t n,
		     bool *missing);

/* Calls sink for the content of m, which message_check found well. */
void message_emit(struct sink *sink, const struct message *m, const uint8_t *p,
	       size_t n);

/* Why and where message_check found it bad: path, offset (from p) and what of
 * err, whose path holds the way to m already. */
void message_explain(const struct message *m, const uint8_t *p, size_t n,
		  struct crit_error *err);

/* The first message that lacks required fields: path and what. */
void message_missing(const struct message *m, const uint8_t *p, size_t n,
		  struct crit_error *err);

/* Appends ".name" or ".name[index]" (index < 0: none) to err->path. */
void message_path(struct crit_error *err, const char *name, int64_t index);

/* "missing required pid, ppid" into err. */
void message_say_missing(const struct message *m, uint64_t seen,
		      struct crit_error *err);

#endif

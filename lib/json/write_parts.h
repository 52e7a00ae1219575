/* SPDX-License-Identifier: MIT
 *
 * The parts of json_sink: documents and records (write.c), what stands
 * between values (write_parts.c), bytes and text of any length (write_bytes.c).
 * o is where to write, within the room that was asked for last.
 */
#ifndef CRIT_JSON_WRITE_PARTS_H
#define CRIT_JSON_WRITE_PARTS_H

#include "json/fast_write.h"

#include <string.h>

/* Room for JSON_ROOM bytes; up to where they were written. */
static inline char *json_room(struct json_sink *j)
{
	return (char *)out_room(j->out, JSON_ROOM);
}

static inline void json_done(struct json_sink *j, const char *end)
{
	j->out->pos = (size_t)(end - (const char *)j->out->buf);
}

static inline char *json_put(char *o, const char *s)
{
	size_t n = strlen(s);

	memcpy(o, s, n);
	return o + n;
}

/* Comma and white space before the next element of the open scope. */
char *json_separate(struct json_sink *j, char *o);

char *json_escape_key(struct json_sink *j, char *o, const char *key);

/* Up to where the value of f begins: elements of a list have no key. */
char *json_before(struct json_sink *j, const struct field *f);

/* hex: numbers in it, under --pretty */
char *json_open_scope(struct json_sink *j, char *o, char open, char close,
		      bool hex);
char *json_close_scope(struct json_sink *j, char *o);

/* The beginning of a record, up to its entries. */
char *json_put_prefix(struct json_sink *j);

/* write_raw.c: ends the "raw" of a document, if there is one. */
void json_end_raw(struct json_sink *j);
void json_sink_raw(struct sink *sink, const void *p, size_t n);

/* The events. */
void json_sink_bytes(struct sink *sink, const struct field *f, const void *p,
		     size_t n, bool last);
void json_sink_unknown(struct sink *sink, const void *p, size_t n, bool last);

#endif

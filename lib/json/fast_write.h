/* SPDX-License-Identifier: MIT
 *
 * Between write.c, where events become text, and fast_write.c, where a
 * whole message in memory does so in one pass. Both write the same bytes
 * (make PLAIN=1 builds without the second).
 */
#ifndef CRIT_JSON_FAST_WRITE_H
#define CRIT_JSON_FAST_WRITE_H

#include "json/write.h"

enum {
	/* room kept for one field: its key, four times indentation (at most
	 * 4 * JSON_DEPTH), a symbolic value or a piece of text */
	JSON_ROOM = 8192,
	JSON_PIECE = 512,	/* bytes of a string or of bytes at a time */
};

enum flat json_flat(struct sink *sink, const struct message *m,
		    const uint8_t *p, size_t n);
size_t json_run(struct sink *sink, const struct message *m, const uint8_t *p,
		size_t n, uint64_t *count);

/* fast_write_text.c: a string or bytes at o. NULL: the unit is no good. */
char *json_flat_text(struct json_sink *j, char *o, const struct field *f,
		     const uint8_t *p, size_t n, int depth);

/* Sends what there is. Once a part of the unit is sent it cannot be taken
 * back: so all of it is checked before. NULL where it turns out no good. */
char *json_flat_spill(struct json_sink *j, char *o);

static inline char *json_flat_room(struct json_sink *j, char *o)
{
	return __builtin_expect(o > j->limit, 0) ? json_flat_spill(j, o) : o;
}

extern const struct field json_field_unknown;		/* bytes "_unknown" */

char *json_number(char *o, struct json_sink *j, const struct field *f,
		  uint64_t v, bool hex);
char *json_indent(char *o, int depth);

#endif

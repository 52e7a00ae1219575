/* SPDX-License-Identifier: MIT
 *
 * The parts of json_source: keys (read_key.c), values (read_value.c), entries
 * (read_entry.c), what follows them (read_extra.c).
 */
#ifndef CRIT_JSON_READ_VALUE_H
#define CRIT_JSON_READ_VALUE_H

#include "json/read.h"

/* Most numbers: plain digits of a value that the kind can hold. */
static inline bool json_plain(struct json_source *s, const struct field *f,
			      uint64_t *value)
{
	const uint8_t *p = json_window(s->j), *end;

	if (f->kind >= KIND_BOOL)
		return false;
	end = json_digits(p, value);
	if (!end || *end == '.' || (*end | 0x20) == 'e')
		return false;
	if (*value > kind_table[f->kind].max)
		return false;
	in_take(s->j->in, (size_t)(end - p));
	return true;
}

/* A value of field f, of any kind but message, to the sink. */
bool json_value(struct json_source *s, const struct field *f);

/* Base64 text (a string, or a list of strings that are one text) to the sink
 * as one bytes event; or as the unknown fields of a message, f NULL. */
bool json_base64(struct json_source *s, const struct field *f);

/* Says that m has no such key. NULL. */
const struct field *json_no_key(struct json_source *s, const struct message *m,
				const char *name, size_t n);

/* After a key or an opening bracket: the next key of this object. NULL at its
 * end, or after an error. prev: the key before, or NULL. */
const struct field *json_key(struct json_source *s, const struct message *m,
			     const struct field *prev);

/* read_name.c: the name of an image into s->image; a string that is the name of
 * a unix socket to the sink, at once or at the end of its message m, between
 * begin and end; and what tells whose it is. */
bool json_image_name(struct json_source *s, size_t *n);
bool json_name(struct json_source *s, const struct field *f);
void json_name_begin(struct json_source *s);
bool json_name_end(struct json_source *s);
void json_note_number(struct json_source *s, const struct field *f,
		      bool string, uint64_t value);
void json_note_message(struct json_source *s, const struct message *m);

/* The made-up field of that key. */
extern const struct field json_unknown;

/* The same for the bytes of an image with an unknown magic. */
extern const struct field json_raw;

/* An object as the content of m; of an entry where top. */
bool json_message(struct json_source *s, const struct message *m, int depth,
		  bool top);

/* The value of an entry's key "extra". */
bool json_extra(struct json_source *s);

/* The value of a document's key "end": read_end.c. */
bool json_end_value(struct json_source *s);

/* Marks f as seen, or says that it is there twice. */
bool json_once(struct json_source *s, uint64_t seen[4], const struct field *f);

/* Puts "name" or "name[index]" before the path of a data error. False. */
bool json_path(struct json_source *s, const struct field *f, int64_t index);

/* Reads from a spool what was put aside there. */
struct json_replay {
	struct json j, *outer;
	struct in in;
};
bool json_replay(struct json_source *s, struct spool *from, uint64_t line,
		 uint64_t column, struct json_replay *r);

/* Back to the text that was read before. False: an error, or not all read. */
bool json_replay_end(struct json_source *s, struct json_replay *r);

#endif

/* SPDX-License-Identifier: MIT
 *
 * JSON of reports, built key by key: one object a line, or indented by four.
 */
#ifndef CRIT_JSON_TEXT_H
#define CRIT_JSON_TEXT_H

#include "base/buffer.h"
#include "schema/schema.h"

struct json_text {
	struct out *out;
	bool indented;
	bool more;		/* something stands before the next key */
	int depth;		/* brackets that are open */
};

void json_text_begin(struct json_text *r, struct out *out);	/* { */
void json_text_end(struct json_text *r);			/* } and a newline */

/* Above 2^53-1 a decimal string. */
void json_text_number(struct json_text *r, const char *key, uint64_t v);
void json_text_signed(struct json_text *r, const char *key, int64_t v);
void json_text_null(struct json_text *r, const char *key);
void json_text_bool(struct json_text *r, const char *key, bool v);
void json_text_hex(struct json_text *r, const char *key, uint64_t v);	/* "0x.." */

/* As its field shows it: a name, flags, hexadecimal, a device. */
void json_text_field(struct json_text *r, const char *key,
		     const struct field *f, uint64_t v);

/* A string; {"base64": ...} where the bytes are not UTF-8. */
void json_text_text(struct json_text *r, const char *key, const void *p, size_t n);
void json_text_string(struct json_text *r, const char *key, const char *s);
void json_text_base64(struct json_text *r, const char *key, const void *p, size_t n);

/* A message of at most 511 bytes; bytes that are not UTF-8 come out as "?". */
void json_text_message(struct json_text *r, const char *key, const char *text);

/* Lists and objects; elements and the outermost have the key NULL. The end of
 * the outermost is the end of a line. */
void json_text_open(struct json_text *r, const char *key, char bracket);
void json_text_close(struct json_text *r, char bracket);

/* n bytes for a terminal: control characters, backslashes and what is not
 * UTF-8 as \xNN. */
void json_text_plain(struct out *out, const void *p, size_t n);

#endif

/* SPDX-License-Identifier: MIT
 *
 * One JSON object a line, built key by key.
 */
#ifndef CRIT_RECORD_H
#define CRIT_RECORD_H

#include "buffer.h"

struct record {
	struct out *out;
	bool more;		/* something stands before the next key */
};

void record_begin(struct record *r, struct out *out);	/* { */
void record_end(struct record *r);			/* } and a newline */

/* Above 2^53-1 a decimal string. */
void record_number(struct record *r, const char *key, uint64_t v);
void record_hex(struct record *r, const char *key, uint64_t v);	/* "0x.." */

/* A string; {"base64": ...} where the bytes are not UTF-8. */
void record_text(struct record *r, const char *key, const void *p, size_t n);
void record_string(struct record *r, const char *key, const char *s);

/* Lists and objects; elements have the key NULL. */
void record_open(struct record *r, const char *key, char bracket);
void record_close(struct record *r, char bracket);

/* n bytes for a terminal: control characters, backslashes and what is not
 * UTF-8 as \xNN. */
void record_plain(struct out *out, const void *p, size_t n);
void record_printf(struct out *out, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif

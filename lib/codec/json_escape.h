/* SPDX-License-Identifier: MIT
 *
 * Strings as JSON text: ASCII only, escaped as CRIT (Python) does it.
 */
#ifndef CRIT_CODEC_JSON_ESCAPE_H
#define CRIT_CODEC_JSON_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

enum { JSON_GROWTH = 6 };	/* most bytes out for one in */

/* Integers with a larger absolute value are strings in records and reports:
 * programs that compute with doubles would change them. */
#define JSON_SAFE ((UINT64_C(1) << 53) - 1)

/* Writes n bytes of valid UTF-8 at out, without quotes; returns the byte
 * after. Room for JSON_GROWTH * n + 8. */
char *json_escape_text(char *out, const uint8_t *p, size_t n);

/* A file name (at most 255 bytes), which may be any bytes: a string, or
 * {"base64":"..."}. Room for JSON_NAME_MAX. */
enum { JSON_NAME_MAX = JSON_GROWTH * 255 + 32 };
char *json_escape_name(char *out, const char *name);

/* The value of the four hex digits at p; -1 where one of them is none: bytes after
 * it are not read. */
int json_hex4(const uint8_t *p);

/* The character that a backslash and c stand for; -1 where JSON has no such
 * escape (\u is not one character). */
int json_unescape(uint8_t c);

/* A message, in quotes; bytes that are not UTF-8 come out as "?". */
char *json_escape_message(char *out, const char *text);

#endif

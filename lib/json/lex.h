/* SPDX-License-Identifier: MIT
 *
 * JSON text, token by token, as RFC 8259 has it and no laxer. No token is ever
 * in memory as a whole: strings come in pieces. Functions that return bool say
 * false after an error, with its line and column.
 */
#ifndef CRIT_JSON_LEX_H
#define CRIT_JSON_LEX_H

#include "base/buffer.h"
#include "schema/pretty_read.h"

enum {
	JSON_DIGITS = 18,	/* longer numbers go the slow way (json_rounded) */
	JSON_TOKEN_MAX = 512,	/* numbers and escapes are shorter than this */
	JSON_DEPTH_MAX = 512,	/* brackets within brackets, when passing over */
};

static const uint32_t json_powers[9] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
};

struct json {
	struct in *in;
	struct crit_error *err;
	uint64_t counted;	/* lines are counted up to this offset */
	uint64_t line;		/* line of counted, from 1 */
	uint64_t line_start;	/* where it starts */
	uint8_t escape[4];	/* what an escape stood for */
};

/* At the first byte of in; passes over a byte order mark. */
bool json_open(struct json *j, struct in *in);

/* The same in the middle of a text, where line and column are known. */
void json_resume(struct json *j, struct in *in, uint64_t line, uint64_t column);

void json_place(struct json *j, uint64_t *line, uint64_t *column);

/* Sets an error of the data with the place of the next token. */
bool json_error(struct json *j, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The same: "expected WHAT", and what is there in its place. */
bool json_expected(struct json *j, const char *what);

/* Counts lines up to here; before any call that moves the window. */
void json_count(struct json *j);

void json_more(struct json *j);		/* for json_window */
uint8_t json_space(struct json *j);	/* for json_peek */

/* Makes the next JSON_TOKEN_MAX bytes contiguous, or those up to the end of a
 * line, which no token goes past (a record that is there is not held up by the
 * next one), or all that are left: the bytes after those are zero. */
static inline const uint8_t *json_window(struct json *j)
{
	if (in_avail(j->in) < JSON_TOKEN_MAX)
		json_more(j);
	return j->in->buf + j->in->pos;
}

/* The first byte of the next token, which is not taken; 0 at the end (or at a
 * NUL, which no token begins with). */
static inline uint8_t json_peek(struct json *j)
{
	uint8_t c = *json_window(j);

	return c > ' ' ? c : json_space(j);
}

/* Takes the token c, or says that what was expected. */
static inline bool json_take(struct json *j, uint8_t c)
{
	char what[2] = { (char)c };

	if (json_peek(j) != c)
		return json_expected(j, what);
	in_take(j->in, 1);
	return true;
}

/* Whether all is read but space. */
static inline bool json_at_end(struct json *j)
{
	return !json_peek(j) && !in_avail(j->in);
}

/* After an element: takes the comma before the next one and says true, or the
 * closing bracket and says false; false after an error, too. */
bool json_next(struct json *j, uint8_t close);

/* Decimal digits at p without sign or leading zero: returns the byte after
 * them, or NULL where there are none, or too many for this way. */
static inline const uint8_t *json_digits(const uint8_t *p, uint64_t *value)
{
	uint64_t v = 0;
	size_t n = 0;

	*value = (uint64_t)*p - '0';
	if (*value < 10 && (uint8_t)(p[1] - '0') > 9)
		return p + 1;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && !defined(CRIT_PLAIN)
	size_t k = 8;

	/* eight at a time: bytes above 9 end the number; then neighbours are
	   joined to pairs, fours, eights */
	for (; n < 16 && k == 8; n += k) {
		uint64_t w, high;

		memcpy(&w, p + n, 8);
		w ^= UINT64_C(0x3030303030303030);
		high = ((w + UINT64_C(0x7676767676767676)) | w) &
			UINT64_C(0x8080808080808080);
		k = high ? (size_t)__builtin_ctzll(high) / 8 : 8;
		if (!k)
			break;
		w <<= 64 - 8 * k;
		w = 10 * w + (w >> 8);
		w = ((w & UINT64_C(0xff000000ff)) * UINT64_C(0xf424000000064) +
		     (w >> 16 & UINT64_C(0xff000000ff)) *
		     UINT64_C(0x271000000001)) >> 32;
		v = v * json_powers[k] + (uint32_t)w;
	}
#endif
	for (; n < JSON_DIGITS && (uint8_t)(p[n] - '0') < 10; n++)
		v = 10 * v + (p[n] - '0');
	*value = v;
	return !n || n == JSON_DIGITS || (*p == '0' && n > 1) ? NULL : p + n;
}

/* Takes an integer; whatever its notation, it has no fraction. */
bool json_integer(struct json *j, struct integer *i);

/* Takes this word (true, false, null), or says that what was expected. */
bool json_word(struct json *j, const char *word, const char *what);

/* Takes a string of less than cap bytes; puts a NUL after them. */
bool json_text(struct json *j, char *buf, size_t cap, size_t *n);

/* Takes a string in pieces: after its quote is taken, each call gives a valid
 * piece of UTF-8 (maybe empty) until *last. Good until the next call. */
bool json_piece(struct json *j, const uint8_t **p, size_t *n, bool *last);

/* The first byte at p or after it that is a quote, a backslash or a control
 * character; there is one (the zeros behind the window). */
const uint8_t *json_run_end(const uint8_t *p);

/* At a backslash within a string: takes the escape, which stands for the n
 * bytes at escape (one character); 0 after an error. */
size_t json_escape(struct json *j);

/* Passes over a value; copies one, as it stands and whether it is valid or
 * not, up to the bracket or quote that ends it. */
bool json_skip(struct json *j);
bool json_copy(struct json *j, struct spool *to);

/* Where the value at the next token ends within the window: what comes after
 * it, 0 where that is not to be seen. */
uint8_t json_after(struct json *j);

#endif

// SPDX-License-Identifier: MIT
/*
 *   JSON string ─► pieces of UTF-8, without escapes
 */
#include "json/lex.h"
#include "codec/json_escape.h"
#include "codec/utf8.h"

#if defined(__SSE2__) && !defined(CRIT_PLAIN)
#include <emmintrin.h>

const uint8_t *json_run_end(const uint8_t *p)
{
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
	const __m128i control = _mm_set1_epi8(0x1f);

	for (;; p += 16) {
		__m128i v = _mm_loadu_si128((const void *)p);
		__m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, quote),
					   _mm_cmpeq_epi8(v, slash));
		int mask;

		hit = _mm_or_si128(hit, _mm_cmpeq_epi8(
				   _mm_max_epu8(v, control), control));
		mask = _mm_movemask_epi8(hit);
		if (mask)
			return p + __builtin_ctz((unsigned)mask);
	}
}
#else
const uint8_t *json_run_end(const uint8_t *p)
{
	while (*p != '"' && *p != '\\' && *p > 0x1f)
		p++;
	return p;
}
#endif

/* \uXXXX, two of them where the first is half of a pair. */
static size_t unicode_escape(struct json *j, const uint8_t *p)
{
	int c = json_hex4(p + 2);
	uint32_t first;

	if (c < 0)
		return json_error(j, "\\u without four hex digits");
	first = (uint32_t)c;
	if (!utf8_is_first(first) && !utf8_is_second(first)) {
		in_take(j->in, 6);
		return utf8_put(j->escape, first);
	}
	c = utf8_is_first(first) && p[6] == '\\' && p[7] == 'u' ?
		json_hex4(p + 8) : -1;
	if (!utf8_is_second((uint32_t)c))
		return json_error(j, "half of a surrogate pair: no character");
	in_take(j->in, 12);
	return utf8_put(j->escape, utf8_pair(first, (uint32_t)c));
}

size_t json_escape(struct json *j)
{
	const uint8_t *p = json_window(j);
	int c;

	if (p[1] == 'u')
		return unicode_escape(j, p);
	c = json_unescape(p[1]);
	if (c < 0)
		return json_error(j, "an escape that JSON does not have");
	in_take(j->in, 2);
	j->escape[0] = (uint8_t)c;
	return 1;
}

static bool bad_byte(struct json *j)
{
	uint8_t c = *json_window(j);

	if (!in_avail(j->in))
		return json_error(j, "the text ends within a string: truncated?");
	if (c < 0x20)
		return json_error(j, "control character 0x%02x in a string", c);
	return json_error(j, "not UTF-8");
}

/* The run of plain characters at the cursor: its length, or 0 and an error.
 * One across the window's end, and what is none, come with the next piece. */
static size_t plain_run(struct json *j, const uint8_t *p)
{
	size_t n, avail = in_avail(j->in), valid;
	bool partial;

	n = (size_t)(json_run_end(p) - p);
	if (n > avail)
		n = avail;
	valid = utf8_span(p, n, &partial);
	return valid ? valid : bad_byte(j);
}

bool json_piece(struct json *j, const uint8_t **p, size_t *n, bool *last)
{
	const uint8_t *q = json_window(j);

	*last = false;
	*p = q;
	if (*q == '\\') {
		*p = j->escape;
		*n = json_escape(j);
		if (!*n)
			return false;
	} else if (*q == '"') {
		*n = 0;
	} else if (*q < 0x20) {
		return bad_byte(j);
	} else {
		*n = plain_run(j, q);
		if (!*n)
			return false;
		in_take(j->in, *n);
	}
	if (j->in->buf[j->in->pos] == '"' && in_avail(j->in)) {
		in_take(j->in, 1);
		*last = true;
	}
	return true;
}

bool json_text(struct json *j, char *buf, size_t cap, size_t *n)
{
	const uint8_t *p;
	bool last = false;
	size_t k = 0;

	if (json_peek(j) != '"')
		return json_expected(j, "a string");
	json_window(j);
	in_take(j->in, 1);
	for (*n = 0; !last; *n += k) {
		if (!json_piece(j, &p, &k, &last))
			return false;
		if (k >= cap - *n) {
			/* at the first byte too many */
			if (p != j->escape)
				j->in->pos = (size_t)(p - j->in->buf) +
					cap - 1 - *n;
			return json_error(j, "string too long: more than "
					  "%zu bytes", cap - 1);
		}
		memcpy(buf + *n, p, k);
	}
	buf[*n] = 0;
	return true;
}

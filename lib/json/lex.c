// SPDX-License-Identifier: MIT
#include "json/lex.h"

#include <stdio.h>

#if defined(__x86_64__) && !defined(CRIT_PLAIN)
#include <emmintrin.h>
#endif

static uint64_t newlines(const uint8_t *p, size_t n)
{
	uint64_t lines = 0;

#if defined(__x86_64__) && !defined(CRIT_PLAIN)
	const __m128i newline = _mm_set1_epi8('\n'), zero = _mm_setzero_si128();
	__m128i sum = zero;

	for (; n >= 16; p += 16, n -= 16) {
		__m128i v = _mm_loadu_si128((const void *)p);

		v = _mm_sub_epi8(zero, _mm_cmpeq_epi8(newline, v));
		sum = _mm_add_epi64(sum, _mm_sad_epu8(v, zero));
	}
	lines = (uint64_t)_mm_cvtsi128_si64(sum) +
		(uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(sum, sum));
#endif
	for (; n; p++, n--)
		lines += *p == '\n';
	return lines;
}

void json_count(struct json *j)
{
	const uint8_t *buf = j->in->buf, *p, *end = buf + j->in->pos;
	const uint8_t *last;

	p = buf + (j->counted - j->in->base);
	last = memrchr(p, '\n', (size_t)(end - p));
	if (last) {
		j->line += newlines(p, (size_t)(last + 1 - p));
		j->line_start = j->in->base + (uint64_t)(last + 1 - buf);
	}
	j->counted = in_offset(j->in);
}

void json_place(struct json *j, uint64_t *line, uint64_t *column)
{
	json_count(j);
	*line = j->line;
	*column = j->counted - j->line_start + 1;
}

void json_resume(struct json *j, struct in *in, uint64_t line, uint64_t column)
{
	j->in = in;
	j->err = in->err;
	j->counted = in_offset(in);
	j->line = line;
	j->line_start = j->counted - (column - 1);
}

bool json_open(struct json *j, struct in *in)
{
	const uint8_t *p;
	size_t n;

	json_resume(j, in, 1, 1);
	in_fill(in, 3);
	p = json_window(j);
	n = in_avail(in);
	if (n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3))
		in_take(in, 3);
	else if (n >= 2 && (!memcmp(p, "\xff\xfe", 2) ||
			    !memcmp(p, "\xfe\xff", 2) || !p[0] || !p[1]))
		return json_error(j, "UTF-16 or UTF-32, or no text at all: JSON "
				  "is read as UTF-8 (see iconv)");
	j->line_start = in_offset(in);
	return !error_is(j->err);
}

bool json_error(struct json *j, const char *fmt, ...)
{
	uint64_t line, column;
	char what[256];
	va_list ap;

	if (error_is(j->err))
		return false;
	json_peek(j);
	if (error_is(j->err))
		return false;	/* of reading on */
	json_place(j, &line, &column);
	j->err->line = (int64_t)line;
	j->err->column = (int64_t)column;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return error_set(j->err, CRIT_EDATA, "%s", what);
}

bool json_expected(struct json *j, const char *what)
{
	uint8_t c = json_peek(j);
	const uint8_t *null = c == 'n' ? in_peek(j->in, 4) : NULL;
	char quote = what[1] ? 0 : '\'';

	/* also what is left empty in YAML */
	if (null && !memcmp(null, "null", 4))
		return json_error(j, "expected %.1s%s%.1s, found null", &quote, what,
				  &quote);
	if (!c && !in_avail(j->in))
		return json_error(j, "expected %.1s%s%.1s, found the end of the "
				  "text: truncated?", &quote, what, &quote);
	if (c < 0x20 || c > 0x7e)
		return json_error(j, "expected %.1s%s%.1s, found byte 0x%02x",
				  &quote, what, &quote, c);
	return json_error(j, "expected %.1s%s%.1s, found '%c'", &quote, what,
			  &quote, c);
}

void json_more(struct json *j)
{
	struct in *in = j->in;
	size_t n;

	while ((n = in_avail(in)) < JSON_TOKEN_MAX && !in->eof &&
	       !memchr(in->buf + in->pos, '\n', n)) {
		json_count(j);
		in_fill(in, n + 1);
	}
}

uint8_t json_space(struct json *j)
{
	for (;;) {
		const uint8_t *start = json_window(j), *p = start;

		while (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r')
			p++;
		in_take(j->in, (size_t)(p - start));
		if (*p > ' ' || in_avail(j->in))
			return *p;
		if (j->in->eof)
			return 0;
	}
}

bool json_next(struct json *j, uint8_t close)
{
	uint8_t c = json_peek(j);

	if (c == close) {
		in_take(j->in, 1);
		return false;
	}
	if (c != ',')
		return json_expected(j, close == ']' ? "',' or ']'" :
				     "',' or '}'");
	in_take(j->in, 1);
	if (json_peek(j) == close)
		return json_error(j, "a comma before the closing bracket");
	return true;
}

static const uint8_t *digits(const uint8_t *p)
{
	while ((uint8_t)(*p - '0') < 10)
		p++;
	return p;
}

/* Fraction and exponent, after the digits that end at p. */
static bool rest_of_number(struct json *j, const uint8_t *start,
			   const uint8_t *p, struct integer *i)
{
	const uint8_t *q = p, *all = p;
	const char *wrong;

	if (*p == '.') {
		q = digits(p + 1);
		if (q == p + 1)
			return json_error(j, "a number without digits after its dot");
		p = q;
	}
	if ((*p | 0x20) == 'e') {
		p += p[1] == '+' || p[1] == '-' ? 2 : 1;
		q = digits(p);
		if (q == p)
			return json_error(j, "a number without digits in its "
					  "exponent");
	}
	if (q - start >= JSON_TOKEN_MAX)
		return json_error(j, "a number that is too long");
	wrong = (q == all ? integer_read : integer_read_float)
		((const char *)start, (size_t)(q - start), i);
	if (wrong && q == all)
		return json_error(j, "%.*s does not fit 64 bits; a program such as "
				  "jq 1.6 may have rounded it; use records (the "
				  "default)", (int)(q - start < 40 ? q - start : 40),
				  (const char *)start);
	if (wrong)
		return json_error(j, "%s", wrong);
	in_take(j->in, (size_t)(q - start));
	return true;
}

bool json_integer(struct json *j, struct integer *i)
{
	const uint8_t *start = (json_peek(j), json_window(j)), *p = start, *q;
	uint64_t v = 0;

	i->negative = *p == '-';
	p += i->negative;
	for (q = p; (uint8_t)(*q - '0') < 10; q++)
		v = 10 * v + (*q - '0');
	if (q == p)
		return json_expected(j, "a number");
	if (*p == '0' && q - p > 1)
		return json_error(j, "a number with a leading zero");
	if (*q == '.' || (*q | 0x20) == 'e' || q - p > 19)
		return rest_of_number(j, start, q, i);
	i->size = v;
	in_take(j->in, (size_t)(q - start));
	return true;
}

bool json_word(struct json *j, const char *word, const char *what)
{
	size_t n = strlen(word);
	const uint8_t *p;

	json_peek(j);
	p = json_window(j);
	if (memcmp(p, word, n) || (uint8_t)((p[n] | 0x20) - 'a') < 26)
		return json_expected(j, what);
	in_take(j->in, n);
	return true;
}

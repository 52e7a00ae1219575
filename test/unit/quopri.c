// SPDX-License-Identifier: MIT
#include "codec/quopri.h"
#include "codec/quopri_read.h"
#include "test.h"

enum { MAX = 400 };

static bool first_break_is_crlf(const uint8_t *p, size_t n)
{
	const uint8_t *lf = n ? memchr(p, '\n', n) : NULL;

	return lf && lf > p && lf[-1] == '\r';
}

/* Writes p in pieces of step bytes at most. */
static size_t write_cut(char *out, const uint8_t *p, size_t n, size_t step)
{
	struct quopri q;
	char *at = out;
	size_t from = 0, to = step < n ? step : n;

	quopri_begin(&q, first_break_is_crlf(p, n));
	for (;;) {
		/* of its own size: a sanitizer sees what lies after */
		uint8_t *piece = malloc(to - from + 1);
		size_t used = 0;

		memcpy(piece, p + from, to - from);
		at = quopri_put(&q, at, piece, to - from, to == n, &used);
		free(piece);
		from += used;
		if (to == n)
			return (size_t)(at - out);
		to = to + step < n ? to + step : n;
	}
}

static bool read_cut(const char *text, size_t n, size_t cut, uint8_t *out,
		     size_t *size)
{
	struct quopri_read q = { 0 };
	uint8_t *at = out;
	const uint8_t *p = (const uint8_t *)text;
	bool bad = quopri_read(&q, p, cut, &at) ||
		quopri_read(&q, p + cut, n - cut, &at) || quopri_read_end(&q);

	*size = (size_t)(at - out);
	return !bad;
}

/* What CRIT (Python's quopri) writes. */
static const struct {
	const uint8_t *p;
	size_t n;
	const char *text;
} line[] = {
	{ S(""), "" },
	{ S("\0abstract"), "=00abstract" },
	{ S("a=b"), "a=3Db" },
	{ S("\x7f\x80\xff~}"), "=7F=80=FF~}" },
	{ S("a b\tc"), "a b\tc" },
	{ S("end "), "end=20" },
	{ S("end\t"), "end=09" },
	{ S("."), "=2E" },
	{ S(".."), ".." },
	{ S(".a"), ".a" },
	{ S(".\n."), "=2E\n=2E" },
	{ S(".\ra"), "=2E\ra" },
	{ S(".\0a"), "=2E=00a" },
	{ S("a\nb"), "a\nb" },
	{ S("a \nb"), "a=20\nb" },
	{ S("a\r\nb\r\n"), "a\r\nb\r\n" },
	{ S("a \r\nb"), "a=20\r\nb" },
	{ S("a\rb"), "a\rb" },
	{ S("\x01\x1f"), "=01=1F" },
};

static void lines(void)
{
	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		char got[200];

		test_case = line[i].text;
		CHECK_BYTES(got, write_cut(got, line[i].p, line[i].n, MAX),
			    line[i].text, strlen(line[i].text));
	}
}

/* CRIT changes one of them; ours are escaped and come back. */
static void mixed_breaks_come_back(void)
{
	static const char *const text[] = {
		"a\nb\r\nc", "a\r\nb\nc", "\n\r\n", "\r\n\n", "a \nb \r\n",
	};

	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++) {
		char out[200];
		uint8_t back[200];
		size_t n = strlen(text[i]), k, size;

		test_case = text[i];
		k = write_cut(out, (const uint8_t *)text[i], n, MAX);
		CHECK(read_cut(out, k, 0, back, &size));
		CHECK_BYTES(back, size, text[i], n);
	}
}

static uint8_t a_byte(void)
{
	static const char likely[] = "\n\n\r\r\n \t.=\0aZ~";

	return test_random() % 3 ? (uint8_t)likely[test_random() % sizeof(likely)] :
		(uint8_t)test_random();
}

static void every_cut(void)
{
	for (unsigned i = 0; i < 3000; i++) {
		uint8_t p[MAX], back[MAX * QUOPRI_GROWTH];
		char want[MAX * QUOPRI_GROWTH], got[MAX * QUOPRI_GROWTH];
		size_t n = test_random() % (i % 4 ? 12 : MAX), k, size;
		bool words = i % 3 == 0;

		for (size_t j = 0; j < n; j++)
			p[j] = words && j % 40 ? (uint8_t)('a' + j % 26) : a_byte();
		k = write_cut(want, p, n, MAX);
		for (size_t step = 3; step <= n; step++)
			CHECK_BYTES(got, write_cut(got, p, n, step), want, k);
		for (size_t cut = 0; cut <= k; cut++) {
			CHECK(read_cut(want, k, cut, back, &size));
			CHECK_BYTES(back, size, p, n);
		}
		for (size_t j = 0; j < k; j++)
			CHECK((uint8_t)want[j] < 0x7f);
	}
}

static void lines_stay_short(void)
{
	uint8_t p[MAX];
	char text[MAX * QUOPRI_GROWTH];
	size_t column = 0, k;

	memset(p, 'a', MAX);
	p[100] = '=';
	k = write_cut(text, p, MAX, MAX);
	for (size_t i = 0; i < k; i++) {
		column = text[i] == '\n' ? 0 : column + 1;
		CHECK(column <= 76);
	}
}

static void as_others_write_it(void)
{
	static const struct {
		const char *text;
		const uint8_t *p;
		size_t n;
	} other[] = {
		{ "=3d", S("=") },		/* lower case */
		{ "a=\nb", S("ab") },		/* soft break */
		{ "a=\r\nb", S("ab") },
		{ "tilde~ space tab\t.", S("tilde~ space tab\t.") },
	};

	for (size_t i = 0; i < sizeof(other) / sizeof(*other); i++)
		for (size_t cut = 0; cut <= strlen(other[i].text); cut++) {
			uint8_t got[64];
			size_t size;

			test_case = other[i].text;
			CHECK(read_cut(other[i].text, strlen(other[i].text), cut,
				       got, &size));
			CHECK_BYTES(got, size, other[i].p, other[i].n);
		}
}

/* Python lets them pass, each in some way. */
static void what_is_refused(void)
{
	static const char *const bad[] = {
		"=", "a=", "==", "=4", "=g0", "=0g", "=\r", "=\rx", "= \n",
		"\xc3\xa4",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		for (size_t cut = 0; cut <= strlen(bad[i]); cut++) {
			uint8_t got[64];
			size_t size;

			test_case = bad[i];
			CHECK(!read_cut(bad[i], strlen(bad[i]), cut, got, &size));
		}
}

int main(void)
{
	RUN(lines);
	RUN(mixed_breaks_come_back);
	RUN(every_cut);
	RUN(lines_stay_short);
	RUN(as_others_write_it);
	RUN(what_is_refused);
	return test_end();
}

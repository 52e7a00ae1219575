// SPDX-License-Identifier: MIT
#include "test.h"
#include "codec/utf8.h"

/* Text, how much of it is valid, and whether more bytes could help. */
static const struct {
	const uint8_t *p;
	size_t n;
	size_t span;
	bool partial;
} line[] = {
	{ S(""), 0, false },
	{ S("abc"), 3, false },
	{ S("a\0b"), 3, false },
	{ S("\x7f"), 1, false },
	{ S("\xc2\x80"), 2, false },
	{ S("\xdf\xbf"), 2, false },
	{ S("\xe0\xa0\x80"), 3, false },
	{ S("\xed\x9f\xbf"), 3, false },
	{ S("\xee\x80\x80"), 3, false },
	{ S("\xef\xbf\xbf"), 3, false },
	{ S("\xf0\x90\x80\x80"), 4, false },
	{ S("\xf4\x8f\xbf\xbf"), 4, false },
	{ S("a\x80"), 1, false },		/* a tail alone */
	{ S("a\xff"), 1, false },
	{ S("a\xfe"), 1, false },
	{ S("\xc0\x80"), 0, false },		/* overlong */
	{ S("\xc1\xbf"), 0, false },
	{ S("\xe0\x9f\xbf"), 0, false },
	{ S("\xf0\x8f\xbf\xbf"), 0, false },
	{ S("\xed\xa0\x80"), 0, false },	/* surrogates */
	{ S("\xed\xbf\xbf"), 0, false },
	{ S("\xf4\x90\x80\x80"), 0, false },	/* above U+10FFFF */
	{ S("\xf5\x80\x80\x80"), 0, false },
	{ S("\xc2"), 0, true },
	{ S("abcdefgh\xe2\x82"), 8, true },
	{ S("abcdefgh\xe2"), 8, true },
	{ S("abcdefgh\xf0\x9f\x98"), 8, true },
	{ S("\xe0\x9f"), 0, false },
	{ S("\xed\xa0"), 0, false },
	{ S("\xf4\x90"), 0, false },
	{ S("\xe2\x28"), 0, false },
	{ S("\xe2\x82\x28"), 0, false },
	{ S("abcdefghijklmnopqrstuvwxyz0123456789\xe2\x82\xac!"), 40, false },
	{ S("abcdefghijklmnopqrstuvwxyz0123456789\xe2\x82\xac\xff"), 39, false },
};

static void lines(void)
{
	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		/* of its own size: a sanitizer sees what lies after */
		uint8_t *p = malloc(line[i].n + 1);
		bool partial = false;
		char name[16];

		snprintf(name, sizeof(name), "line %zu", i);
		test_case = name;
		memcpy(p, line[i].p, line[i].n);
		CHECK_NUMBER(utf8_span(p, line[i].n, &partial), line[i].span);
		CHECK_NUMBER(partial, line[i].partial);
		CHECK(utf8_valid(p, line[i].n) == (line[i].span == line[i].n));
		free(p);
	}
}

static void every_character(void)
{
	for (uint32_t c = 0; c < 0x110000; c++) {
		uint8_t b[8];
		size_t n, size = 0;

		if (c >= 0xd800 && c < 0xe000)
			continue;
		n = utf8_put(b, c);
		if (!CHECK(utf8_valid(b, n)) ||
		    !CHECK_NUMBER(utf8_char(b, &size), c) ||
		    !CHECK_NUMBER(size, n))
			break;
		for (size_t k = 1; k < n; k++) {
			bool partial = false;

			CHECK_NUMBER(utf8_span(b, k, &partial), 0);
			CHECK(partial);
		}
	}
}

int main(void)
{
	RUN(lines);
	RUN(every_character);
	return test_end();
}

// SPDX-License-Identifier: MIT
/*
 * JSON tokens, and the places in messages, for each cut of the text.
 */
#include "json/lex.h"
#include "feed.h"

#include <inttypes.h>

static char said[512];

/* The tokens of a text as one line; an error ends it. */
static void walk(struct json *j, int depth)
{
	char text[64], word[80] = "";
	struct integer i;
	size_t n;
	uint8_t c = json_peek(j);

	if (c == '"') {
		if (json_text(j, text, sizeof(text), &n))
			snprintf(word, sizeof(word), "s%zu ", n);
	} else if (c == '[') {
		strcat(said, "[ ");
		in_take(j->in, 1);
		if (json_peek(j) == ']')
			in_take(j->in, 1);
		else
			do
				walk(j, depth + 1);
			while (!error_is(j->err) && json_next(j, ']'));
		strcpy(word, "] ");
	} else if (c == 't') {
		if (json_word(j, "true", "true"))
			strcpy(word, "true ");
	} else if (json_integer(j, &i)) {
		snprintf(word, sizeof(word), "%s%" PRIu64 " ",
			 i.negative ? "-" : "", i.size);
	}
	if (!error_is(j->err))
		strcat(said, word);
}

static void lex(const char *text, size_t cut, size_t step)
{
	struct crit_error err;
	struct json j;
	struct in in;

	error_clear(&err);
	*said = 0;
	feed_bytes((const uint8_t *)text, strlen(text));
	feed.cut = cut;
	feed.step = step;
	CHECK(in_open(&in, feed.fd, &err));
	if (json_open(&j, &in)) {
		walk(&j, 0);
		if (!error_is(&err) && !json_at_end(&j))
			json_expected(&j, "the end");
	}
	if (error_is(&err))
		snprintf(said, sizeof(said), "%" PRIu64 ":%" PRIu64 " %s",
			 err.line, err.column, err.what);
	in_close(&in);
}

static const struct { const char *text, *want; } cases[] = {
	{ "[1, -22 ,\"abc\",true,[ ]]", "[ 1 -22 s3 true [ ] ] " },
	{ "\xef\xbb\xbf 7\n", "7 " },
	{ "\"\\u00e9\\n\\ud83d\\ude00\"", "s7 " },
	{ "18446744073709551615", "18446744073709551615 " },
	{ "[1e3,12.50e1, 100E-2]", "[ 1000 125 1 ] " },
	{ "[1,\n 2,\n  x]", NULL },
	{ "[1\n,01]", NULL },
	{ "\"a\nb\"", NULL },
	{ "\"\\ud800\"", NULL },
	{ "[1,2", NULL },
	{ "tru", NULL },
	{ "[1]]", NULL },
};

/* Each cut says what the whole says; errors have their line. */
static void cuts(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *text = cases[i].text;
		char whole[512];

		test_case = text;
		lex(text, 0, 0);
		strcpy(whole, said);
		if (cases[i].want)
			CHECK_TEXT(whole, cases[i].want);
		else
			CHECK(*whole >= '1' && *whole <= '9' && strchr(whole, ':'));
		for (size_t cut = 0; cut <= strlen(text); cut++) {
			lex(text, cut, 0);
			CHECK_TEXT(said, whole);
		}
		lex(text, 0, 1);
		CHECK_TEXT(said, whole);
	}
}

static void places(void)
{
	lex("[1,\n 2,\n  x]", 0, 0);
	CHECK(!strncmp(said, "3:3 ", 4));
	lex("[1]]", 0, 0);
	CHECK(!strncmp(said, "1:4 ", 4));
	lex("[1\n,01]", 0, 0);
	CHECK(!strncmp(said, "2:2 ", 4));
}

int main(void)
{
	feed_init();
	RUN(cuts);
	RUN(places);
	return test_end();
}

// SPDX-License-Identifier: MIT
#include "yaml/scalar.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

struct word {
	const char *text;
	enum scalar is;
};

/* What readers of YAML 1.2 see in a plain scalar. */
static const struct word words[] = {
	{ "", SCALAR_NULL }, { "~", SCALAR_NULL }, { "null", SCALAR_NULL },
	{ "Null", SCALAR_NULL }, { "NULL", SCALAR_NULL },
	{ "true", SCALAR_TRUE }, { "True", SCALAR_TRUE },
	{ "TRUE", SCALAR_TRUE }, { "false", SCALAR_FALSE },
	{ "False", SCALAR_FALSE }, { "FALSE", SCALAR_FALSE },
};

/* What some reader takes for no string, however it is capitalised. Numbers
 * and dates do not begin with a letter. */
static const char *const odd_words[] = {
	"null", "true", "false", "yes", "no", "on", "off", "y", "n",
	"nan", "inf", "infinity",
};

static bool is_letter(char c)
{
	return (uint8_t)((c | 0x20) - 'a') < 26;
}

static bool is_odd_word(const char *s, size_t n)
{
	for (size_t i = 0; i < sizeof(odd_words) / sizeof(*odd_words); i++)
		if (n == strlen(odd_words[i]) &&
		    !strncasecmp(s, odd_words[i], n))
			return true;
	return false;
}

enum quotes scalar_quotes(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] < ' ' || s[i] > '~')
			return QUOTES_DOUBLE;
	if (!n || (!is_letter(*s) && *s != '/' && *s != '_') ||
	    is_odd_word(s, n))
		return QUOTES_ANY;
	return QUOTES_NONE;
}

static size_t digits(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && (uint8_t)(s[i] - '0') < 10)
		i++;
	return i;
}

/* As JSON has them: digits, which may have a fraction, an exponent. */
static bool is_number(const char *s, size_t n)
{
	size_t i = n && *s == '-', k = digits(s + i, n - i);

	if (!k || (k > 1 && s[i] == '0'))
		return false;
	i += k;
	if (i < n && s[i] == '.') {
		k = digits(s + i + 1, n - i - 1);
		i += k ? k + 1 : 0;
	}
	if (i < n && (s[i] | 0x20) == 'e') {
		size_t sign = i + 1 < n && (s[i + 1] == '+' || s[i + 1] == '-');

		k = digits(s + i + 1 + sign, n - i - 1 - sign);
		i += k ? k + 1 + sign : 0;
	}
	return i == n;
}

enum scalar scalar_plain(const char *s, size_t n)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (n == strlen(words[i].text) && !memcmp(s, words[i].text, n))
			return words[i].is;
	return is_number(s, n) ? SCALAR_NUMBER : SCALAR_TEXT;
}

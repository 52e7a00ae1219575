// SPDX-License-Identifier: MIT
/*
 * Parts of an expression that are sets of bytes: [...], \w, \x41. And what is
 * wrong with an expression.
 */
#include "search/regex_read.h"

#include <ctype.h>
#include <string.h>

uint16_t regex_bad(struct reader *r, const char *what)
{
	error_set(r->err, CRIT_EUSAGE, "regular expression: %s", what);
	return 0;
}

uint16_t regex_unsupported(struct reader *r, const char *p, size_t n,
			   const char *why)
{
	error_set(r->err, CRIT_EUSAGE, "regular expression: %.*s is not "
		  "supported%s", (int)n, p, why);
	return 0;
}

/* Of ASCII, whatever the locale is. */
static const struct class {
	char name[8];
	int (*has)(int);
} classes[] = {
	{ "alpha", isalpha }, { "digit", isdigit }, { "alnum", isalnum },
	{ "upper", isupper }, { "lower", islower }, { "space", isspace },
	{ "blank", isblank }, { "punct", ispunct }, { "print", isprint },
	{ "graph", isgraph }, { "cntrl", iscntrl }, { "xdigit", isxdigit },
};

static void put_class(struct byte_set *s, const struct class *c)
{
	for (int i = 0; i < 128; i++)
		if (c->has(i))
			set_put(s, (unsigned)i);
}

static const struct class *find_class(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++)
		if (strlen(classes[i].name) == n &&
		    !memcmp(classes[i].name, name, n))
			return &classes[i];
	return NULL;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* After \x: the byte, or -1. */
static int hex_byte(struct reader *r)
{
	int high = digit(r->p[0]), low = high < 0 ? -1 : digit(r->p[1]);

	if (low < 0)
		return regex_bad(r, "\\x without two hexadecimal digits"), -1;
	r->p += 2;
	return high << 4 | low;
}

bool regex_shorthand(struct byte_set *to, char c)
{
	struct byte_set s = { { 0 } };

	if (!c || !strchr("wWdDsS", c))
		return false;
	put_class(&s, find_class((c | 32) == 'w' ? "alnum" :
				 (c | 32) == 'd' ? "digit" : "space", 5));
	if ((c | 32) == 'w')
		set_put(&s, '_');
	if (c < 'a')
		set_invert(&s);
	for (int i = 0; i < 4; i++)
		to->w[i] |= s.w[i];
	return true;
}

int regex_escape(struct reader *r, const char *where)
{
	static const char names[] = "ntrfv", bytes[] = "\n\t\r\f\v";
	char c = *r->p++;

	if (c == 'x')
		return hex_byte(r);
	if (c && strchr(names, c))
		return bytes[strchr(names, c) - names];
	if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'))
		return regex_unsupported(r, r->p - 2, 2, where), -1;
	return (unsigned char)c;
}

/* [:name:], [=c=] or [.c.] in brackets: a class, or the byte in *c. */
static bool named(struct reader *r, struct byte_set *s, int *c)
{
	char kind = r->p[1];
	const char *name = r->p + 2, *end = name + (*name != 0);
	const struct class *class;

	while (*end && !(end[0] == kind && end[1] == ']'))
		end++;
	if (!*end)
		return regex_bad(r, "no end of [: [= or [.");
	r->p = end + 2;
	if (kind != ':') {
		*c = (unsigned char)*name;
		return end == name + 1 || regex_bad(r, "no such byte in [= or [.");
	}
	*c = -1;
	class = find_class(name, (size_t)(end - name));
	if (!class)
		return regex_bad(r, "no such class of bytes");
	put_class(s, class);
	return true;
}

/* One end of a range. */
static bool bracket_byte(struct reader *r, struct byte_set *s, int *c)
{
	if (r->p[0] == '[' && r->p[1] && strchr(":=.", r->p[1]))
		return named(r, s, c);
	if (r->p[0] == '\\' && r->p[1]) {
		*c = -1;
		if (regex_shorthand(s, r->p[1])) {
			r->p += 2;
			return true;
		}
		r->p++;
		*c = regex_escape(r, " between [ and ]");
		return *c >= 0;
	}
	*c = (unsigned char)*r->p;
	r->p += *c != 0;
	return *c || regex_bad(r, "[ without ]");
}

static bool bracket_item(struct reader *r, struct byte_set *s)
{
	int from, to;

	if (!bracket_byte(r, s, &from))
		return false;
	to = from;
	if (r->p[0] == '-' && r->p[1] != ']') {
		r->p++;
		if (!bracket_byte(r, s, &to))
			return false;
		if (from < 0 || to < 0)
			return regex_bad(r, "a range must be between two bytes");
		if (to < from)
			return regex_bad(r, "a range that ends before it starts");
	}
	for (; from >= 0 && from <= to; from++)
		set_put(s, (unsigned)from);
	return true;
}

bool regex_bracket(struct reader *r, struct byte_set *s)
{
	bool inverted = *r->p == '^', first = true;

	for (r->p += inverted; first || *r->p != ']'; first = false)
		if (!bracket_item(r, s))
			return false;
	r->p++;
	if (inverted) {
		set_invert(s);
		set_drop(s, '\n');
	}
	return true;
}

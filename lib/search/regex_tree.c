// SPDX-License-Identifier: MIT
#include "search/regex_tree.h"
#include "base/alloc.h"

#include <ctype.h>
#include <string.h>

enum { DEPTH_MAX = 200 };

struct reader {
	struct tree *t;
	const char *p;
	unsigned depth;
	struct crit_error *err;
};

static uint16_t bad(struct reader *r, const char *what)
{
	error_set(r->err, CRIT_EUSAGE, "regular expression: %s", what);
	return 0;
}

/* The same of n characters at p, which other kinds of expressions have. */
static uint16_t unsupported(struct reader *r, const char *p, size_t n,
			    const char *why)
{
	error_set(r->err, CRIT_EUSAGE, "regular expression: %.*s is not "
		  "supported%s", (int)n, p, why);
	return 0;
}

/* There are never more nodes than twice the bytes of the text, and some. */
static uint16_t new_node(struct reader *r, enum tree_op op)
{
	r->t->nodes[r->t->n].op = op;
	return (uint16_t)r->t->n++;
}

static void put_below(struct tree *t, uint16_t above, uint16_t i)
{
	struct tree_node *a = &t->nodes[above];

	t->nodes[i].prev = a->last;
	t->nodes[i].next = 0;
	if (a->last)
		t->nodes[a->last].next = i;
	else
		a->first = i;
	a->last = i;
}

static uint16_t set_node(struct reader *r, const struct byte_set *s)
{
	uint16_t i = new_node(r, TREE_SET);
	unsigned k = 0;

	while (k < r->t->n_sets && memcmp(&r->t->sets[k], s, sizeof(*s)))
		k++;
	if (k == r->t->n_sets)
		r->t->sets[r->t->n_sets++] = *s;
	r->t->nodes[i].value = (uint16_t)k;
	return i;
}

static uint16_t byte_node(struct reader *r, uint8_t c)
{
	struct byte_set s = { { 0 } };

	set_put(&s, c);
	return set_node(r, &s);
}

static void invert(struct byte_set *s)
{
	for (int i = 0; i < 4; i++)
		s->w[i] = ~s->w[i];
}

static void drop(struct byte_set *s, unsigned c)
{
	s->w[c >> 6] &= ~(UINT64_C(1) << (c & 63));
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
		return bad(r, "\\x without two hexadecimal digits"), -1;
	r->p += 2;
	return high << 4 | low;
}

/* \w and its like: word bytes, digits, space, and what they are not. */
static bool put_shorthand(struct byte_set *to, char c)
{
	struct byte_set s = { { 0 } };

	if (!c || !strchr("wWdDsS", c))
		return false;
	put_class(&s, find_class((c | 32) == 'w' ? "alnum" :
				 (c | 32) == 'd' ? "digit" : "space", 5));
	if ((c | 32) == 'w')
		set_put(&s, '_');
	if (c < 'a')
		invert(&s);
	for (int i = 0; i < 4; i++)
		to->w[i] |= s.w[i];
	return true;
}

/* The byte that an escape stands for, at r->p after the backslash: a name, a
 * number, or itself where it is no letter. -1 and *err. */
static int escaped_byte(struct reader *r, const char *where)
{
	static const char names[] = "ntrfv", bytes[] = "\n\t\r\f\v";
	char c = *r->p++;

	if (c == 'x')
		return hex_byte(r);
	if (c && strchr(names, c))
		return bytes[strchr(names, c) - names];
	if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'))
		return unsupported(r, r->p - 2, 2, where), -1;
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
		return bad(r, "no end of [: [= or [.");
	r->p = end + 2;
	if (kind != ':') {
		*c = (unsigned char)*name;
		return end == name + 1 || bad(r, "no such byte in [= or [.");
	}
	*c = -1;
	class = find_class(name, (size_t)(end - name));
	if (!class)
		return bad(r, "no such class of bytes");
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
		if (put_shorthand(s, r->p[1])) {
			r->p += 2;
			return true;
		}
		r->p++;
		*c = escaped_byte(r, " between [ and ]");
		return *c >= 0;
	}
	*c = (unsigned char)*r->p;
	r->p += *c != 0;
	return *c || bad(r, "[ without ]");
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
			return bad(r, "a range must be between two bytes");
		if (to < from)
			return bad(r, "a range that ends before it starts");
	}
	for (; from >= 0 && from <= to; from++)
		set_put(s, (unsigned)from);
	return true;
}

static uint16_t bracket(struct reader *r)
{
	struct byte_set s = { { 0 } };
	bool inverted = *r->p == '^', first = true;

	for (r->p += inverted; first || *r->p != ']'; first = false)
		if (!bracket_item(r, &s))
			return 0;
	r->p++;
	if (inverted) {
		invert(&s);
		drop(&s, '\n');
	}
	return set_node(r, &s);
}

static uint16_t assertion(struct reader *r, enum assertion what)
{
	uint16_t i = new_node(r, TREE_ASSERT);

	r->t->nodes[i].value = (uint16_t)what;
	r->t->asserts = true;
	return i;
}

static uint16_t escape(struct reader *r)
{
	static const char asserts[] = "<>bB`'Az";
	static const enum assertion values[] = {
		WORD_START, WORD_END, WORD_EDGE, NO_WORD_EDGE, TEXT_START,
		TEXT_END, TEXT_START, TEXT_END,
	};
	struct byte_set s = { { 0 } };
	char c = *r->p;
	int byte;

	if (!c)
		return bad(r, "\\ at its end");
	if (c >= '1' && c <= '9')
		return bad(r, "no \\1: what a group matched is not kept");
	if (strchr(asserts, c) || put_shorthand(&s, c)) {
		r->p++;
		return strchr(asserts, c) ?
			assertion(r, values[strchr(asserts, c) - asserts]) :
			set_node(r, &s);
	}
	byte = escaped_byte(r, "");
	return byte < 0 ? 0 : byte_node(r, (uint8_t)byte);
}

static uint16_t any_byte(struct reader *r)
{
	struct byte_set s = { { 0 } };

	invert(&s);
	drop(&s, '\n');
	drop(&s, 0);
	return set_node(r, &s);
}

static uint16_t alternatives(struct reader *r);

static uint16_t group(struct reader *r)
{
	uint16_t i;

	/* (?:...): no group is kept anyway */
	if (r->p[0] == '?' && r->p[1] == ':')
		r->p += 2;
	else if (r->p[0] == '?')
		return unsupported(r, r->p - 1, 2 + strcspn(r->p + 1, ":)") +
				   (r->p[1 + strcspn(r->p + 1, ":)")] == ':'), "");
	if (++r->depth > DEPTH_MAX)
		return bad(r, "too many ( within one another");
	i = alternatives(r);
	r->depth--;
	if (i && *r->p != ')')
		return bad(r, "( without )");
	r->p++;
	return i;
}

static uint16_t atom(struct reader *r)
{
	char c = *r->p++;

	switch (c) {
	case '(':
		return group(r);
	case '[':
		return bracket(r);
	case '.':
		return any_byte(r);
	case '^':
		return assertion(r, LINE_START);
	case '$':
		return assertion(r, LINE_END);
	case '\\':
		return escape(r);
	case '*':
	case '+':
	case '?':
	case '{':
		return bad(r, "nothing to repeat before * + ? or {");
	}
	return byte_node(r, (uint8_t)c);
}

static int repeat_number(struct reader *r, int otherwise)
{
	int v = 0;

	if (*r->p < '0' || *r->p > '9')
		return otherwise;
	for (; *r->p >= '0' && *r->p <= '9'; r->p++)
		if (v <= REGEX_REPEAT_MAX)
			v = 10 * v + (*r->p - '0');
	return v;
}

/* {2} {2,} {2,3} {,3} */
static bool interval(struct reader *r, int *min, int *max)
{
	*min = repeat_number(r, *r->p == ',' ? 0 : -1);
	*max = *min;
	if (*r->p == ',') {
		r->p++;
		*max = repeat_number(r, REGEX_ANY);
	}
	if (*min < 0 || *r->p != '}' || *min > *max)
		return bad(r, "{ without numbers and }");
	if (*min > REGEX_REPEAT_MAX ||
	    (*max > REGEX_REPEAT_MAX && *max != REGEX_ANY))
		return bad(r, "a number in { } is too large");
	r->p++;
	return true;
}

static uint16_t repeats(struct reader *r, uint16_t i)
{
	const char *before = NULL;

	while (i && *r->p && strchr("*+?{", *r->p)) {
		char c = *r->p++;
		int min = c == '+', max = c == '?' ? 1 : REGEX_ANY;
		uint16_t above;

		if (before && (c == '?' || c == '+'))
			return unsupported(r, before, (size_t)(r->p - before),
					   c == '?' ? ": matches are the longest, "
					   "never lazy" : ": no repeat is possessive");
		before = r->p - 1;
		if (c == '{' && !interval(r, &min, &max))
			return 0;
		above = new_node(r, TREE_REPEAT);
		r->t->nodes[above].min = (uint16_t)min;
		r->t->nodes[above].max = (uint16_t)max;
		put_below(r->t, above, i);
		i = above;
	}
	return i;
}

static bool is_assert(const struct tree *t, uint16_t i)
{
	return t->nodes[i].op == TREE_ASSERT;
}

static uint16_t sequence(struct reader *r)
{
	uint16_t above = new_node(r, TREE_CAT), i;

	while (*r->p && *r->p != '|' && (*r->p != ')' || !r->depth)) {
		const char *at = r->p;

		i = atom(r);
		/* as regcomp(3): ^* is no repeated ^ */
		if (i && !is_assert(r->t, i))
			i = repeats(r, i);
		else if (i && *r->p && strchr("*+?{", *r->p) && *at == '\\')
			return unsupported(r, at, 3, "");
		if (!i)
			return 0;
		put_below(r->t, above, i);
	}
	return above;
}

static uint16_t alternatives(struct reader *r)
{
	uint16_t above = new_node(r, TREE_ALT), i;

	for (;;) {
		i = sequence(r);
		if (!i)
			return 0;
		put_below(r->t, above, i);
		if (*r->p != '|')
			return above;
		r->p++;
	}
}

bool tree_open(struct tree *t, const char *regex, struct crit_error *err)
{
	struct reader r = { .t = t, .p = regex, .err = err };
	size_t n = strlen(regex);

	memset(t, 0, sizeof(*t));
	if (n > REGEX_TEXT_MAX)
		return bad(&r, "too long");
	t->nodes = alloc_zero((3 * n + 4) * sizeof(*t->nodes));
	t->sets = alloc((n + 1) * sizeof(*t->sets));
	if (!t->nodes || !t->sets)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	t->n = 1;
	t->root = alternatives(&r);
	return t->root != 0;
}

void tree_close(struct tree *t)
{
	alloc_free(t->nodes);
	alloc_free(t->sets);
	t->nodes = NULL;
	t->sets = NULL;
}

/* The only byte of a set, or -1. */
static int only_byte(const struct byte_set *s)
{
	int n = 0;

	for (int i = 0; i < 4; i++)
		n += __builtin_popcountll(s->w[i]);
	for (int i = 0; n == 1 && i < 4; i++)
		if (s->w[i])
			return i * 64 + __builtin_ctzll(s->w[i]);
	return -1;
}

size_t tree_literal(const struct tree *t, uint8_t *to, size_t size)
{
	const struct tree_node *top = &t->nodes[t->root];
	size_t n = 0, best = 0;
	uint8_t run[64];

	if (top->first != top->last)
		return 0;
	if (size > sizeof(run))
		size = sizeof(run);
	for (uint16_t i = t->nodes[top->first].first; i; i = t->nodes[i].next) {
		const struct tree_node *a = &t->nodes[i];
		int c = a->op == TREE_SET ? only_byte(&t->sets[a->value]) : -1;

		if (c < 0 || n == size) {
			n = 0;
			continue;
		}
		run[n++] = (uint8_t)c;
		if (n > best) {
			best = n;
			memcpy(to, run, n);
		}
	}
	return best;
}

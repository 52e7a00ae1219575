// SPDX-License-Identifier: MIT
/*
 *   bytes of JSON ─► lines ─► keys and values ─► cells
 *
 * The text is ours: valid, and without blanks; its end may be missing.
 *
 * It is read again here because lines are what the printers of reports have in
 * common: fifteen files write them, and filters/whose.c puts the name of a
 * checkpoint into each. Explorers, which give values one by one, do not come
 * by here (view/view.c).
 */
#include "view/table_lines.h"
#include "codec/base64_read.h"
#include "codec/json_escape.h"
#include "codec/utf8.h"

#include <string.h>

/* What is left of a line, which ends with a NUL. */
struct parse {
	struct table *t;
	char *p;
};

/* \u1234, or two of them that are one character, after the u; bytes put to to. */
static size_t escaped(char **p, char *to)
{
	int hex = json_hex4((uint8_t *)*p);
	uint32_t c = (uint32_t)hex, low = 0;

	if (hex < 0) {		/* a line may be cut */
		*p += strlen(*p);
		return 0;
	}
	*p += 4;
	if (utf8_is_first(c) && (*p)[0] == '\\' && (*p)[1] == 'u')
		low = (uint32_t)json_hex4((uint8_t *)*p + 2);
	if (utf8_is_second(low)) {
		*p += 6;
		c = utf8_pair(c, low);
	}
	return utf8_is_first(c) || utf8_is_second(c) ? 0 :
		utf8_put((uint8_t *)to, c);
}

/* The string at p, where it stands; escapes are longer than what they are. */
static char *string(struct parse *s, size_t *n)
{
	char *from = ++s->p, *to = from;

	while (*s->p && *s->p != '"') {
		if (*s->p != '\\') {
			*to++ = *s->p++;
			continue;
		}
		if (!*++s->p)
			break;
		if (*s->p == 'u') {
			s->p++;
			to += escaped(&s->p, to);
			continue;
		}
		*to++ = (char)json_unescape((uint8_t)*s->p);
		s->p++;
	}
	s->p += *s->p != 0;
	*n = (size_t)(to - from);
	return from;
}

static bool digits(const char *p, size_t n, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9' || *number > (UINT64_MAX - 9) / 10)
			return false;
		*number = *number * 10 + (uint64_t)(p[i] - '0');
	}
	return n;
}

static void bare(struct parse *s, const char *key)
{
	size_t n = strcspn(s->p, ",]}");
	uint64_t number;

	if (digits(s->p, n, &number))
		table_number(s->t, key, number);
	else if (*s->p == '-')
		table_digits(s->t, key, s->p, n);
	else if (*s->p == 't')		/* false and null are none */
		table_text(s->t, key, "yes", 3);
	s->p += n;
}

/* {"base64":"..."}: bytes that are not UTF-8. */
static bool is_bytes(const struct parse *s)
{
	return !strncmp(s->p, "{\"base64\":\"", 11);
}

static void bytes(struct parse *s, const char *key)
{
	struct base64 b = { 0 };
	uint8_t *from, *to;
	size_t n;

	s->p += strlen("{\"base64\":");
	from = to = (uint8_t *)string(s, &n);
	/* where it stands: bytes never pass the letters that they come from */
	base64_read(&b, from, n, &to);
	table_text(s->t, key, from, (size_t)(to - from));
	s->p += *s->p == '}';
}

static void value(struct parse *s, const char *key)
{
	int depth = 0;

	/* a list is never deep: no recursion by what a line holds */
	for (;;) {
		size_t n;
		char *p;

		if (*s->p == '"') {
			p = string(s, &n);
			if (*s->p == ':') {	/* it was a key */
				s->p++;
				p[n] = 0;
				key = p;
				continue;
			}
			table_text(s->t, key, p, n);
		} else if (is_bytes(s)) {
			bytes(s, key);
		} else if (*s->p == '{' || *s->p == '[') {
			table_open(s->t, key, *s->p++);
			depth++;
			key = NULL;
			if (*s->p != '}' && *s->p != ']')
				continue;
		} else {
			bare(s, key);
		}
		for (; *s->p == '}' || *s->p == ']'; s->p++, depth--)
			table_close(s->t);
		key = NULL;
		if (*s->p != ',' || depth <= 0)
			return;
		s->p++;
	}
}

static void take_line(struct table_lines *l)
{
	struct parse s = { l->table, l->line };

	l->line[l->n] = 0;
	if (*l->line == '{')
		value(&s, NULL);
	while (l->table->depth)		/* the line was cut */
		table_close(l->table);
	l->n = 0;
}

static bool take(void *arg, const void *p, size_t n)
{
	struct table_lines *l = arg;
	const char *from = p, *end = from + n;

	while (from < end) {
		const char *to = memchr(from, '\n', (size_t)(end - from));
		size_t size = (size_t)((to ? to : end) - from);
		size_t room = TABLE_LINE_MAX - l->n;

		memcpy(l->line + l->n, from, size < room ? size : room);
		l->n += size < room ? size : room;
		if (to)
			take_line(l);
		from = to ? to + 1 : end;
	}
	return true;
}

void table_lines_begin(struct table_lines *l, struct table *t, struct out *out)
{
	out_flush(out);
	l->table = t;
	l->n = 0;
	out->write = take;
	out->arg = l;
}

void table_lines_end(struct out *out)
{
	out_flush(out);
	out->write = NULL;
}

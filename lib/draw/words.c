// SPDX-License-Identifier: MIT
/*
 *   bytes ─► units (a character, or an escape for what cannot be shown) ─► text
 */
#include "draw/words.h"
#include "codec/utf8.h"
#include "view/table_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { UNIT_MAX = 12, LONG = 4096 };

struct unit {
	char text[UNIT_MAX];
	size_t n, columns, used;	/* used: bytes of the input */
};

/* No characters of XML; and those that turn the direction of what follows. */
static bool is_odd(uint32_t c)
{
	return (c & 0xfffe) == 0xfffe || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
}

/* \xNN, \uNNNN */
static void escaped(struct unit *u, char kind, int digits, uint32_t c)
{
	u->n = u->columns = (size_t)snprintf(u->text, sizeof(u->text),
					     "\\%c%0*" PRIx32, kind, digits, c);
}

static struct unit next_unit(const uint8_t *p, size_t n)
{
	struct unit u = { .used = 1 };
	uint32_t c;

	if (!utf8_plain(p, n < 4 ? n : 4)) {
		escaped(&u, 'x', 2, *p);
		return u;
	}
	c = utf8_char(p, &u.used);
	if (is_odd(c)) {
		escaped(&u, 'u', 4, c);
		return u;
	}
	memcpy(u.text, p, u.used);
	u.n = u.used;
	u.columns = table_width(p, u.used);
	return u;
}

static size_t width(const uint8_t *p, size_t n)
{
	size_t sum = 0;

	for (size_t at = 0; at < n; ) {
		struct unit u = next_unit(p + at, n - at);

		sum += u.columns;
		at += u.used;
	}
	return sum;
}

struct words {
	char *to;
	size_t n, columns;
};

static bool add(struct words *w, const struct unit *u, size_t room)
{
	if (w->n + u->n >= room)
		return false;
	memcpy(w->to + w->n, u->text, u->n);
	w->n += u->n;
	w->columns += u->columns;
	return true;
}

/* Units as far as they fill so many columns; returns the bytes taken. */
static size_t add_columns(struct words *w, const uint8_t *p, size_t n,
			  size_t columns, size_t room)
{
	size_t at = 0;

	while (at < n) {
		struct unit u = next_unit(p + at, n - at);

		if (u.columns > columns || !add(w, &u, room))
			break;
		columns -= u.columns;
		at += u.used;
	}
	return at;
}

size_t words_fit(char to[WORDS_MAX], const void *text, size_t n, size_t columns)
{
	static const struct unit dots = { "\xe2\x80\xa6", 3, 1, 0 };
	const uint8_t *p = text;
	struct words w = { .to = to };
	size_t all, at;

	if (n > LONG)		/* the end of it is as good as any other */
		n = LONG;
	all = width(p, n);
	if (all <= columns) {
		add_columns(&w, p, n, columns, WORDS_MAX);
		to[w.n] = 0;
		return w.columns;
	}
	at = add_columns(&w, p, n, (columns - 1) / 2, WORDS_MAX / 2 - 4);
	add(&w, &dots, WORDS_MAX);
	all -= w.columns - 1;
	while (at < n && all + w.columns > columns) {
		struct unit u = next_unit(p + at, n - at);

		all -= u.columns;
		at += u.used;
	}
	add_columns(&w, p + at, n - at, columns - w.columns, WORDS_MAX);
	to[w.n] = 0;
	return w.columns;
}

size_t words_columns(const char *text)
{
	return table_width(text, strlen(text));
}

void words_size(char *to, size_t size, uint64_t bytes)
{
	static const char units[] = "KMGTPE";
	double v = (double)bytes;
	int unit = -1;

	for (; v >= 1024 && unit < 5; unit++)
		v /= 1024;
	if (unit < 0)
		snprintf(to, size, "%" PRIu64 " B", bytes);
	else
		snprintf(to, size, "%.1f %ciB", v, units[unit]);
}

void words_count(char *to, size_t size, uint64_t n, const char *what)
{
	snprintf(to, size, "%" PRIu64 " %s%s", n, what, n == 1 ? "" : "s");
}

static const char *entity(char c)
{
	static const struct { char c; const char *text; } all[] = {
		{ '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" },
		{ '"', "&quot;" }, { '\'', "&#39;" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (all[i].c == c)
			return all[i].text;
	return NULL;
}

void markup_text(struct out *out, const void *text, size_t n)
{
	const uint8_t *p = text;

	for (size_t at = 0; at < n; ) {
		struct unit u = next_unit(p + at, n - at);
		const char *e = u.n == 1 ? entity(*u.text) : NULL;

		if (e)
			out_put(out, e, strlen(e));
		else
			out_put(out, u.text, u.n);
		at += u.used;
	}
}

void markup_string(struct out *out, const char *s)
{
	markup_text(out, s, strlen(s));
}

void markup_quoted(struct out *out, const char *s)
{
	const uint8_t *p = (const uint8_t *)s;
	size_t n = strlen(s);

	for (size_t at = 0; at < n; ) {
		struct unit u = next_unit(p + at, n - at);

		for (size_t i = 0; i < u.n; i++) {
			if (u.text[i] == '"' || u.text[i] == '\\')
				out_put(out, "\\", 1);
			out_put(out, &u.text[i], 1);
		}
		at += u.used;
	}
}

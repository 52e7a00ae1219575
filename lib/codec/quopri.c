// SPDX-License-Identifier: MIT
#include "codec/quopri.h"

enum { LINE = 76, AHEAD = 2 };

void quopri_begin(struct quopri *q, bool crlf)
{
	q->column = 0;
	q->crlf = crlf;
}

static char *line_break(struct quopri *q, char *out)
{
	if (q->crlf)
		*out++ = '\r';
	*out++ = '\n';
	q->column = 0;
	return out;
}

static char *hex(char *out, uint8_t c)
{
	*out++ = '=';
	*out++ = "0123456789ABCDEF"[c >> 4];
	*out++ = "0123456789ABCDEF"[c & 15];
	return out;
}

static char *escape(struct quopri *q, char *out, uint8_t c)
{
	if (q->column + 3 >= LINE) {
		*out++ = '=';
		out = line_break(q, out);
	}
	q->column += 3;
	return hex(out, c);
}

/* next is -1 at the end. */
static bool must_escape(const struct quopri *q, uint8_t c, int next)
{
	if (c == ' ' || c == '\t')
		return next < 0;
	if (c == '.' && !q->column)
		return next < 0 || next == '\n' || next == '\r' || !next;
	return c > 126 || c == '=' || (c < 33 && c != '\n' && c != '\r');
}

static char *literal(struct quopri *q, char *out, uint8_t c, int next, int after)
{
	bool space = c == ' ' || c == '\t';

	if (next >= 0 && next != '\n' && q->column + 1 >= LINE) {
		*out++ = '=';
		out = line_break(q, out);
	}
	/* blanks before a line break would be lost */
	if (space && (q->crlf ? next == '\r' && after == '\n' : next == '\n')) {
		q->column += 3;
		return hex(out, c);
	}
	q->column++;
	*out++ = (char)c;
	return out;
}

char *quopri_put(struct quopri *q, char *out, const uint8_t *p, size_t n,
		 bool last, size_t *used)
{
	size_t stop = last ? n : n > AHEAD ? n - AHEAD : 0, i = 0;

	while (i < stop) {
		uint8_t c = p[i];
		int next = i + 1 < n ? p[i + 1] : -1;
		int after = i + 2 < n ? p[i + 2] : -1;
		bool crlf = c == '\r' && next == '\n';

		i += 1 + crlf;
		if ((c == '\n' || crlf) && crlf == q->crlf) {
			out = line_break(q, out);
		} else if (c == '\n' || crlf) {
			if (crlf)
				out = escape(q, out, '\r');
			out = escape(q, out, '\n');
		} else if (must_escape(q, c, next)) {
			out = escape(q, out, c);
		} else {
			out = literal(q, out, c, next, after);
		}
	}
	*used = i;
	return out;
}

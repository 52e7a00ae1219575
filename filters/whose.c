// SPDX-License-Identifier: MIT
/*
 * Answers of several CHECKPOINTs: which one each is of.
 */
#include "whose.h"
#include "codec/json_escape.h"
#include "json/text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool send(struct whose *w)
{
	size_t n = w->fill;

	w->fill = 0;
	return w->write ? w->write(w->arg, w->buf, n) :
		write_all(w->fd, w->buf, n);
}

static bool put(struct whose *w, const char *p, size_t n)
{
	while (n) {
		size_t k = sizeof(w->buf) - w->fill;

		k = k < n ? k : n;
		memcpy(w->buf + w->fill, p, k);
		w->fill += k;
		p += k;
		n -= k;
		if (w->fill < sizeof(w->buf))
			return true;
		if (!send(w))
			return false;
	}
	return true;
}

/* Lines of JSON objects: the name goes in behind the brace. */
static bool write_lines(void *arg, const void *p, size_t n)
{
	struct whose *w = arg;
	const char *from = p, *end = from + n;
	bool ok = true;

	while (from < end && ok) {
		const char *to = memchr(from, '\n', (size_t)(end - from));

		to = to ? to + 1 : end;
		if (!w->inside && *from == '{') {
			ok = put(w, w->text, w->n);
			from++;
		}
		w->inside = to[-1] != '\n';
		ok = ok && put(w, from, (size_t)(to - from));
		from = to;
	}
	return ok && send(w);
}

static char *put_name(char *to, const char *path)
{
	char name[WHOSE_PATH];

	to += sprintf(to, "{\"checkpoint\":");
	if (strlen(path) <= 255)
		return json_escape_name(to, path);
	snprintf(name, sizeof(name), "%.*s", WHOSE_PATH - 1, path);
	return json_escape_message(to, name);
}

void whose_lines(struct whose *w, struct out *out, const char *path)
{
	char *end = put_name(w->text, path);

	*end++ = ',';
	w->n = (size_t)(end - w->text);
	w->fd = out->fd;
	w->write = out->write == write_lines ? NULL : out->write;
	w->arg = out->arg;
	w->inside = false;
	w->fill = 0;
	out->write = write_lines;
	out->arg = w;
}

void whose_end(struct whose *w, struct out *out)
{
	out_flush(out);
	out->write = w->write;
	out->arg = w->arg;
}

void whose_heading(struct out *out, const char *path, bool first)
{
	size_t n = strlen(path);

	if (!first)
		out_put(out, "\n", 1);
	out_put(out, "==> ", 4);
	if (isatty(STDOUT_FILENO))
		json_text_plain(out, path, n);
	else
		out_put(out, path, n);
	out_put(out, " <==\n", 5);
}

void whose_document(struct out *out, const char *path, const char *key)
{
	char text[JSON_GROWTH * WHOSE_PATH + 64], *end = put_name(text, path);

	end += snprintf(end, 32, ",\"%.20s\":", key);
	out_put(out, text, (size_t)(end - text));
}

void whose_error(struct out *out, const char *path,
		 const struct crit_error *err)
{
	char text[512], line[JSON_GROWTH * (WHOSE_PATH + 512) + 64], *p;

	error_text(err, text, sizeof(text));
	p = put_name(line, path);
	p += sprintf(p, ",\"error\":");
	p = json_escape_message(p, text);
	p += sprintf(p, "}\n");
	out_put(out, line, (size_t)(p - line));
}

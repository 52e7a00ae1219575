// SPDX-License-Identifier: MIT
#include "base/error.h"
#include "codec/utf8.h"

#include <stdio.h>
#include <string.h>

void error_clear(struct crit_error *err)
{
	memset(err, 0, sizeof(*err));
	err->entry = err->offset = err->line = err->column = -1;
}

bool error_set(struct crit_error *err, enum crit_code code, const char *fmt, ...)
{
	va_list ap;

	if (error_is(err))
		return false;
	err->code = code;
	va_start(ap, fmt);
	vsnprintf(err->what, sizeof(err->what), fmt, ap);
	va_end(ap);
	return false;
}

bool error_sys(struct crit_error *err, int sys, const char *what)
{
	if (error_is(err))
		return false;
	err->sys = sys;
	return error_set(err, CRIT_EIO, "%s: %s", what, strerror(sys));
}

char *error_image_in(char buf[ERROR_IMAGE], const char *dir, const char *name)
{
	size_t n = strlen(dir), room = strlen(name) + 2;

	while (n > 1 && dir[n - 1] == '/')
		n--;
	room = room < ERROR_IMAGE ? ERROR_IMAGE - room : 0;
	if (n > room)
		dir += n - room, n = room;
	snprintf(buf, ERROR_IMAGE, "%.*s%s%s", (int)n, dir,
		 n && dir[n - 1] != '/' ? "/" : "", name);
	return buf;
}

struct text {
	char *p, *end;
};

static void add(struct text *t, const char *s)
{
	size_t n = strlen(s);

	while (n && t->p + 5 < t->end) {
		size_t k = utf8_plain((const uint8_t *)s, n);
		size_t room = (size_t)(t->end - t->p) - 1;

		k = k < room ? k : room;
		memcpy(t->p, s, k);
		t->p += k;
		if (!k)
			t->p += snprintf(t->p, 5, "\\x%02x", (uint8_t)*s);
		k += !k;
		s += k;
		n -= k;
	}
	*t->p = 0;
}

static void add_number(struct text *t, const char **sep, const char *name,
		       int64_t n)
{
	char s[48];

	if (n < 0)
		return;
	snprintf(s, sizeof(s), "%s%s %lld", *sep, name, (long long)n);
	add(t, s);
	*sep = ", ";
}

char *error_text(const struct crit_error *err, char *buf, size_t size)
{
	struct text t = { buf, buf + size };
	const char *sep = "";
	bool place = err->entry >= 0 || err->path[0] || err->offset >= 0 ||
		     err->line >= 0;

	*buf = 0;
	if (err->image[0]) {
		add(&t, err->image);
		add(&t, ": ");
	}
	add_number(&t, &sep, "line", err->line);
	add_number(&t, &sep, "column", err->column);
	add_number(&t, &sep, "entry", err->entry);
	if (err->path[0]) {
		add(&t, sep);
		add(&t, err->path);
		sep = ", ";
	}
	add_number(&t, &sep, "offset", err->offset);
	add(&t, place ? ": " : "");
	add(&t, err->what);
	return buf;
}

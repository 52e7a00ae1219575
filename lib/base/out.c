// SPDX-License-Identifier: MIT
/*
 *   out_put, out_room ─► buffer ─► descriptor, or a function
 */
#include "base/out.h"
#include "base/alloc.h"
#include "base/file_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PIPE_WIDE = 1 << 20 };

bool out_open(struct out *out, int fd, const char *name, struct crit_error *err)
{
	memset(out, 0, sizeof(*out));
	out->fd = fd;
	out->cap = OUT_SIZE;
	out->name = name;
	out->err = err;
	out->buf = alloc(OUT_SIZE);
	if (!out->buf)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	return true;
}

void out_close(struct out *out)
{
	alloc_free(out->buf);
	out->buf = NULL;
}

/* More output than a buffer: a wider pipe saves switches between writer and
 * reader. Only a wish. */
static void widen(struct out *out)
{
	out->widened = true;
	fcntl(out->fd, F_SETPIPE_SZ, PIPE_WIDE);
}

static bool send_out(struct out *out)
{
	return out->write ? out->write(out->arg, out->buf, out->pos) :
		write_all(out->fd, out->buf, out->pos);
}

bool out_flush(struct out *out)
{
	if (out->pos > out->cap / 2 && !out->widened && !out->write)
		widen(out);
	if (!out->failed && out->pos && !send_out(out)) {
		int sys = errno;

		out->failed = true;

		error_clear(out->err);
		snprintf(out->err->image, sizeof(out->err->image), "%s",
			 out->name);
		error_sys(out->err, sys, "cannot write");
	}
	out->base += out->pos;
	out->pos = 0;
	return !out->failed;
}

void out_drain(void *out)
{
	out_flush(out);
}

bool out_put_long(struct out *out, const void *p, size_t n)
{
	const uint8_t *b = p;

	while (n) {
		size_t k = out->cap - out->pos;

		if (k > n)
			k = n;
		memcpy(out->buf + out->pos, b, k);
		out->pos += k;
		b += k;
		n -= k;
		if (out->pos == out->cap && !out_flush(out))
			return false;
	}
	return true;
}

void out_printf(struct out *out, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n > 0)
		out_put(out, text, (size_t)n < sizeof(text) ? (size_t)n :
			sizeof(text) - 1);
}

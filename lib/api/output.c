// SPDX-License-Identifier: MIT
#include "api/output.h"

#include <errno.h>
#include <string.h>

bool output_write(void *arg, const void *p, size_t n)
{
	struct crit_output *out = arg;

	if (out->write)
		return out->write(out->ctx, p, n);
	return write_all(out->fd, p, n);
}

static bool keep(void *ctx, const void *p, size_t n)
{
	struct crit_output *out = ctx;
	size_t cap = out->cap ? out->cap : 4096;
	char *more;

	while (cap - out->n < n)
		cap *= 2;
	if (cap > out->cap) {
		more = alloc_more(out->bytes, cap);
		if (!more)
			return errno = ENOMEM, false;
		out->bytes = more;
		out->cap = cap;
	}
	memcpy(out->bytes + out->n, p, n);
	out->n += n;
	return true;
}

const char *output_name(const struct crit_output *out)
{
	return out->path ? out->path : out->write == keep ? "memory" : "output";
}

bool output_fail(struct crit_output *out, const struct crit_error *err)
{
	if (!error_is(&out->err))
		out->err = *err;
	return false;
}

static struct crit_output *output_new(struct crit *c, struct crit_error *err)
{
	struct crit_output *out = alloc_zero(sizeof(*out));

	if (!out) {
		api_no_memory(err);
		return NULL;
	}
	out->c = c;
	out->fd = -1;
	error_clear(&out->err);
	return out;
}

struct crit_output *crit_output_path(struct crit *c, const char *path,
				     struct crit_error *err)
{
	struct crit_output *out;
	API(c);

	out = output_new(c, err);
	if (!out)
		return NULL;
	out->path = alloc_text(path);
	out->file = alloc(sizeof(*out->file));
	if (!out->path || !out->file) {
		alloc_free(out->file);
		out->file = NULL;
		crit_output_abort(out);
		return api_no_memory(err), NULL;
	}
	if (!output_file_open_plain(out->file, out->path, OUTPUT_PRIVATE,
				    &out->err)) {
		api_fail(err, &out->err);
		crit_output_abort(out);
		return NULL;
	}
	out->fd = out->file->fd;
	return out;
}

struct crit_output *crit_output_fd(struct crit *c, int fd,
				   struct crit_error *err)
{
	struct crit_output *out;
	API(c);

	out = output_new(c, err);
	if (out)
		out->fd = fd;
	return out;
}

struct crit_output *
crit_output_function(struct crit *c,
		     bool (*write)(void *ctx, const void *p, size_t n),
		     void *ctx, struct crit_error *err)
{
	struct crit_output *out;
	API(c);

	out = output_new(c, err);
	if (out) {
		out->write = write;
		out->ctx = ctx;
	}
	return out;
}

struct crit_output *crit_output_memory(struct crit *c, struct crit_error *err)
{
	struct crit_output *out = crit_output_function(c, keep, NULL, err);

	if (out)
		out->ctx = out;
	return out;
}

const void *crit_output_bytes(const struct crit_output *out, size_t *size)
{
	*size = out->n;
	return out->bytes ? out->bytes : "";
}

bool crit_output_close(struct crit_output *out, struct crit_error *err)
{
	bool ok = !error_is(&out->err);

	if (ok && out->file)
		ok = output_file_commit(out->file, &out->err);
	if (!ok)
		api_fail(err, &out->err);
	crit_output_abort(out);
	return ok;
}

void crit_output_abort(struct crit_output *out)
{
	if (!out)
		return;
	if (out->file)
		output_file_abort(out->file);
	alloc_free(out->file);
	alloc_free(out->path);
	alloc_free(out->bytes);
	alloc_free(out);
}

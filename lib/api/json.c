// SPDX-License-Identifier: MIT
/*
 * Images <-> JSON and YAML.
 */
#include "api/dir.h"
#include "api/image.h"
#include "api/output.h"
#include "copy/decode.h"
#include "image/write.h"
#include "yaml/formats.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* Images out. */

struct decode {
	struct crit_error err;
	struct out out;
	struct writer writer;
};

static const struct writer_format *format(unsigned flags)
{
	return flags & CRIT_YAML ? &writer_yaml :
		flags & CRIT_JSON ? &writer_json : &writer_records;
}

static bool decode_begin(struct decode *d, struct crit_output *out,
			 unsigned flags, bool named)
{
	error_clear(&d->err);
	d->writer = (struct writer){
		.format = format(flags), .named = named && !(flags & CRIT_JSON),
		.pretty = flags & CRIT_PRETTY,
	};
	if (!out_open(&d->out, out->fd, output_name(out), &d->err))
		return false;
	d->out.write = output_write;
	d->out.arg = out;
	return writer_open(&d->writer, &d->out, &d->err);
}

static bool decode_end(struct decode *d, struct crit_output *out, bool ok,
		       const char *place, struct crit_error *err)
{
	if (d->writer.state && !writer_finish(&d->writer))
		ok = false;
	ok = ok && !error_is(&d->err);
	writer_close(&d->writer);
	out_close(&d->out);
	if (!ok && error_is(&d->err)) {
		output_fail(out, &d->err);
		api_fail_at(place, err, &d->err);
	}
	return ok;
}

bool crit_decode(struct crit_image *im, struct crit_output *out, unsigned flags,
		 struct crit_error *err)
{
	struct decode *d;
	bool ok;
	API(im->c);

	if (error_is(&im->err))
		return api_image_fail(im, err);
	d = alloc_zero(sizeof(*d));
	if (!d)
		return api_no_memory(err);
	event_queue_clear(&im->queue, 0);
	ok = decode_begin(d, out, flags, im->name);
	if (ok) {
		d->err = im->err;	/* its name */
		im->source.skip_extra = flags & CRIT_NO_PAYLOAD;
		im->source.err = im->source.in.err = im->source.unknown.err =
			&d->err;
		im->source.in.drain = writer_drain;
		im->source.in.drain_arg = &d->writer;
		ok = image_source_run(&im->source, d->writer.sink);
		im->source.err = im->source.in.err = im->source.unknown.err =
			&im->err;
		im->source.in.drain = NULL;
	}
	if (!ok)
		im->err = d->err;
	ok = decode_end(d, out, ok, im->place, err);
	alloc_free(d);
	return ok;
}

bool crit_decode_dir(struct crit_dir *dir, struct crit_output *out,
		     unsigned flags, struct crit_error *err)
{
	struct decoder how;
	struct decode *d;
	bool ok;
	API(dir->c);

	if (flags & CRIT_JSON)
		return api_usage(err, "a directory can be decoded only to "
			"records or YAML");
	d = alloc_zero(sizeof(*d));
	if (!d)
		return api_no_memory(err);
	how = (struct decoder){
		.schema = dir->c->schema, .writer = &d->writer,
		.skip_extra = flags & CRIT_NO_PAYLOAD, .warn = api_warn,
		.ctx = dir->c, .err = &d->err,
	};
	ok = decode_begin(d, out, flags, true) && decode_store(&how, &dir->dir);
	ok = decode_end(d, out, ok, dir->place, err);
	alloc_free(d);
	return ok;
}

/* Images in. */

struct encode {
	struct crit_error err;
	struct image_sink sink;
	struct json_source source;
	struct crit_output *out;	/* or NULL: dir */
	struct output_dir dir;
	int images;
};

static int open_image(void *arg, const struct image *im, const char **name)
{
	struct encode *e = arg;

	if (!e->out)
		return output_dir_file(&e->dir, im->name, &e->err);
	*name = output_name(e->out);
	if (!e->images++)
		return e->out->fd;
	error_set(&e->err, CRIT_EDATA, "more than one image");
	return -1;
}

static void close_image(void *arg, int fd)
{
	struct encode *e = arg;

	if (!e->out && close(fd))
		error_sys(&e->err, errno, "cannot close");
}

static bool write_image(void *arg, const void *p, size_t n)
{
	struct encode *e = arg;

	return e->out ? output_write(e->out, p, n) : write_all(e->sink.fd, p, n);
}

static struct encode *encode_new(struct crit *c, struct crit_output *out,
				 unsigned flags, struct crit_error *err)
{
	struct encode *e = alloc_zero(sizeof(*e));

	if (!e)
		return api_no_memory(err), NULL;
	e->out = out;
	error_clear(&e->err);
	if (image_sink_init(&e->sink, c->schema, &e->err))
		json_source_init(&e->source, c->schema, &e->sink.sink, &e->err);
	e->sink.arg = e;
	e->sink.open = open_image;
	e->sink.close = close_image;
	e->sink.write = write_image;
	e->sink.allow_partial = flags & CRIT_PARTIAL;
	e->source.no_end = flags & CRIT_NO_END;
	e->source.warn = api_warn;
	e->source.ctx = c;
	e->source.need_name = !out;
	return e;
}

/* in is open, unless there is an error already. */
static void encode_read(struct encode *e, struct in *in)
{
	if (error_is(&e->err) || !documents_read(&e->source, in) ||
	    !json_source_end(&e->source))
		return;
	if (e->out && !e->images)
		error_set(&e->err, CRIT_EDATA, "no image in the input");
}

static bool encode_free(struct encode *e, struct crit_error *err)
{
	bool ok = !error_is(&e->err);

	if (!ok)
		api_fail(err, &e->err);
	if (!ok && e->out)
		output_fail(e->out, &e->err);
	if (!e->out && !ok && e->sink.fd >= 0)
		close(e->sink.fd);
	json_source_free(&e->source);
	image_sink_free(&e->sink);
	alloc_free(e);
	return ok;
}

/* Of bytes, or text NULL: from fd. */
static bool encode(struct crit *c, const void *text, size_t n, int fd,
		   struct crit_output *out, unsigned flags,
		   struct crit_error *err)
{
	struct encode *e = encode_new(c, out, flags, err);
	struct in in = { .fd = -1 };

	if (!e)
		return false;
	if (!error_is(&e->err) && text)
		in_open_bytes(&in, text, n, &e->err);
	else if (!error_is(&e->err))
		in_open(&in, fd, &e->err);
	encode_read(e, &in);
	in_close(&in);
	return encode_free(e, err);
}

bool crit_encode(struct crit *c, const void *text, size_t n,
		 struct crit_output *out, unsigned flags,
		 struct crit_error *err)
{
	API(c);
	return encode(c, text ? text : "", n, -1, out, flags, err);
}

bool crit_encode_fd(struct crit *c, int fd, struct crit_output *out,
		    unsigned flags, struct crit_error *err)
{
	API(c);
	return encode(c, NULL, 0, fd, out, flags, err);
}

bool crit_encode_dir(struct crit *c, int fd, const char *path, unsigned flags,
		     struct crit_error *err)
{
	struct encode *e;
	struct in in = { .fd = -1 };
	API(c);

	e = encode_new(c, NULL, flags, err);
	if (!e)
		return false;
	e->dir.fd = e->dir.temp_fd = -1;
	if (!error_is(&e->err) && in_open(&in, fd, &e->err))
		output_dir_open_plain(&e->dir, path, &e->err);
	encode_read(e, &in);
	if (!error_is(&e->err)) {
		e->err.image[0] = 0;
		output_dir_commit(&e->dir, &e->err);
	}
	output_dir_abort(&e->dir);
	in_close(&in);
	return encode_free(e, err);
}

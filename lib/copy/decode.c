// SPDX-License-Identifier: MIT
/*
 *   store ─► image source ─► writer
 */
#include "copy/decode.h"
#include "image/read.h"

bool decode_image(const struct decoder *d, const struct blob *b,
		  const char *name)
{
	struct image_source s;
	bool ok = image_source_open_blob(&s, b, name, d->schema, d->err) ||
		  (!d->strict && image_source_raw(&s));

	if (ok) {
		s.skip_extra = d->skip_extra;
		s.warn = d->warn;
		s.ctx = d->ctx;
		s.in.drain = writer_drain;
		s.in.drain_arg = d->writer;
		ok = image_source_run(&s, d->writer->sink);
	} else {
		writer_refuse(d->writer, name, d->err);
	}
	image_source_close(&s);
	return ok;
}

enum file_is decode_file(const struct decoder *d, const struct store *s,
			 const char *name)
{
	struct blob b;
	enum file_is is = store_look(s, name, &b, d->err);

	if (is == FILE_IMAGE) {
		decode_image(d, &b, name);
		blob_close(&b);
	} else if (is == FILE_RAW) {
		writer_passed(d->writer, name);
	} else if (is == FILE_BAD) {
		writer_refuse(d->writer, name, d->err);
	}
	return is;
}

bool decode_store(const struct decoder *d, const struct store *s)
{
	for (size_t i = 0; i < s->n; i++) {
		decode_file(d, s, s->files[i].name);
		if (error_is(d->err))
			return false;
	}
	writer_end(d->writer);
	return true;
}

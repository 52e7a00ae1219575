/* SPDX-License-Identifier: MIT
 *
 * Text that feed holds ─► an image ─► feed.got
 */
#ifndef CRIT_FEED_ENCODE_H
#define CRIT_FEED_ENCODE_H

#include "feed.h"
#include "image/write.h"
#include "yaml/formats.h"

static inline int feed_open(void *arg, const struct image *im, const char **name)
{
	(void)arg;
	(void)im;
	*name = "out";
	return feed.out;
}

static inline void feed_close(void *arg, int fd)
{
	(void)arg;
	(void)fd;
}

static inline bool feed_write(void *arg, const void *p, size_t n)
{
	const uint8_t *b = p;

	(void)arg;
	while (n) {
		ssize_t r = __wrap_write(feed.out, b, n);

		if (r < 0)
			return false;
		b += r;
		n -= (size_t)r;
	}
	return true;
}

/* partial: messages may lack fields. */
static inline bool feed_encode(bool partial, struct crit_error *err)
{
	static struct image_sink sink;
	static struct json_source s;
	struct in in;
	bool ok;

	error_clear(err);
	if (!image_sink_init(&sink, &crit_schema, err) ||
	    !json_source_init(&s, &crit_schema, &sink.sink, err) ||
	    !in_open(&in, feed.fd, err))
		abort();
	sink.open = feed_open;
	sink.close = feed_close;
	sink.write = feed_write;
	sink.allow_partial = partial;
	ok = documents_read(&s, &in) && json_source_end(&s);
	CHECK(ok == !error_is(err));
	in_close(&in);
	json_source_free(&s);
	image_sink_free(&sink);
	return ok;
}

#endif

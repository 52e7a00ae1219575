// SPDX-License-Identifier: MIT
#include "event/count.h"

static void image(struct sink *s, const struct image *i)
{
	(void)s;
	(void)i;
}

static void entry(struct sink *s, const struct message *m)
{
	(void)s;
	(void)m;
}

static void field(struct sink *s, const struct field *f)
{
	(void)s;
	(void)f;
}

static void nothing(struct sink *s)
{
	(void)s;
}

static void number(struct sink *s, const struct field *f, uint64_t v)
{
	(void)s;
	(void)f;
	(void)v;
}

static void bytes(struct sink *s, const struct field *f, const void *p,
		  size_t n, bool last)
{
	(void)s;
	(void)f;
	(void)p;
	(void)n;
	(void)last;
}

static void unknown(struct sink *s, const void *p, size_t n, bool last)
{
	(void)s;
	(void)p;
	(void)n;
	(void)last;
}

static enum flat flat(struct sink *s, const struct message *m,
		      const uint8_t *p, size_t n)
{
	(void)s;
	(void)m;
	(void)p;
	(void)n;
	return FLAT_OK;
}

void count_sink_open(struct sink *sink, struct crit_error *err)
{
	static const struct sink_ops ops = {
		.image = image, .image_end = nothing,
		.entry = entry, .entry_end = nothing,
		.begin = field, .end = nothing,
		.list = field, .list_end = nothing,
		.number = number, .bytes = bytes, .unknown = unknown,
		.flat = flat,
	};

	*sink = (struct sink){ .ops = &ops, .err = err };
}

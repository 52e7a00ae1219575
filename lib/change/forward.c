// SPDX-License-Identifier: MIT
#include "change/forward.h"

static inline struct forward *forward(struct sink *sink)
{
	return (struct forward *)sink;
}

static inline struct sink *to(struct sink *sink)
{
	return forward(sink)->to;
}

void forward_image(struct sink *sink, const struct image *image)
{
	forward(sink)->open = true;
	forward(sink)->named |= image->name != NULL;
	event_image(to(sink), image);
}

void forward_image_end(struct sink *sink)
{
	forward(sink)->open = false;
	event_image_end(to(sink));
}

void forward_entry(struct sink *sink, const struct message *m)
{
	event_entry(to(sink), m);
}

void forward_entry_end(struct sink *sink)
{
	event_entry_end(to(sink));
}

void forward_begin(struct sink *sink, const struct field *f)
{
	event_begin(to(sink), f);
}

void forward_end(struct sink *sink)
{
	event_end(to(sink));
}

void forward_list(struct sink *sink, const struct field *f)
{
	event_list(to(sink), f);
}

void forward_list_end(struct sink *sink)
{
	event_list_end(to(sink));
}

void forward_number(struct sink *sink, const struct field *f, uint64_t v)
{
	event_number(to(sink), f, v);
}

void forward_bytes(struct sink *sink, const struct field *f, const void *p,
		   size_t n, bool last)
{
	event_bytes(to(sink), f, p, n, last);
}

void forward_unknown(struct sink *sink, const void *p, size_t n, bool last)
{
	event_unknown(to(sink), p, n, last);
}

void forward_head(struct sink *sink, enum head head)
{
	if (to(sink)->ops->head)
		to(sink)->ops->head(to(sink), head);
}

void forward_raw(struct sink *sink, const void *p, size_t n)
{
	if (to(sink)->ops->raw)
		to(sink)->ops->raw(to(sink), p, n);
}

void forward_fail(struct sink *sink, const struct crit_error *err)
{
	forward(sink)->open = false;
	if (to(sink)->ops->fail)
		to(sink)->ops->fail(to(sink), err);
}

void forward_init(struct forward *f, const struct sink_ops *ops,
		  struct sink *next, struct crit_error *err)
{
	*f = (struct forward){
		.sink = { .ops = ops, .err = err }, .to = next,
	};
}

/* SPDX-License-Identifier: MIT
 *
 * A sink between a source and a sink: it passes on what it gets. A change is
 * one with some of its calls in place of these.
 *
 *   source ─► forward ─► next sink
 */
#ifndef CRIT_CHANGE_FORWARD_H
#define CRIT_CHANGE_FORWARD_H

#include "event/event.h"

struct forward {
	struct sink sink;
	struct sink *to;
	bool open;		/* between image and image_end */
	bool named;		/* some image had a name */
};

/* For the ops of a change: all calls one by one, no flat, no run. */
void forward_image(struct sink *sink, const struct image *image);
void forward_image_end(struct sink *sink);
void forward_entry(struct sink *sink, const struct message *m);
void forward_entry_end(struct sink *sink);
void forward_begin(struct sink *sink, const struct field *f);
void forward_end(struct sink *sink);
void forward_list(struct sink *sink, const struct field *f);
void forward_list_end(struct sink *sink);
void forward_number(struct sink *sink, const struct field *f, uint64_t v);
void forward_bytes(struct sink *sink, const struct field *f, const void *p,
		   size_t n, bool last);
void forward_unknown(struct sink *sink, const void *p, size_t n, bool last);
void forward_head(struct sink *sink, enum head head);
void forward_raw(struct sink *sink, const void *p, size_t n);
void forward_fail(struct sink *sink, const struct crit_error *err);

void forward_init(struct forward *f, const struct sink_ops *ops,
		  struct sink *to, struct crit_error *err);

#endif

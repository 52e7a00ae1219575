/* SPDX-License-Identifier: MIT
 *
 * The kinds of what follows an entry: a row each, beside the one in
 * schema/extra.h. Layouts are told there.
 */
#ifndef CRIT_IMAGE_EXTRA_KINDS_H
#define CRIT_IMAGE_EXTRA_KINDS_H

#include "image/read.h"
#include "image/write_parts.h"

struct extra_kind_ops {
	/* Reads it, as s->says has it, and gives its events; only passes over it
	 * where s->skip_extra. False and *err: there is less. */
	bool (*read)(struct image_source *s);

	/* How many bytes are said to have been left out; NULL: nothing is said. */
	uint64_t (*size)(const struct extra_says *says);

	/* The entry is written: fills up with zeros; *err where what came is not
	 * what it says. */
	void (*check)(struct image_sink *s);
};

extern const struct extra_kind_ops extra_kinds[EXTRA_N];

/* read_extra.c. Fails: n bytes are not there. */
bool extra_cut(struct image_source *s, uint64_t n);

/* Whether n more bytes can be there; a pipe will tell in time. */
bool extra_claim(struct image_source *s, uint64_t n);

/* n bytes to the sink, or only passed over; a sink that gets last = false is
 * given more. */
bool extra_give(struct image_source *s, const struct field *f, uint64_t n,
		bool last);

/* The zeros that fill up n bytes. */
bool extra_skip_padding(struct image_source *s, uint64_t n);

/* write_extra.c. Zeros after n bytes. */
void extra_put_padding(struct image_sink *s, uint64_t n);

/* Whether so much is there as the field of this name says; else *err. */
bool extra_differs(struct image_sink *s, const char *name, uint64_t is,
		   uint64_t should);

#endif

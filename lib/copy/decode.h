/* SPDX-License-Identifier: MIT
 *
 * Images of a store as text.
 */
#ifndef CRIT_COPY_DECODE_H
#define CRIT_COPY_DECODE_H

#include "json/writer.h"
#include "store/store.h"

struct decoder {
	const struct schema *schema;
	struct writer *writer;
	bool skip_extra;	/* --nopl */
	bool strict;		/* an unknown magic is an error; else its bytes
				 * are written as they are */
	void (*warn)(void *ctx, const struct crit_error *);	/* or NULL */
	void *ctx;
	struct crit_error *err;
};

/* One image. False: *err; the text says so, too. */
bool decode_image(const struct decoder *d, const struct blob *b,
		  const char *name);

/* A file of a store where it is an image, and what it is; also where it can be
 * none: *err, and the text says so. */
enum file_is decode_file(const struct decoder *d, const struct store *s,
			 const char *name);

/* All of them, and the end record. False at the first that fails: *err. */
bool decode_store(const struct decoder *d, const struct store *s);

#endif

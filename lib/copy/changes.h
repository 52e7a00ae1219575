/* SPDX-License-Identifier: MIT
 *
 * Records -> images that replace those of a source, put aside in one
 * unlinked temporary file.
 */
#ifndef CRIT_COPY_CHANGES_H
#define CRIT_COPY_CHANGES_H

#include "base/blob.h"
#include "base/buffer.h"
#include "base/in.h"
#include "schema/schema.h"

struct change {
	char *name;			/* base name of the image */
	uint64_t start, size;		/* in the temporary file */
	bool used;			/* by the caller */
};

struct changes {
	struct change *list;		/* by name, after changes_read */
	size_t n, cap;
	int fd;				/* the temporary file, or -1 */
	struct crit_error *err;
};

/* Reads a whole stream of records from fd. False and *err: also where it has
 * no end record. changes_close in any case. */
bool changes_read(struct changes *e, int fd, const struct schema *schema,
		struct crit_error *err);
bool changes_read_in(struct changes *e, struct in *in,
		     const struct schema *schema, struct crit_error *err);

/* Images that are there already, one by one, into *e, which begins as
 * changes_none; then changes_sort. False and *err. */
bool changes_none(struct changes *e, struct crit_error *err);
bool changes_add(struct changes *e, const char *name, const void *p, size_t n);
bool changes_sort(struct changes *e);
void changes_close(struct changes *e);

/* The image of this name, or NULL. */
struct change *changes_find(const struct changes *e, const char *name);

/* Its bytes; nothing needs to be closed. */
struct blob changes_blob(const struct changes *e, const struct change *change);

#endif

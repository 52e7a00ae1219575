/* SPDX-License-Identifier: MIT
 *
 * What is at a path, told by its first bytes.
 *
 *   path, "-" ─► file, pipe or directory ─► (decompressor) ─► first bytes
 */
#ifndef CRIT_STORE_SOURCE_H
#define CRIT_STORE_SOURCE_H

#include "base/unpack.h"
#include "schema/schema.h"

enum content {
	CONTENT_DIR,
	CONTENT_TAR,
	CONTENT_STREAM,		/* of criu-image-streamer */
	CONTENT_IMAGE,		/* one image */
	CONTENT_TEXT,		/* documents: JSON, YAML */
	CONTENT_EMPTY,
	CONTENT_ZEROS,		/* an archive without members, or anything */
	CONTENT_OTHER,
};

struct source {
	char name[256];			/* for messages */
	int dir;			/* CONTENT_DIR: its descriptor, or -1 */
	struct blob raw;		/* all else: the bytes as they are */
	const struct unpack_kind *kind;	/* NULL: not compressed */
	struct unpack *unpack;		/* an idle one to reuse, or NULL */
	struct blob plain;		/* what was unpacked, at the same offsets;
					 * or none */
	enum content content;		/* of what was unpacked */
	bool any_order, spooled;
	bool layout;			/* CONTENT_TAR: begins as that of an OCI
					 * layout does */
};

/* "-" is standard input, which stays open. any_order: a pipe that is compressed
 * is put into an unlinked file first. meter: NULL, or counts the bytes as they
 * are. False: *err, with the path. */
bool source_open(struct source *s, const char *path, const struct schema *schema,
		 bool any_order, struct blob_meter *meter,
		 struct crit_error *err);

/* The same of bytes that lie somewhere else; the blob becomes the source's. */
bool source_open_blob(struct source *s, struct blob *b, const char *name,
		      const struct schema *schema, struct crit_error *err);
void source_close(struct source *s);

/* It lies at to from now on. */
void source_move(struct source *to, struct source *from);

/* Whether its bytes can be read again. */
static inline bool source_is_pipe(const struct source *s)
{
	return s->raw.fd < 0 && s->raw.size == BLOB_UNKNOWN;
}

/* The decompressor that was used last, or a new one; NULL and *err. */
struct unpack *source_unpack(struct source *s, struct crit_error *err);

/* Gives it back. */
void source_unpack_put(struct source *s, struct unpack *u);

/* Up to n bytes of what was unpacked, by u (NULL: it is not compressed). */
size_t source_read(const struct source *s, struct unpack *u, uint64_t at,
		   void *p, size_t n, struct crit_error *err);

/* A pipe becomes an unlinked file: unchanged, or decompressed if source_open has
 * unpacked its beginning. */
bool source_spool(struct source *s, struct crit_error *err);

#endif

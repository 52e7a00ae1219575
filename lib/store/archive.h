/* SPDX-License-Identifier: MIT
 *
 * The members of an archive after one pass: names, sizes, and where the bytes
 * are. Nothing is unpacked to files that have a name.
 *
 *   source ─► tar, streamer ─► members ─┬─ at an offset of the source
 *                                       ├─ put aside: memory, then a temp file
 *                                       └─ gone by (a pipe)
 *
 * An uncompressed file is only indexed. Of what is compressed, or a pipe, the
 * small members are put aside, pages images never.
 */
#ifndef CRIT_STORE_ARCHIVE_H
#define CRIT_STORE_ARCHIVE_H

#include "store/oci.h"
#include "store/source.h"
#include "store/store.h"
#include "store/tar.h"

#include <string.h>

enum {
	ARCHIVE_MEMORY = (2 << 20) / CRIT_SCALE,	/* put aside in memory, in all */
	ARCHIVE_SHARD = 56,		/* bits of an offset below its shard */
	ARCHIVE_PATH = 4096,		/* bytes of a member's name */
	ARCHIVE_PAST = (256 << 10) / CRIT_SCALE,
	ARCHIVE_SMALL = 256 << 10,	/* bytes of any member that are put aside */
	ARCHIVE_PIECES = (1 << 20) / CRIT_SCALE,	/* bytes of pieces */
	ARCHIVE_PIECES_MAX = 4096,
	ARCHIVE_PASSES = 16,		/* over a compressed file, before its
					 * pages are put into a temporary one */
	ARCHIVE_IMAGE = 64 << 20,	/* of an image, unless it comes by a pipe */
};

enum member_at {
	MEMBER_SOURCE,		/* from: offset in what was unpacked */
	MEMBER_MEMORY,		/* bytes */
	MEMBER_TEMP,		/* from: offset in the temporary file */
	MEMBER_GONE,		/* went by in a pipe */
	MEMBER_NONE,		/* a link that leads nowhere, a device, ... */
};

struct member {
	uint32_t name;			/* in names */
	uint32_t link;			/* in names, of a TAR_SYMLINK; or 0 */
	uint8_t type;			/* enum tar_type */
	uint8_t at;			/* enum member_at */
	bool sparse;
	bool passed;			/* how->pass has taken it */
	uint32_t extents, n_extents;	/* of a sparse one: its list; from
					 * counts packed bytes */
	uint64_t size, packed;
	union {
		uint64_t from;
		uint8_t *bytes;
	};
};

/* Bytes of a pages image, by their offset in what was unpacked. */
struct archive_piece {
	uint64_t at;
	size_t n;
	uint8_t *bytes;
};

struct archive {
	struct source *source;		/* [0], and further shards */
	size_t n_sources;
	const struct schema *schema;
	const struct store_how *how;
	struct crit_error *err;		/* while it is being read */
	void (*note)(void *ctx, const char *what);	/* of how */
	void *note_ctx;
	unsigned refs;

	struct member *members;		/* in the order of the archive */
	size_t n, cap;
	char *names;			/* paths without ./, //, / at the end */
	size_t n_names, cap_names;
	uint32_t *slots;		/* 1 + the last member of a path, or 0 */
	size_t n_slots;
	uint32_t *sorted;		/* members by path; last of each name */
	size_t n_sorted;
	size_t indexed;			/* members that sorted knows of */

	struct extents extents;

	struct store *outer;		/* that the source's bytes are in */
	struct oci_found oci;		/* and where */

	size_t in_memory;		/* bytes put aside */
	int temp;
	uint64_t temp_size;

	char *dir;			/* with the images, once that is known */
	bool dir_known, sure;		/* before the end; and has images */
	const struct blob *passing;	/* while how->pass has it */
	const char *passing_path;
	struct in *in;
	uint64_t passing_from;		/* its offset */
	uint64_t passed;		/* bytes of it, and the last of them */
	uint8_t *past;
	size_t n_past;
	struct archive_piece *pieces;	/* of [0] */
	size_t n_pieces, in_pieces;
	unsigned passes;		/* over compressed files, for members */
	bool dotdot;			/* has been reported */
};

/* Takes the source. NULL: *err. What came before damage is kept where the
 * how says so, and damage says what it was. */
struct archive *archive_open(struct source *s, const struct schema *schema,
			     const struct store_how *how,
			     struct crit_error *damage, struct crit_error *err);
void archive_close(struct archive *a);		/* takes one reference */

static inline const char *archive_name(const struct archive *a,
				       const struct member *m)
{
	return a->names + m->name;
}

/* The member of this path, or NULL; hard links count as what they lead to. */
const struct member *archive_find(const struct archive *a, const char *path);

/* For archive_find: member i has come; false and *a->err. And when all of them
 * have: leaves one of each name. */
bool archive_index(struct archive *a, size_t i);
bool archive_finish(struct archive *a);

/* All members by their paths; NULL at the end. */
const struct member *archive_nth(struct archive *a, size_t i);

/* Its bytes. False and *err. */
bool archive_blob(struct archive *a, const struct member *m, struct blob *b,
		  struct crit_error *err);

/* Whether path is a directory that has something in it. */
bool archive_has_dir(struct archive *a, const char *path);

/* path, seen from dir (or "": the top), without ".", ".." and doubled
 * slashes. False: it leads out of the archive, or is too long. */
bool archive_path(char *to, size_t size, const char *dir, const char *path);

/* For the readers of formats: a member with its bytes in a->in, at offset from
 * of the source. m->size and m->packed are set. Returns false with *a->err set.
 * */
bool archive_add(struct archive *a, struct member *m, const char *name,
		 const char *link, struct in *in);
bool archive_put(struct archive *a, struct member *m, const char *path);

/* Those that a member has in memory. */
void archive_free_bytes(const struct member *m);

/* Where the bytes of a file of a stream go; n bytes of in to the end of the
 * temporary file. */
enum member_at archive_place(const struct archive *a, const char *name);
bool archive_to_temp(struct archive *a, struct in *in, uint64_t n);

/* A window over what was unpacked of a shard, and over it again from there. */
bool archive_in_open(struct archive *a, size_t shard, struct in *in,
		     struct blob *b);
bool archive_in_close(struct archive *a, struct in *in, struct blob *b);

/* Whether bytes of a compressed archive may be wanted in any order; and then,
 * before they are read: a second pass, unless it was done. False: *err. */
bool archive_any_order(const struct archive *a, const struct member *m);
bool archive_again(struct archive *a, size_t shard, struct crit_error *err);

/* Keeps bytes that pass, if there is room; up to n of what was kept, or 0. */
void archive_keep_piece(struct archive *a, uint64_t at, const void *p, size_t n);
size_t archive_piece(const struct archive *a, uint64_t at, void *to, size_t n);
void archive_free_pieces(struct archive *a);

bool archive_read_tar(struct archive *a);
bool archive_read_streamer(struct archive *a);

/* Gives how->pass a member that was put aside; or one that is being read in
 * a->in. Whether it took it. */
bool archive_show(struct archive *a, const struct member *m, const char *path);
bool archive_pass(struct archive *a, const struct member *m, const char *path);
bool archive_offer(struct archive *a, const char *path, const struct blob *b);

/* archive_store_open of bytes that lie in another store, which becomes the
 * archive's own where this succeeds. */
bool archive_store_open_in(struct store *s, struct source *source,
			   struct store *outer, const struct oci_found *found,
			   struct crit_error *err);

/* The directory that the parent link of dir leads to. False: there is none
 * in the archive. */
bool archive_parent(struct archive *a, const char *dir, char *to, size_t size);

/* What the base name of a member says. */
bool archive_is_pages(const struct archive *a, const char *base);
bool archive_is_image(const struct archive *a, const char *base);

/* Layers of an OCI image, which come before the index that says which. */
static inline bool archive_is_layer(const char *path)
{
	return !strncmp(path, "blobs/sha256/", 13);
}

static inline const char *archive_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static inline bool member_is_file(const struct member *m)
{
	return m->type == TAR_FILE || (m->type == TAR_LINK &&
				       m->at != MEMBER_NONE);
}

/* Tells how->warn. */
void archive_warn(const struct archive *a, const char *name, const char *what);

/* The directory of images that is meant: how->at, or found. False and *err. */
bool archive_choose(struct archive *a, char *dir, size_t size,
		    struct crit_error *err);

/* Room for a further element; false and *err. */
bool archive_room(void **p, size_t n, size_t *cap, size_t size,
		  struct crit_error *err);

#endif

/* SPDX-License-Identifier: MIT
 *
 * tar, member by member: v7, ustar, PAX, GNU; sparse members of four kinds.
 *
 *   header (x, L, K before it) ─► name, type, size, where the bytes are
 *
 * A size is only a promise: nothing is allocated by it. After tar_next the
 * window stands at the member's data, which may be taken from it or not.
 */
#ifndef CRIT_STORE_TAR_H
#define CRIT_STORE_TAR_H

#include "base/buffer.h"
#include "store/extents.h"

enum {
	TAR_BLOCK = 512,
	TAR_SPECIAL_MAX = 1 << 20,	/* bytes of a PAX header or a long name */
};

enum tar_type { TAR_FILE, TAR_DIR, TAR_LINK, TAR_SYMLINK, TAR_OTHER };

struct tar_text {
	char *p;
	size_t n, cap;
	bool set;
};

/* What special headers say of the member that follows them. */
struct tar_special {
	struct tar_text name, link, sparse_name, map;
	uint64_t size, real, uid, gid;
	bool has_size, has_real, sparse, one_zero, has_uid, has_gid, xattrs;
	uint64_t first;			/* offset of the first of them */
	bool any;
};

struct tar_member {
	const char *name, *link;	/* as they stand; until the next call */
	enum tar_type type;
	uint64_t mode, mtime, uid, gid;
	char kind;			/* as it stands: '3' is a device, ... */
	uint64_t major, minor;		/* of a device */
	uint64_t header;		/* offset of its (first) header */
	uint64_t data, packed;		/* bytes in the archive */
	uint64_t size;			/* of the file */
	bool sparse;
	bool xattrs;			/* it has some, which are not read */
	struct extent_list extents;	/* of a sparse one; from counts packed
					 * bytes */
};

struct tar {
	struct in *in;
	struct crit_error *err;
	/* may be set: what is odd and does no harm */
	void (*warn)(void *ctx, uint64_t offset, const char *what);
	void *ctx;

	uint64_t next;			/* offset of the next header */
	uint64_t data_end;		/* of the last member, without padding */
	uint64_t members;
	bool ended;			/* a block of zeros came last */
	struct tar_special special;
	struct extents *extents;
	struct extent_list list;	/* of this member, while it is read: */
	uint64_t real, end, packed;	/* sizes, and where the last one ends */
	char name[257], link[101];
};

/* Whether 512 bytes are a header, by its checksum. */
bool tar_is_header(const uint8_t *block);

/* extents is where sparse members have their lists. All must stay. */
void tar_open(struct tar *t, struct in *in, struct extents *extents,
	      struct crit_error *err);
void tar_close(struct tar *t);

/* The next member: 1, 0 at the end, -1 and *err with the offset. */
int tar_next(struct tar *t, struct tar_member *m);

/* For tar_special.c and tar_sparse.c. */

bool tar_bad(struct tar *t, uint64_t offset, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool tar_number(const uint8_t *p, size_t n, uint64_t *value);

/* The data of an x, L or K header into t->special. */
bool tar_special(struct tar *t, char type, uint64_t size, uint64_t at);
void tar_special_clear(struct tar_special *s);
void tar_special_free(struct tar_special *s);

/* Reads n bytes more into a text. */
bool tar_take(struct tar *t, struct tar_text *to, uint64_t n);

/* The extents of a sparse member; moves m->data behind a map that is there. */
bool tar_sparse_old(struct tar *t, const uint8_t *header, struct tar_member *m);
bool tar_sparse_pax(struct tar *t, struct tar_member *m);

#endif

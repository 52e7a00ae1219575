/* SPDX-License-Identifier: MIT
 *
 * Where a copy goes: one interface, one file for each kind (to_dir.c,
 * to_tar.c, to_stream.c).
 *
 *   target_open ─► file ─► put | blob | zeros.. ─► close
 *                  (several may be open at once)
 *   target_member: directories, links
 *   target_finish | target_abort: all of it is in place, or nothing
 */
#ifndef CRIT_COPY_TARGET_H
#define CRIT_COPY_TARGET_H

#include "base/blob_copy.h"

enum member_type {
	MEMBER_FILE, MEMBER_DIR, MEMBER_SYMLINK, MEMBER_HARDLINK, MEMBER_FIFO,
	MEMBER_DEVICE,
};

/* One file of a checkpoint, wherever it lies. */
struct member {
	const char *path;		/* relative; no "." or ".." in it */
	const char *place;		/* NULL, or where its bytes come from:
					   for messages */
	enum member_type type;
	uint32_t mode, uid, gid;	/* mode: permission bits */
	int64_t mtime;			/* seconds */
	uint32_t mtime_ns;
	uint64_t size;			/* of a file, or BLOB_UNKNOWN */
	const char *link;		/* of links: where they lead */
	uint32_t major, minor;		/* of a device */
	bool block;
	bool xattrs;			/* extended attributes, which are lost */
};

static inline const char *member_place(const struct member *m)
{
	return m->place ? m->place : m->path;
}

struct target;

/* A file that is being written. */
struct target_file {
	struct target *to;
	struct member m;		/* path and link stay the caller's */
	struct blob_copy out;		/* where its bytes go */
	char shown[ERROR_IMAGE];	/* its name in messages about writing */
	uint64_t size;			/* so far */
	int spool;			/* a temporary file, or -1 */
	uint64_t at;			/* of its header, in a tar */
};

struct target_ops {
	bool (*member)(struct target *, const struct member *);
	bool (*open)(struct target *, struct target_file *);	/* sets out */
	bool (*close)(struct target *, struct target_file *);
	/* NULL, or a file with the bytes of this blob, of known size */
	bool (*blob)(struct target *, const struct member *,
		     const struct blob *);
	/* NULL, or says that n bytes come by target_pipe: f->out.fd */
	bool (*chunk)(struct target *, struct target_file *, size_t n);
	bool (*finish)(struct target *);
	void (*abort)(struct target *);
};

struct target {
	const struct target_ops *ops;
	struct crit_error *err;
	uint64_t files, bytes;		/* that were closed */
	bool replace;			/* a file of the same name: the last counts */
	bool replaced;			/* one was */
	void (*moved)(void *moved_arg, uint64_t n);	/* as blob_copy has it */
	void *moved_arg;
};

/* What writes a target's bytes tells of them as the target does. */
static inline void target_tells(const struct target *t, struct blob_copy *out)
{
	out->moved = t->moved;
	out->moved_arg = t->moved_arg;
}

bool target_member(struct target *t, const struct member *m);
bool target_open(struct target *t, struct target_file *f,
		 const struct member *m);
bool target_close(struct target_file *f);

/* Moves what a pipe holds into the file: 1, 0 at the pipe's end, -1 and *err.
 * Waits where the pipe is empty. */
int target_pipe(struct target_file *f, int pipe);

/* Writes a file with the bytes of this blob. */
bool target_blob(struct target *t, const struct member *m,
		 const struct blob *b);

/* Everything is in place, or *err. */
bool target_finish(struct target *t);
void target_abort(struct target *t);	/* harmless after target_finish */

#endif

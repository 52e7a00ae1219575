/* SPDX-License-Identifier: MIT
 *
 * Where the images of a checkpoint lie: one interface, one file for each kind
 * of place (dir.c: a directory). Whoever asks for images knows names and
 * blobs (base/blob.h), never descriptors or paths.
 */
#ifndef CRIT_STORE_STORE_H
#define CRIT_STORE_STORE_H

#include "base/blob.h"
#include "schema/schema.h"

struct store;

struct store_file {
	char *name;		/* base name */
	int order;
	bool regular;		/* a file, no link to one */
	bool passed;		/* how->pass has taken it */
};

struct store_ops {
	const char *what;	/* for messages: "directory" */

	/* Adds each name by store_add. */
	bool (*list)(struct store *, struct crit_error *);

	/* Whether it certainly has nothing of that name. */
	bool (*absent)(const struct store *, const char *name);

	/* Whether it has a file of that name, not a directory or a device. */
	bool (*regular)(const struct store *, const char *name);

	/* The bytes of a file; never anything outside of the store. False
	 * and *err: image and what. */
	bool (*blob)(const struct store *, const char *name, struct blob *,
		     struct crit_error *);

	/* The checkpoint that pages said to be "in the parent" are in. False
	 * and errno. */
	bool (*parent)(const struct store *, struct store *parent);

	/* What the link "parent" holds, cut at n bytes. False: it is no link.
	 * NULL: it never is. */
	bool (*parent_link)(const struct store *, char *to, size_t n);

	/* The same store once more, to be closed for itself. False and
	 * errno. */
	bool (*again)(const struct store *, struct store *);

	/* A file that lies beside the images, not among them: config.dump.
	 * False and *err; *absent: there is none. NULL: never any. */
	bool (*beside)(const struct store *, const char *name, struct blob *,
		       bool *absent, struct crit_error *);

	void (*close)(struct store *);
};

/* What the bytes of pages images are wanted for, where they cannot be read at
 * any place: in a pipe, or compressed. */
enum store_pages {
	STORE_PAGES_ANY,	/* a pipe is put into an unlinked file */
	STORE_PAGES_NONE,	/* only their sizes matter */
	STORE_PAGES_PASS,	/* how->pass takes them as they come */
};

/* How a checkpoint is opened. All zeros: a directory or an archive, whole. */
struct store_how {
	bool follow;		/* -L: symbolic links that lead out, too */
	bool whole;		/* a tar without its last blocks is an error */
	const char *at;		/* --at: where in it the images are, or NULL */
	const char *parent;	/* --parent: a CHECKPOINT, or NULL */
	const char *const *shards;	/* --shard: further files of a stream */
	size_t n_shards;
	enum store_pages want;

	/* What came before damage is there, and store->damage; else damage
	 * is an error of store_open. */
	bool partial;

	/* NULL, or told what is odd and does no harm; and what is done that
	 * takes time or disk. */
	void (*warn)(void *ctx, const struct crit_error *);
	void (*note)(void *ctx, const char *what);

	/* NULL, or called for each file while a pipe or a compressed archive
	 * is being read: of pages images (STORE_PAGES_PASS, and _ANY), or of
	 * all files (STORE_PAGES_NONE). They, and those before them, are in
	 * the store. True: it will not be asked for again. With _ANY it says
	 * false, and what it has read is kept, up to 1 MiB. */
	bool (*pass)(void *ctx, const struct store *so_far, const char *name);
	void *ctx;

	struct blob_meter *meter;	/* NULL, or counts what is read */
};

enum { STORE_PLACE_MAX = 256 };

struct store {
	const struct store_ops *ops;
	const struct schema *schema;
	struct store_how how;
	struct crit_error damage;	/* error_is: not all could be read */
	char place[STORE_PLACE_MAX];	/* before names in messages:
					 * "cp.tar.zst: checkpoint/", or "" */
	char at[STORE_PLACE_MAX];	/* where the images are in it:
					 * "checkpoint/", or "" */
	struct store *outside;		/* --parent; owned where owns is set */
	bool owns;
	bool in_layer;		/* of an OCI image */
	uint64_t id[2];		/* the same place has the same */

	/* after store_list: in the order in which images explain one another:
	 * inventory, pstree, ids, core, fdinfo, files, fs, mm, pagemap, the
	 * rest by name (numbers by value) */
	struct store_file *files;
	size_t n, cap;
	struct store_names *names;	/* their names, in pieces */

	int fd;			/* of a directory, or -1 */
	void *state;		/* of other kinds */
};

/* What a file of a checkpoint is. */
enum file_is {
	FILE_IMAGE,		/* has an image's magic */
	FILE_RAW,		/* a raw image, by its name */
	FILE_OTHER,		/* no image, and not named like one */
	FILE_BAD,		/* named like an image: *err says why not */
};

/* Opens what is at path; files are opened one by one. The schema must outlive
 * the store; the path need not. follow: symbolic links that lead out of a
 * directory are followed. False: *err, and there is nothing to be closed
 * (closing does no harm). */
bool store_open(struct store *s, const char *path, const struct schema *schema,
		bool follow, struct crit_error *err);

/* The same in another way. */
bool store_open_how(struct store *s, const char *path,
		    const struct schema *schema, const struct store_how *how,
		    struct crit_error *err);

/* The same of what is open already: the source becomes the store's, also
 * where it fails. */
struct source;
bool store_open_source(struct store *s, struct source *source,
		       const struct schema *schema, const struct store_how *how,
		       struct crit_error *err);

/* store_open and store_list. */
bool store_open_list(struct store *s, const char *path,
		     const struct schema *schema, bool follow,
		     struct crit_error *err);
void store_close(struct store *s);

/* Reads the names of a store that store_open has opened: once. */
bool store_list(struct store *s, const char *path, struct crit_error *err);
void store_unlist(struct store *s);	/* forgets them */

/* none.c: whether a store that was listed has any image; if not, *err says
 * what is there and what may be meant. path: what store_open was given. */
bool store_has_images(const struct store *s, const char *path,
		      struct crit_error *err);

/* Whether the name is BEFORE, a number, ".img": pages-12.img. A number of more
 * bits is none. */
bool store_number(const char *name, const char *before, uint64_t *number);
bool store_pid(const char *name, const char *before, uint32_t *pid);

/* The file of that name, or NULL; after store_open_list. */
const struct store_file *store_find(const struct store *s, const char *name);

/* Whether the store certainly has nothing of that name; true is not a
 * promise that it can be opened. */
bool store_absent(const struct store *s, const char *name);

/* The bytes of an image, to be closed by blob_close. Never blocks; only
 * regular files, and nothing outside of the store. False and *err. */
bool store_blob(const struct store *s, const char *name, struct blob *blob,
		struct crit_error *err);

/* What it is. FILE_IMAGE: *blob is open. */
enum file_is store_look(const struct store *s, const char *name,
			struct blob *blob, struct crit_error *err);

/* The checkpoint that the name "parent" leads to. False and errno. */
bool store_parent(const struct store *s, struct store *parent);

/* What that name holds, if it is a link; else false, and "". */
bool store_parent_link(const struct store *s, char *to, size_t n);

/* A file that lies beside the images: config.dump, stats-dump. False: *err,
 * or *absent. Of OCI images also what describes them: the manifest, and
 * containerd's message that has the runtime's spec. */
#define STORE_OCI_MANIFEST "(OCI manifest)"
#define STORE_OCI_CONFIG "(containerd config)"
bool store_beside(const struct store *s, const char *name, struct blob *blob,
		  bool *absent, struct crit_error *err);

static inline bool store_same(const struct store *a, const struct store *b)
{
	return a->id[0] == b->id[0] && a->id[1] == b->id[1];
}

/* For the kinds of store. */

bool store_add(struct store *s, const char *name, bool regular,
	       struct crit_error *err);

/* A directory of images, or a container's. fd becomes the store's. */
bool dir_store_open(struct store *s, int fd, const char *path,
		    struct crit_error *err);

/* The checkpoint within an OCI layout, which s is a store of; name is for
 * messages. s stays the layout where that fails. */
bool oci_store_open(struct store *s, const char *name, struct crit_error *err);

/* A file or a pipe. */
bool archive_store_open(struct store *s, struct source *source,
			struct crit_error *err);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Events of an image -> units and leaves. A unit is an entry, or a message in
 * it that has an identity of its own (a mapping in mm); a leaf is a number or
 * a string in one, with its path.
 *
 *   mm-12.img          unit          key: it is the only one
 *     mm_brk             leaf
 *     vmas[0]            unit        key: vmas, start
 *       end                leaf
 *   mountpoints-5.img
 *     /proc            unit          key: mountpoint
 *
 * Of units without an identity, the content is the key.
 */
#ifndef CRIT_DIFF_WALK_H
#define CRIT_DIFF_WALK_H

#include "diff/ids.h"
#include "event/event.h"
#include "store/store.h"

enum {
	WALK_UNITS = 40, WALK_LATER = 48, WALK_NAME = 256, WALK_PATH = 1024,
	WALK_BYTES = 256,	/* of a string, that are kept */
};

/* A number that waits for the end of its unit. */
struct later {
	const struct field *field;
	const struct field_rule *rule;
	uint64_t value, path;
};

struct unit {
	const struct message *message;
	const struct entry_rule *rule;	/* NULL: its content is its key */
	uint64_t key, content, parent, status;
	uint64_t shape;			/* of the fields that are no ids */
	uint64_t named;			/* hash of its name */
	uint32_t type;			/* of a file, + 1 */
	uint64_t number[3];		/* plain keys */
	unsigned n_numbers;
	const char *number_of;		/* the field of the first key */
	uint64_t of;			/* id that gives it its name */
	struct title label;
	uint8_t section;
	uint32_t ordinal;		/* in the image */
	bool wanted;
	size_t path_at;			/* where its path begins in walk.path */
	struct later later[WALK_LATER];
	unsigned n_later;
	char name[WALK_NAME];
	size_t name_n;
};

struct leaf {
	const struct field *field;	/* NULL: unknown fields */
	uint64_t path, hash;		/* hash: equal where values are */
	uint64_t value;			/* of a number */
	const void *bytes;		/* or the first of a string */
	size_t n;
	uint64_t size;			/* of it all */
	const struct field *list;	/* that it is an element of, or NULL */
	uint64_t list_path;
	size_t path_n;			/* bytes of walk.path, without index */
	enum space space;
	bool hex;
};

struct walk_frame {
	const struct message *message;
	const struct message_rule *rules;
	const struct field *list;
	uint32_t index;
	uint64_t path;
	size_t path_n;
	bool root;			/* of its unit */
	bool hex;			/* its numbers are shown so */
};

struct walk {
	struct sink sink;
	struct crit_error *err;
	const struct schema *schema;
	const struct identities *identities;
	const struct ids *ids;
	int side;

	/* each may be NULL */
	bool (*wanted)(struct walk *, uint32_t ordinal);
	void (*leaf)(struct walk *, const struct unit *, const struct leaf *);
	void (*id)(struct walk *, const struct unit *, const struct later *,
		   enum space);		/* those that stand for something, of
					   level; a unit's content and shape
					   are not made then */
	void (*unit)(struct walk *, const struct unit *);
	void *ctx;
	unsigned level;
	struct list *into;		/* where id and unit add to, or NULL: cut
					   back where an entry is read again */

	/* the image */
	const char *name;
	const struct image_type *type;
	uint64_t key;			/* of the image */
	struct title label;
	uint32_t ordinals;
	char path[WALK_PATH];
	struct walk_frame frames[WIRE_DEPTH_MAX + 2];
	int depth;			/* frames in use */
	struct unit units[WALK_UNITS];
	int n_units;
	uint64_t hash, size, word;	/* of the bytes that are coming */
	unsigned n_word;
	uint8_t bytes[WALK_BYTES];
	size_t n_bytes;
};

/* What an image's name says: its key, and what it is of. */
struct image_id {
	uint64_t key;
	struct title label;
	enum space space;		/* of the number in it */
	uint64_t number;
};
struct image_id walk_image_id(const struct schema *schema,
			      const struct ids *ids, int side,
			      const char *name);

/* Reads the image of this name. False: *err. */
bool walk_image(struct walk *w, const struct store *store, const char *name);

/* The space of a number by its rule. */
enum space walk_space(const struct unit *u, const struct field_rule *rule);

#endif

/* SPDX-License-Identifier: MIT
 *
 * What makes an entry the same in two checkpoints, and which numbers are names
 * that CRIU or the kernel hands out: tables, and their rows by message.
 */
#ifndef CRIT_DIFF_IDENTITY_H
#define CRIT_DIFF_IDENTITY_H

#include "schema/schema.h"

/* Numbers that mean nothing but "the same as there". */
enum space {
	S_NONE, S_PID, S_FILES, S_OBJECT, S_NS, S_CGROUP, S_FILE, S_SHMEM,
	S_MOUNT, S_PEER, S_PIPE, S_TTY, S_SOCKET, S_MEMFD, S_GHOST, S_BPF,
	S_KERNEL,
	S_BY_STATUS,	/* of a mapping: a file, a shared segment, or a number */
	S_MAX,
};

/* Ids are found out level by level: 1, 2, mappings, 3, 4. */
enum { LEVEL_MAPPINGS = 5, LEVEL_FILES = 6 };

/* What a thing is called. */
enum role {
	ROLE_NONE, ROLE_TASK, ROLE_FD, ROLE_CWD, ROLE_ROOT, ROLE_EXE, ROLE_MAP,
	ROLE_THREAD,
};

enum section {
	SECTION_TASKS, SECTION_FILES, SECTION_MAPPINGS, SECTION_SOCKETS,
	SECTION_FIELDS, SECTION_MEMORY, SECTIONS,
};

enum {
	FIELD_KEY = 1,		/* part of what its entry is */
	FIELD_INSIDE = 2,	/* also where the message is not the entry */
	FIELD_SET = 4,		/* a list in no order, without duplicates */
	FIELD_STATUS = 8,	/* says what S_BY_STATUS is */
	FIELD_TYPE = 16,	/* says whether a file is a socket */
	FIELD_NAME = 32,	/* what people call it */
};

struct field_rule {
	const char *message, *field;
	uint8_t flags, space;
	uint8_t level;		/* from 1: where it stands says what the id is
				   the name of; 0: it only refers */
	uint8_t role;		/* the name of what has the id, if not the
				   entry's */
};

struct entry_rule {
	const char *message;
	uint8_t section;
	uint8_t role;		/* of the entry: with its key as number */
	uint8_t of;		/* space of the key that gives its name, or 0 */
};

/* Of a message, compiled. */
struct message_rule {
	const struct message *message;	/* NULL: free */
	const struct entry_rule *entry;	/* NULL: known by its content */
	const struct field_rule **field;	/* by index; NULL: none at all */
};

enum { MESSAGE_RULES = 512 };

struct identities {
	struct message_rule rules[MESSAGE_RULES];	/* open addressing */
};

bool identities_make(struct identities *all, const struct schema *schema);
void identities_free(struct identities *all);
const struct message_rule *identity_of(const struct identities *all,
				       const struct message *m);

/* Where the number in an image's name is no PID: which space; S_NONE: it is
 * what it is. */
enum space identity_image(const char *prefix, size_t n);

/* The section of entries that have no rule, by their image. */
enum section identity_section(const struct image_type *type);

#endif

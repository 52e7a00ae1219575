/* SPDX-License-Identifier: MIT
 *
 * What is known about images, as const tables: made at build time from proto/
 * and share/ (schema_gen), or at run time from a descriptor set (--schema);
 * load.c reads both.
 */
#ifndef CRIT_SCHEMA_SCHEMA_H
#define CRIT_SCHEMA_SCHEMA_H

#include "schema/kinds.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum label { LABEL_OPTIONAL, LABEL_REQUIRED, LABEL_REPEATED };

/* How --pretty shows a number; SHOW_NAME is bytes, and in both modes. */
enum show {
	SHOW_PLAIN, SHOW_HEX, SHOW_DEV, SHOW_ODEV, SHOW_FLAGS, SHOW_DICT,
	SHOW_ADDRESS, SHOW_NAME,
};

/* Where a field holds the id of a process. */
enum pid_place {
	PID_NONE,
	PID_NUMBER,	/* it is one, where it is above zero */
	PID_OF_PROCFS,	/* it is one if remap_type of the entry is PROCFS */
	PID_IN_SIGINFO,	/* the sender, in a siginfo_t */
	PID_OF_TASK,	/* as PID_NUMBER; its threads follow */
	PID_OF_THREADS,	/* they are ids if the first one is the task's */
};

/* What of a field must not be shown to others (proto/options.proto). */
enum privacy {
	PRIVACY_NONE,	/* undecided */
	PRIVACY_NOT, PRIVACY_NAME, PRIVACY_PATH, PRIVACY_ADDRESS, PRIVACY_KEY,
	PRIVACY_TIME, PRIVACY_BYTES,
};

enum {
	SCHEMA_NAME_MAX = 128,		/* bytes of a field name */
	SCHEMA_FIELDS_MAX = 256,	/* fields of one message */
	SCHEMA_KEY_PAD = 32,		/* keys are copied in pieces of this size */
};

struct symbol {
	const char *name;
	uint64_t value;		/* of an enum: sign-extended */
};

/* A flag map or dictionary of symbols.yaml, or an enum. */
struct symbols {
	const char *name;
	uint16_t n;		/* printed and read */
	uint16_t n_read;	/* further ones after them: only read */
	const struct symbol *list;
};

struct field {
	uint32_t number;
	uint32_t tag;		/* as it stands on the wire; packed: of the list */
	uint8_t kind;		/* enum kind */
	uint8_t label;		/* enum label */
	uint8_t packed;		/* a list written as one length-delimited field */
	uint8_t show;		/* enum show */
	uint16_t index;		/* in its message's fields */
	uint16_t name_len;
	uint8_t pid;		/* enum pid_place */
	uint8_t privacy;	/* enum privacy */
	const char *name;
	const char *was;	/* an older name, only read; or NULL */
	/* name_len + 4 bytes `,"name":` and name_len + 6 bytes `, "name": `,
	 * each followed by at least SCHEMA_KEY_PAD readable bytes */
	const char *key, *key_spaced;
	uint64_t required;	/* this field's bit in message.required, or 0 */
	const struct message *message;	/* KIND_MESSAGE */
	const struct symbols *symbols;	/* KIND_ENUM, SHOW_FLAGS, SHOW_DICT */
};

struct message {
	const char *name;
	const struct field *fields;	/* by ascending number */
	uint16_t n_fields;
	uint16_t dense;			/* numbers below this are in by_number */
	const uint16_t *by_number;	/* index + 1 into fields, 0: none */
	const uint16_t *by_name;	/* indexes into fields, by strcmp of name */
	uint64_t required;		/* bits of the required fields (of 64 at most) */
};

/* The number before an image's magic. */
enum head { HEAD_NONE, HEAD_COMMON, HEAD_SERVICE };

struct image_type {
	const char *name, *about;
	uint32_t magic;
	uint8_t head;		/* enum head: the usual one */
	uint8_t extra;		/* enum extra_kind */
	uint8_t order;		/* in a directory; 9 at the end */
	uint8_t n_files;
	uint8_t n_pids;		/* so many of the first files have a pid in it */
	const char *const *files;		/* templates: * is a number */
	const struct message *first, *rest;	/* of entry 0, of the others */
	const char *length[2];	/* fields that say how long extra is */
	const char *unless;	/* bool field: no extra after this entry */
};

struct raw_type {
	const char *name, *about;
	const char *reader;		/* program that reads it, or NULL */
	uint8_t n_files;
	const char *const *files;
};

/* Numbers where a magic stands that are none, and what they are; or magics that
 * no release of CRIU has. */
struct other_magic {
	uint32_t magic;
	bool image;
	const char *about;
};

/* A type that knows nothing but its magic: an image of raw bytes. */
struct unknown_type {
	struct image_type type;		/* without messages; name "0x54194822" */
	char name[12];
};
void schema_unknown_type(struct unknown_type *t, uint32_t magic);

static inline bool image_type_is_raw(const struct image_type *type)
{
	return !type->first;
}

struct schema {
	const struct message *const *messages;	/* by strcmp of name */
	size_t n_messages;
	const struct image_type *images;
	size_t n_images;
	const struct raw_type *raws;
	size_t n_raws;
	const struct other_magic *others;
	size_t n_others;
	const struct symbols *symbols;		/* by strcmp of name */
	size_t n_symbols;
};

/* The tables that the build made (build/schema_tables.c). */
extern const struct schema crit_schema;

enum { MAGIC_COMMON = 0x54564319, MAGIC_SERVICE = 0x55105940 };

/* Each returns NULL where there is none. Names are name_len bytes, no NUL. */
const struct image_type *schema_image(const struct schema *s, uint32_t magic);
const struct image_type *schema_image_name(const struct schema *s,
					   const char *name, size_t len);
const struct message *schema_message(const struct schema *s, const char *name);
const struct symbols *schema_symbols(const struct schema *s, const char *name);
const struct field *message_field_name(const struct message *m,
				       const char *name, size_t len);

/* The raw image that a file of this base name is, or NULL. */
const struct raw_type *schema_raw_file(const struct schema *s,
				       const char *base);

/* Whether images of some type have this base name. */
bool schema_image_file(const struct schema *s, const char *base);

/* The order of a file of this base name in a directory, by its template:
 * 1 first, 9 the rest. */
int schema_file_order(const struct schema *s, const char *base);

/* Whether base fits a template where each * stands for one number. */
bool schema_template(const char *template, const char *base);

/* The field of m that was probably meant by a name; NULL: none is close. */
const struct field *message_nearest(const struct message *m,
				    const char *name, size_t len);

static inline const struct field *message_field(const struct message *m,
						uint32_t number)
{
	if (number < m->dense) {
		uint16_t i = m->by_number[number];

		return i ? &m->fields[i - 1] : NULL;
	}
	for (size_t i = m->n_fields; i-- > 0 && m->fields[i].number >= number; )
		if (m->fields[i].number == number)
			return &m->fields[i];
	return NULL;
}

#endif

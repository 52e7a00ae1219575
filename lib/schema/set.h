/* SPDX-License-Identifier: MIT
 *
 * The parts of schema_load: what the set declares (declare.c), its
 * fields and enums (field.c), tables of them (load.c).
 */
#ifndef CRIT_SCHEMA_SET_H
#define CRIT_SCHEMA_SET_H

#include "schema/load.h"
#include "google/protobuf/descriptor.pb-c.h"

typedef Google__Protobuf__FileDescriptorSet FileSet;
typedef Google__Protobuf__DescriptorProto MessageProto;
typedef Google__Protobuf__FieldDescriptorProto FieldProto;
typedef Google__Protobuf__EnumDescriptorProto EnumProto;

/* Everything of a schema, freed together. */
struct block {
	struct block *next;
	max_align_t data[];
};

struct declared {
	char *full;			/* .package.outer.name */
	const MessageProto *message;	/* or */
	const EnumProto *enumeration;
	void *made;			/* struct message or struct symbols */
};

struct loaded {
	struct schema schema;
	struct block *blocks;
};

struct loader {
	struct loaded *to;
	const struct schema *base;
	struct crit_error *err;
	struct declared *declared;
	size_t n, cap;
};

/* Memory of the schema, zeroed; text in it. NULL: *l->err. */
void *schema_get(struct loader *l, size_t size);
char *schema_copy(struct loader *l, const char *text);

/* All messages and enums of the set, by full name. */
bool schema_declare(struct loader *l, const FileSet *set);

/* Once all are declared. */
bool schema_field(struct loader *l, struct field *f, const FieldProto *p);
/* Of the fields of m that say nothing themselves. */
uint8_t schema_privacy(const MessageProto *m);
bool schema_enum(struct loader *l, struct symbols *e, const EnumProto *p);

/* The bytes of the next length-delimited extension of this number, which
 * protobuf-c keeps with their length in front; *i counts on. protoc may give
 * one for each part of a message option. NULL: there is none. */
const uint8_t *schema_option(const ProtobufCMessage *m, uint32_t number,
			     unsigned *i, size_t *n);

/* set_images.c: the images of base, and those that messages of the set name. */
bool schema_images(struct loader *l);

#endif

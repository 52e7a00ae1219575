// SPDX-License-Identifier: MIT
/*
 * descriptor set -> protobuf-c's structs -> declarations (all messages and
 * enums by full name) -> tables, resolved by name; base's messages that the
 * set does not have are copied, so that they see the set's.
 */
#include "schema_load.h"
#include "alloc.h"
#include "buffer.h"
#include "google/protobuf/descriptor.pb-c.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef Google__Protobuf__FileDescriptorSet FileSet;
typedef Google__Protobuf__DescriptorProto MessageProto;
typedef Google__Protobuf__FieldDescriptorProto FieldProto;
typedef Google__Protobuf__EnumDescriptorProto EnumProto;

enum { OPTION_SHOW = 1018, OPTION_WAS = 1019, SET_MAX = 16 << 20 };

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

static void *get(struct loader *l, size_t size)
{
	struct block *b = alloc_zero(sizeof(*b) + size);

	if (!b) {
		error_set(l->err, CRIT_ENOMEM, "out of memory");
		return NULL;
	}
	b->next = l->to->blocks;
	l->to->blocks = b;
	return b->data;
}

static char *join(struct loader *l, const char *a, const char *b)
{
	size_t n = strlen(a) + strlen(b) + 2;
	char *s = get(l, n);

	if (s)
		snprintf(s, n, "%s.%s", a, b);
	return s;
}

static char *copy(struct loader *l, const char *a)
{
	size_t n = strlen(a) + 1;
	char *s = get(l, n);

	return s ? memcpy(s, a, n) : NULL;
}

/* `,"name":` or `, "name": `, padded. */
static char *make_key(struct loader *l, const char *name, const char *space)
{
	size_t n = strlen(name) + 4 + 2 * strlen(space);
	char *s = get(l, (n / SCHEMA_KEY_PAD + 2) * SCHEMA_KEY_PAD);

	if (s)
		sprintf(s, ",%s\"%s\":%s", space, name, space);
	return s;
}

static const char *base_name(const char *full)
{
	const char *dot = strrchr(full, '.');

	return dot ? dot + 1 : full;
}

static struct declared *declare(struct loader *l, const char *scope,
				const char *name)
{
	struct declared *d;

	if (l->n == l->cap) {
		size_t cap = l->cap ? 2 * l->cap : 256;

		d = alloc_more(l->declared, cap * sizeof(*d));
		if (!d) {
			error_set(l->err, CRIT_ENOMEM, "out of memory");
			return NULL;
		}
		l->declared = d;
		l->cap = cap;
	}
	d = &l->declared[l->n];
	memset(d, 0, sizeof(*d));
	d->full = join(l, scope, name);
	if (!d->full)
		return NULL;
	l->n++;
	return d;
}

static bool declare_enum(struct loader *l, const char *scope, const EnumProto *p)
{
	struct declared *d = declare(l, scope, p->name ? p->name : "");

	if (d)
		d->enumeration = p;
	return d;
}

static bool declare_message(struct loader *l, const char *scope,
			    const MessageProto *p, int depth)
{
	struct declared *d = declare(l, scope, p->name ? p->name : "");
	const char *full = d ? d->full : NULL;

	if (!d)
		return false;
	if (depth == WIRE_DEPTH_MAX)
		return error_set(l->err, CRIT_EDATA, "types nested too deep");
	d->message = p;
	for (size_t i = 0; i < p->n_enum_type; i++)
		if (!declare_enum(l, full, p->enum_type[i]))
			return false;
	for (size_t i = 0; i < p->n_nested_type; i++)
		if (!declare_message(l, full, p->nested_type[i], depth + 1))
			return false;
	return true;
}

static bool declare_all(struct loader *l, const FileSet *set)
{
	for (size_t i = 0; i < set->n_file; i++) {
		const Google__Protobuf__FileDescriptorProto *f = set->file[i];
		char *scope = f->package && *f->package ?
			join(l, "", f->package) : copy(l, "");

		if (!scope)
			return false;
		for (size_t j = 0; j < f->n_enum_type; j++)
			if (!declare_enum(l, scope, f->enum_type[j]))
				return false;
		for (size_t j = 0; j < f->n_message_type; j++)
			if (!declare_message(l, scope, f->message_type[j], 0))
				return false;
	}
	return true;
}

/* The bytes of the next length-delimited extension of this number, which
 * protobuf-c keeps with their length in front; *i counts on. protoc may give
 * one for each part of a message option. */
static const uint8_t *option(const ProtobufCMessage *m, uint32_t number,
			     unsigned *i, size_t *n)
{
	while (*i < m->n_unknown_fields) {
		const ProtobufCMessageUnknownField *u = &m->unknown_fields[(*i)++];
		uint8_t head[WIRE_VARINT_MAX] = { 0 };
		unsigned sloppy = 0;
		uint64_t len;
		const uint8_t *p;

		if (u->tag != number ||
		    u->wire_type != PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED)
			continue;
		memcpy(head, u->data, u->len < sizeof(head) ? u->len : sizeof(head));
		p = wire_varint(head, &len, &sloppy);
		if (!p || len != u->len - (size_t)(p - head))
			continue;
		*n = len;
		return u->data + (p - head);
	}
	return NULL;
}

static char *option_text(struct loader *l, const ProtobufCMessage *m,
			 uint32_t number)
{
	unsigned i = 0;
	size_t n;
	const uint8_t *p = m ? option(m, number, &i, &n) : NULL;
	char *s = p ? get(l, n + 1) : NULL;

	return s ? memcpy(s, p, n) : NULL;
}

static bool find_symbols(struct loader *l, struct field *f, const char *prefix,
			 const uint8_t *p, size_t n)
{
	char name[2 * SCHEMA_NAME_MAX];

	snprintf(name, sizeof(name), "%.*s%s%s", (int)(n < 64 ? n : 64), p,
		 *prefix ? "." : "", prefix);
	f->symbols = schema_symbols(l->base, name);
	return f->symbols;
}

/* crit.Show, see proto/options.proto. */
static void read_show(struct loader *l, struct field *f, const uint8_t *opt,
		      size_t n)
{
	uint8_t buf[512];
	const uint8_t *p = buf, *end;

	if (n > sizeof(buf) - WIRE_SLOP)
		return;
	memcpy(buf, opt, n);
	memset(buf + n, 0, WIRE_SLOP);
	for (end = buf + n; p < end; ) {
		struct wire_field w;
		const char *what;

		p = wire_field(p, end, &w, &what);
		if (!p)
			return;
		if (w.number == 1 && w.value)
			f->show = SHOW_HEX;
		else if (w.number == 2 && w.value)
			f->show = SHOW_ADDRESS;
		else if (w.number == 3 && w.data &&
			 find_symbols(l, f, "", w.data, w.value))
			f->show = SHOW_FLAGS;
		else if (w.number == 4 && w.value && f->show != SHOW_ODEV)
			f->show = SHOW_DEV;
		else if (w.number == 5 && w.value)
			f->show = SHOW_ODEV;
		else if (w.number == 6 && w.data &&
			 find_symbols(l, f, f->name, w.data, w.value))
			f->show = SHOW_DICT;
		else if (w.number == 7 && w.data && w.value == 9 &&
			 !memcmp(w.data, "unix_name", 9))
			f->show = SHOW_NAME;
	}
}

static bool read_kind(struct loader *l, struct field *f, const FieldProto *p)
{
	static const int8_t kinds[] = {
		/* 1 double, 2 float: their bits */
		-1, KIND_FIXED64, KIND_FIXED32, KIND_INT64, KIND_UINT64,
		KIND_INT32, KIND_FIXED64, KIND_FIXED32, KIND_BOOL, KIND_STRING,
		-1, KIND_MESSAGE, KIND_BYTES, KIND_UINT32, KIND_ENUM,
		KIND_SFIXED32, KIND_SFIXED64, KIND_SINT32, KIND_SINT64,
	};
	static const uint8_t labels[] = {
		0, LABEL_OPTIONAL, LABEL_REQUIRED, LABEL_REPEATED,
	};
	unsigned type = (unsigned)p->type, label = (unsigned)p->label;

	if (type >= sizeof(kinds) || kinds[type] < 0)
		return error_set(l->err, CRIT_EDATA,
				 "field %s: a type that images do not use", f->name);
	f->kind = (uint8_t)kinds[type];
	f->label = label < sizeof(labels) ? labels[label] : LABEL_OPTIONAL;
	f->packed = p->options && p->options->has_packed && p->options->packed &&
		f->label == LABEL_REPEATED && kind_is_number(f->kind);
	f->tag = f->number << 3 | (f->packed ? WIRE_LEN : kind_wire(f->kind));
	return true;
}

/* Where a field's type is: what the set declares, else base's of that name. */
static bool find_type(struct loader *l, struct field *f, const char *type)
{
	const char *full = *type == '.' ? type : "";

	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->declared[i].full, full)) {
			if (f->kind == KIND_MESSAGE && l->declared[i].message)
				f->message = l->declared[i].made;
			else if (f->kind == KIND_ENUM && l->declared[i].enumeration)
				f->symbols = l->declared[i].made;
		}
	if (f->message || f->symbols)
		return true;
	return error_set(l->err, CRIT_EDATA, "field %s: type %s is not defined "
			 "(protoc --include_imports)", f->name, type);
}

static bool valid_name(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz"
			  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return n && !name[n] && n < SCHEMA_NAME_MAX;
}

static bool read_field(struct loader *l, struct field *f, const FieldProto *p)
{
	const ProtobufCMessage *options = p->options ? &p->options->base : NULL;
	const uint8_t *show;
	unsigned i = 0;
	size_t n;

	if (!p->name || !valid_name(p->name) || p->number <= 0 ||
	    p->number >= 1 << 29)
		return error_set(l->err, CRIT_EDATA, "invalid field name or number");
	f->name = copy(l, p->name);
	f->number = (uint32_t)p->number;
	if (!f->name)
		return false;
	f->name_len = (uint16_t)strlen(f->name);
	f->key = make_key(l, f->name, "");
	f->key_spaced = make_key(l, f->name, " ");
	if (!f->key || !f->key_spaced || !read_kind(l, f, p))
		return false;
	while (options && (show = option(options, OPTION_SHOW, &i, &n)))
		read_show(l, f, show, n);
	f->was = option_text(l, options, OPTION_WAS);
	if (f->kind == KIND_MESSAGE || f->kind == KIND_ENUM) {
		f->symbols = NULL;
		return find_type(l, f, p->type_name ? p->type_name : "");
	}
	return true;
}

static int by_number(const void *a, const void *b)
{
	const struct field *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static void sort_names(uint16_t *names, const struct field *fields, size_t n)
{
	for (size_t i = 0, j; i < n; i++) {
		for (j = i; j && strcmp(fields[names[j - 1]].name,
					fields[i].name) > 0; j--)
			names[j] = names[j - 1];
		names[j] = (uint16_t)i;
	}
}

/* Indexes, bits and lookup tables of a message whose fields are there. */
static bool index_fields(struct loader *l, struct message *m,
			 struct field *fields, size_t n)
{
	uint16_t *numbers, *names;
	unsigned bit = 0;

	qsort(fields, n, sizeof(*fields), by_number);
	m->dense = 1;
	for (size_t i = 0; i < n; i++) {
		if (i && fields[i].number == fields[i - 1].number)
			return error_set(l->err, CRIT_EDATA,
					 "%s: field %u is there twice", m->name,
					 fields[i].number);
		fields[i].index = (uint16_t)i;
		if (fields[i].label == LABEL_REQUIRED && bit < 64)
			fields[i].required = (uint64_t)1 << bit++;
		m->required |= fields[i].required;
		if (fields[i].number < 2 * SCHEMA_FIELDS_MAX)
			m->dense = (uint16_t)(fields[i].number + 1);
	}
	numbers = get(l, m->dense * sizeof(*numbers));
	names = get(l, (n + 1) * sizeof(*names));
	if (!numbers || !names)
		return false;
	for (size_t i = 0; i < n; i++)
		if (fields[i].number < m->dense)
			numbers[fields[i].number] = (uint16_t)(i + 1);
	sort_names(names, fields, n);
	m->fields = fields;
	m->n_fields = (uint16_t)n;
	m->by_number = numbers;
	m->by_name = names;
	return true;
}

static bool fill_message(struct loader *l, struct message *m,
			 const MessageProto *p)
{
	struct field *fields = get(l, (p->n_field + 1) * sizeof(*fields));

	if (!fields)
		return false;
	if (p->n_field > SCHEMA_FIELDS_MAX)
		return error_set(l->err, CRIT_EDATA, "%s: more than %d fields",
				 m->name, SCHEMA_FIELDS_MAX);
	for (size_t i = 0; i < p->n_field; i++)
		if (!read_field(l, &fields[i], p->field[i]))
			return false;
	return index_fields(l, m, fields, p->n_field);
}

static bool fill_enum(struct loader *l, struct symbols *e, const EnumProto *p)
{
	struct symbol *list = get(l, 2 * (p->n_value + 1) * sizeof(*list));

	if (!list)
		return false;
	if (p->n_value > UINT16_MAX / 2)
		return error_set(l->err, CRIT_EDATA, "enum with too many values");
	e->list = list;
	for (size_t i = 0; i < p->n_value; i++) {
		const char *name = p->value[i]->name;

		if (!name || !valid_name(name))
			return error_set(l->err, CRIT_EDATA, "invalid enum value");
		list[e->n].value = (uint64_t)(int64_t)p->value[i]->number;
		list[e->n].name = copy(l, name);
		if (!list[e->n++].name)
			return false;
	}
	for (size_t i = 0; i < p->n_value; i++) {
		struct symbol *old = &list[e->n + e->n_read];

		if (!p->value[i]->options)
			continue;
		old->name = option_text(l, &p->value[i]->options->base, OPTION_WAS);
		old->value = list[i].value;
		e->n_read += old->name != NULL;
	}
	return true;
}

/* A message of base that the set does not have, pointing into the set's. */
static bool copy_message(struct loader *l, struct message *m,
			 const struct message *from)
{
	struct field *fields = get(l, (from->n_fields + 1u) * sizeof(*fields));

	if (!fields)
		return false;
	*m = *from;
	memcpy(fields, from->fields, from->n_fields * sizeof(*fields));
	for (size_t i = 0; i < from->n_fields; i++)
		if (fields[i].message)
			fields[i].message = schema_message(&l->to->schema,
						fields[i].message->name);
	m->fields = fields;
	return true;
}

static int by_message_name(const void *a, const void *b)
{
	const struct message *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* Names of all messages, so that they can be resolved: the set's, then those
 * of base that it lacks. */
static bool name_messages(struct loader *l)
{
	struct schema *s = &l->to->schema;
	const struct message **list = get(l, (l->n + l->base->n_messages + 1) *
					  sizeof(*list));

	if (!list)
		return false;
	for (size_t i = 0; i < l->n; i++) {
		struct declared *d = &l->declared[i];
		struct message *m;

		d->made = get(l, d->message ? sizeof(struct message) :
			      sizeof(struct symbols));
		if (!d->made)
			return false;
		if (!d->message) {
			((struct symbols *)d->made)->name = base_name(d->full);
			continue;
		}
		m = d->made;
		m->name = base_name(d->full);
		list[s->n_messages++] = m;
	}
	s->messages = list;
	qsort(list, s->n_messages, sizeof(*list), by_message_name);
	for (size_t i = 0, own = s->n_messages; i < l->base->n_messages; i++) {
		struct message *m;
		struct schema head = { .messages = list, .n_messages = own };

		if (schema_message(&head, l->base->messages[i]->name))
			continue;
		m = get(l, sizeof(*m));
		if (!m)
			return false;
		m->name = l->base->messages[i]->name;
		list[s->n_messages++] = m;
	}
	qsort(list, s->n_messages, sizeof(*list), by_message_name);
	return true;
}

static bool fill_all(struct loader *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->declared[i].enumeration &&
		    !fill_enum(l, l->declared[i].made, l->declared[i].enumeration))
			return false;
	for (size_t i = 0; i < l->n; i++)
		if (l->declared[i].message &&
		    !fill_message(l, l->declared[i].made, l->declared[i].message))
			return false;
	for (size_t i = 0; i < l->to->schema.n_messages; i++) {
		struct message *m = (struct message *)l->to->schema.messages[i];

		if (!m->fields &&
		    !copy_message(l, m, schema_message(l->base, m->name)))
			return false;
	}
	return true;
}

static bool copy_images(struct loader *l)
{
	struct schema *s = &l->to->schema;
	struct image_type *images = get(l, (l->base->n_images + 1) *
					sizeof(*images));

	if (!images)
		return false;
	for (size_t i = 0; i < l->base->n_images; i++) {
		images[i] = l->base->images[i];
		images[i].first = schema_message(s, images[i].first->name);
		images[i].rest = schema_message(s, images[i].rest->name);
		if (!images[i].first || !images[i].rest)
			return error_set(l->err, CRIT_EDATA,
					 "image %s: message %s is not defined",
					 images[i].name,
					 l->base->images[i].first->name);
	}
	s->images = images;
	return true;
}

/* Whether messages declared inside messages go too deep for protobuf-c, which
 * follows them by recursion. Levels: the set (file = 1), files (message_type
 * = 4), messages (nested_type = 3). */
static bool too_deep(const uint8_t *p, size_t n, int depth)
{
	const uint32_t down = depth == 0 ? 1 : depth == 1 ? 4 : 3;
	const uint8_t *end = p + n;

	if (depth == WIRE_DEPTH_MAX)
		return true;
	while (p < end) {
		struct wire_field w;
		const char *what;

		p = wire_field(p, end, &w, &what);
		if (!p)
			return false;	/* protobuf-c will say so */
		if (w.number == down && w.type == WIRE_LEN &&
		    too_deep(w.data, w.value, depth + 1))
			return true;
	}
	return false;
}

static void *unpack_alloc(void *ctx, size_t n)
{
	(void)ctx;
	return alloc(n);
}

static void unpack_free(void *ctx, void *p)
{
	(void)ctx;
	alloc_free(p);
}

struct schema *schema_load(const struct schema *base, const void *set, size_t n,
			   struct crit_error *err)
{
	ProtobufCAllocator from = { unpack_alloc, unpack_free, NULL };
	struct loader l = { .base = base, .err = err };
	FileSet *fs = NULL;

	if (!too_deep(set, n, 0))
		fs = google__protobuf__file_descriptor_set__unpack(&from, n,
								    set);
	if (!fs || !fs->n_file) {
		error_set(err, CRIT_EDATA, "not a protobuf descriptor set");
	} else if (!(l.to = alloc_zero(sizeof(*l.to)))) {
		error_set(err, CRIT_ENOMEM, "out of memory");
	} else {
		l.to->schema = *base;
		l.to->schema.n_messages = 0;
		if (declare_all(&l, fs) && name_messages(&l) && fill_all(&l))
			copy_images(&l);
	}
	if (fs)
		google__protobuf__file_descriptor_set__free_unpacked(fs, &from);
	alloc_free(l.declared);
	if (error_is(err) && l.to) {
		schema_free(&l.to->schema);
		return NULL;
	}
	return l.to ? &l.to->schema : NULL;
}

struct schema *schema_load_file(const struct schema *base, const char *path,
				struct crit_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct schema *s = NULL;
	char *buf = NULL;
	size_t n = 0;
	ssize_t r = -1;

	snprintf(err->image, sizeof(err->image), "%s", path);
	if (fd < 0) {
		error_sys(err, errno, "cannot open");
		return NULL;
	}
	buf = alloc_zero(SET_MAX + WIRE_SLOP);
	if (!buf)
		error_set(err, CRIT_ENOMEM, "out of memory");
	else
		while (n < SET_MAX && (r = read_some(fd, buf + n, SET_MAX - n)) > 0)
			n += (size_t)r;
	if (buf && r < 0)
		error_sys(err, errno, "cannot read");
	else if (n == SET_MAX)
		error_set(err, CRIT_EDATA, "larger than %d bytes", SET_MAX);
	else if (buf)
		s = schema_load(base, buf, n, err);
	alloc_free(buf);
	close(fd);
	if (s)
		err->image[0] = 0;
	return s;
}

void schema_free(struct schema *s)
{
	struct loaded *l = (struct loaded *)s;
	struct block *next;

	if (!l)
		return;
	for (struct block *b = l->blocks; b; b = next) {
		next = b->next;
		alloc_free(b);
	}
	alloc_free(l);
}

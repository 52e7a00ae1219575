// SPDX-License-Identifier: MIT
/*
 * descriptor set -> protobuf-c's structs -> declarations (all messages and
 * enums by full name) -> tables, resolved by name; base's messages that the
 * set does not have are copied, so that they see the set's.
 */
#include "schema/set.h"
#include "base/alloc.h"
#include "base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SET_MAX = 16 << 20 };

static const char *base_name(const char *full)
{
	const char *dot = strrchr(full, '.');

	return dot ? dot + 1 : full;
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

/* Indexes, bits and lookup tables of a message, once it has its fields. */
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
					 "%s: field %u appears twice", m->name,
					 fields[i].number);
		fields[i].index = (uint16_t)i;
		if (fields[i].label == LABEL_REQUIRED && bit < 64)
			fields[i].required = (uint64_t)1 << bit++;
		m->required |= fields[i].required;
		if (fields[i].number < 2 * SCHEMA_FIELDS_MAX)
			m->dense = (uint16_t)(fields[i].number + 1);
	}
	numbers = schema_get(l, m->dense * sizeof(*numbers));
	names = schema_get(l, (n + 1) * sizeof(*names));
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

/* What a field's own options do not say: its message says it, else base, for
 * a set of CRIU's own schema says nothing of the kind. */
static void complete_field(struct loader *l, struct field *f,
			   const struct message *m, uint8_t privacy)
{
	const struct message *old = schema_message(l->base, m->name);
	const struct field *was = old ? message_field_name(old, f->name,
							   f->name_len) : NULL;

	if (!f->privacy)
		f->privacy = privacy;
	if (!was)
		return;
	if (!f->privacy)
		f->privacy = was->privacy;
	if (!f->pid)
		f->pid = was->pid;
}

static bool fill_message(struct loader *l, struct message *m,
			 const MessageProto *p)
{
	struct field *fields = schema_get(l, (p->n_field + 1) * sizeof(*fields));

	if (!fields)
		return false;
	if (p->n_field > SCHEMA_FIELDS_MAX)
		return error_set(l->err, CRIT_EDATA, "%s: more than %d fields",
				 m->name, SCHEMA_FIELDS_MAX);
	for (size_t i = 0; i < p->n_field; i++) {
		if (!schema_field(l, &fields[i], p->field[i]))
			return false;
		complete_field(l, &fields[i], m, schema_privacy(p));
	}
	return index_fields(l, m, fields, p->n_field);
}

/* A message of base that the set does not have, pointing into the set's. */
static bool copy_message(struct loader *l, struct message *m,
			 const struct message *from)
{
	struct field *fields = schema_get(l, (from->n_fields + 1u) * sizeof(*fields));

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
	const struct message **list = schema_get(l, (l->n + l->base->n_messages + 1) *
					  sizeof(*list));

	if (!list)
		return false;
	for (size_t i = 0; i < l->n; i++) {
		struct declared *d = &l->declared[i];
		struct message *m;

		d->made = schema_get(l, d->message ? sizeof(struct message) :
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
		m = schema_get(l, sizeof(*m));
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
		    !schema_enum(l, l->declared[i].made, l->declared[i].enumeration))
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
		if (schema_declare(&l, fs) && name_messages(&l) && fill_all(&l))
			schema_images(&l);
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

// SPDX-License-Identifier: MIT
/*
 * A field with its hints, crit.Show and the older name of proto/options.proto;
 * an enum.
 */
#include "schema/set.h"
#include "codec/wire.h"

#include <stdio.h>
#include <string.h>

enum {
	OPTION_SHOW = 1018, OPTION_WAS = 1019, OPTION_PID = 1020,
	OPTION_PRIVATE = 1021,		/* of a message, too */
};

/* `,"name":` or `, "name": `, padded. */
static char *make_key(struct loader *l, const char *name, const char *space)
{
	size_t n = strlen(name) + 4 + 2 * strlen(space);
	char *s = schema_get(l, (n / SCHEMA_KEY_PAD + 2) * SCHEMA_KEY_PAD);

	if (s)
		sprintf(s, ",%s\"%s\":%s", space, name, space);
	return s;
}

const uint8_t *schema_option(const ProtobufCMessage *m, uint32_t number,
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

/* A small number; 0 where the option is not there. */
static uint8_t option_number(const ProtobufCMessage *m, uint32_t number)
{
	for (unsigned i = 0; m && i < m->n_unknown_fields; i++) {
		const ProtobufCMessageUnknownField *u = &m->unknown_fields[i];

		if (u->tag == number && u->len == 1 &&
		    u->wire_type == PROTOBUF_C_WIRE_TYPE_VARINT)
			return *u->data;
	}
	return 0;
}

uint8_t schema_privacy(const MessageProto *m)
{
	return m->options ? option_number(&m->options->base, OPTION_PRIVATE) : 0;
}

static char *option_text(struct loader *l, const ProtobufCMessage *m,
			 uint32_t number)
{
	unsigned i = 0;
	size_t n;
	const uint8_t *p = m ? schema_option(m, number, &i, &n) : NULL;
	char *s = p ? schema_get(l, n + 1) : NULL;

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

bool schema_field(struct loader *l, struct field *f, const FieldProto *p)
{
	const ProtobufCMessage *options = p->options ? &p->options->base : NULL;
	const uint8_t *show;
	unsigned i = 0;
	size_t n;

	if (!p->name || !valid_name(p->name) || p->number <= 0 ||
	    p->number >= 1 << 29)
		return error_set(l->err, CRIT_EDATA, "invalid field name or number");
	f->name = schema_copy(l, p->name);
	f->number = (uint32_t)p->number;
	if (!f->name)
		return false;
	f->name_len = (uint16_t)strlen(f->name);
	f->key = make_key(l, f->name, "");
	f->key_spaced = make_key(l, f->name, " ");
	if (!f->key || !f->key_spaced || !read_kind(l, f, p))
		return false;
	while (options && (show = schema_option(options, OPTION_SHOW, &i, &n)))
		read_show(l, f, show, n);
	f->was = option_text(l, options, OPTION_WAS);
	f->pid = option_number(options, OPTION_PID);
	f->privacy = option_number(options, OPTION_PRIVATE);
	if (f->kind == KIND_MESSAGE || f->kind == KIND_ENUM) {
		f->symbols = NULL;
		return find_type(l, f, p->type_name ? p->type_name : "");
	}
	return true;
}

bool schema_enum(struct loader *l, struct symbols *e, const EnumProto *p)
{
	struct symbol *list = schema_get(l, 2 * (p->n_value + 1) * sizeof(*list));

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
		list[e->n].name = schema_copy(l, name);
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

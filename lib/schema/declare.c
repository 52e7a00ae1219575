// SPDX-License-Identifier: MIT
/*
 *   descriptors of files ─► names of messages and enums, before their fields
 */
#include "schema/set.h"
#include "base/alloc.h"
#include "codec/wire.h"

#include <stdio.h>
#include <string.h>

void *schema_get(struct loader *l, size_t size)
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
	char *s = schema_get(l, n);

	if (s)
		snprintf(s, n, "%s.%s", a, b);
	return s;
}

char *schema_copy(struct loader *l, const char *a)
{
	size_t n = strlen(a) + 1;
	char *s = schema_get(l, n);

	return s ? memcpy(s, a, n) : NULL;
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

bool schema_declare(struct loader *l, const FileSet *set)
{
	for (size_t i = 0; i < set->n_file; i++) {
		const Google__Protobuf__FileDescriptorProto *f = set->file[i];
		char *scope = f->package && *f->package ?
			join(l, "", f->package) : schema_copy(l, "");

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

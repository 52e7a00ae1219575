// SPDX-License-Identifier: MIT
/*
 *   check_tables[] + schema ─► message ─► table, field ─► column
 */
#include "check/collect.h"
#include "base/alloc.h"

#include <stdio.h>
#include <string.h>

static void bind(struct plan *p, const struct table_rule *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const char *name = t->columns[i].field;
		const struct field *f = message_field_name(p->message, name,
							   strlen(name));

		if (!strcmp(name, "extra"))
			p->extra = (uint8_t)(i + 1);
		else if (f)
			p->slot[f->index] = (uint8_t)(i + 1);
	}
}

static bool make(struct check *c, enum table t)
{
	const struct table_rule *rule = &check_tables[t];
	const struct message *m = schema_message(c->schema, rule->message);
	size_t i = (uintptr_t)m / 16 * 0x9e3779b1u >> 7;
	struct plan *p;

	if (!m)
		return true;
	for (i %= PLANS; c->plans[i].message; )
		i = (i + 1) % PLANS;
	p = &c->plans[i];
	p->slot = alloc_zero(m->n_fields + (size_t)1);
	if (!p->slot)
		return error_set(c->err, CRIT_ENOMEM, "out of memory");
	p->message = m;
	p->table = t;
	bind(p, rule);
	return true;
}

bool plans_make(struct check *c)
{
	for (enum table t = T_NONE + 1; t < T_MAX; t++)
		if (!make(c, t))
			return false;
	return true;
}

void plans_free(struct check *c)
{
	for (size_t i = 0; i < PLANS; i++)
		alloc_free(c->plans[i].slot);
}

static void add_path(char *buf, size_t n, const char *name, int64_t element)
{
	size_t k = strlen(buf);

	snprintf(buf + k, n - k, element < 0 ? "%s%s" : "%s%s[%lld]",
		 k ? "." : "", name, (long long)element);
}

static int64_t element_of(const struct frame *f)
{
	return f->field->label == LABEL_REPEATED ? (int64_t)f->element : -1;
}

void collect_required(struct check *c, const struct frame *f)
{
	char path[256] = "";

	for (const struct frame *g = c->frames + 1; g <= f; g++)
		add_path(path, sizeof(path), g->field->name, element_of(g));
	for (size_t i = 0; i < f->message->n_fields; i++)
		if (f->message->fields[i].required & ~f->required)
			check_say_entry(c, "img-required", c->image,
					(int64_t)c->entry, path,
					"the required field {field:s} is missing",
					VALUES(STRING(f->message->fields[i].name)));
	((struct check_image *)c->images.p)[c->image].state = IMAGE_BROKEN;
}

void check_path(const struct check *c, const void *row, char *buf, size_t n)
{
	const struct row *r = row, *up = check_row(c, r->parent_table, r->parent);
	const struct message *m;

	if (!up) {
		buf[0] = 0;
		return;
	}
	check_path(c, up, buf, n);
	m = schema_message(c->schema, check_tables[r->parent_table].message);
	add_path(buf, n, r->via < m->n_fields ? m->fields[r->via].name : "extra",
		 r->flags & ROW_ELEMENT ? (int64_t)r->element : -1);
}

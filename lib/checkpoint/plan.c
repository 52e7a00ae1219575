// SPDX-License-Identifier: MIT
/*
 *   rules ─► fields by their descriptors ─► steps of each message that comes
 */
#include "checkpoint/plan_steps.h"
#include "codec/wire.h"

#include <string.h>

static unsigned hash(const void *p)
{
	return (unsigned)((uintptr_t)p / 16 * 0x9e3779b1u >> 24) % 256;
}

uint8_t plan_slot(const struct plan *p, const void *field)
{
	unsigned i = hash(field);

	while (p->rules[i].key && p->rules[i].key != field)
		i = (i + 1) % PLAN_FIELDS;
	return p->rules[i].key ? p->rules[i].slot : 0;
}

bool plan_rule(struct plan *p, const struct schema *schema, const char *message,
	       const char *field, uint8_t slot)
{
	const struct message *m = schema_message(schema, message);
	const void *key = m;
	unsigned i;

	if (m && field)
		key = message_field_name(m, field, strlen(field));
	if (!key)
		return false;
	for (i = hash(key); p->rules[i].key; )
		i = (i + 1) % PLAN_FIELDS;
	p->rules[i].key = key;
	p->rules[i].slot = slot;
	return true;
}

/* Kinds that plan_read reads by itself: it looks at large numbers only. */
static bool is_plain(uint8_t kind)
{
	return kind_wire(kind) == WIRE_VARINT && kind_table[kind].bits > 1 &&
		!kind_table[kind].zigzag;
}

static bool is_top(const struct plan *p, const struct field *f)
{
	return p->top && !strcmp(f->name, p->top);
}

static bool is_wanted(struct plan *p, const struct message *message)
{
	const struct plan_steps *steps = plan_steps(p, message);

	return !steps || steps->wanted;
}

/* Whether somebody looks at the field, or at what is in it. */
static bool is_looked_at(struct plan *p, const struct field *f)
{
	return plan_slot(p, f) || is_top(p, f) ||
	       (f->kind == KIND_MESSAGE && is_wanted(p, f->message));
}

/* What is set as it comes; lists and the top field mean more. */
static uint8_t step_of(const struct plan *p, const struct field *f)
{
	uint8_t slot = plan_slot(p, f);

	if (kind_wire(f->kind) != WIRE_VARINT || is_top(p, f))
		return STEP_ASK;
	if (slot && (f->label == LABEL_REPEATED || !is_plain(f->kind)))
		return STEP_ASK;
	return slot;
}

/* A message that holds itself counts as wanted meanwhile. */
static void compile(struct plan *p, const struct message *message,
		    struct plan_steps *to)
{
	bool wanted = plan_slot(p, message);

	to->message = message;
	to->wanted = true;
	memset(to->step, STEP_ASK, sizeof(to->step));
	for (size_t i = 0; i < message->n_fields; i++) {
		const struct field *f = &message->fields[i];
		bool looked_at = is_looked_at(p, f);

		wanted |= looked_at;
		if (f->number >= sizeof(to->kind))
			continue;
		to->step[f->number << 3 | WIRE_VARINT] = step_of(p, f);
		to->kind[f->number] = f->kind;
		if (!looked_at)
			to->step[f->number << 3 | WIRE_LEN] = STEP_PASS;
	}
	to->wanted = wanted;
}

const struct plan_steps *plan_steps(struct plan *p,
				    const struct message *message)
{
	unsigned i = hash(message), n = 0;

	while (p->steps[i].message && p->steps[i].message != message) {
		if (++n == 32)
			return NULL;
		i = (i + 1) % PLAN_MESSAGES;
	}
	if (!p->steps[i].message)
		compile(p, message, &p->steps[i]);
	return &p->steps[i];
}

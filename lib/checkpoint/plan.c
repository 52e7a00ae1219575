// SPDX-License-Identifier: MIT
/*
 *   rules ─► fields by their descriptors ─► steps of each message that comes
 */
#include "checkpoint/plan_steps.h"
#include "base/alloc.h"
#include "codec/wire.h"

#include <string.h>

static unsigned hash(const void *p)
{
	return (unsigned)((uintptr_t)p / 16 * 0x9e3779b1u >> 24);
}

uint8_t plan_slot(const struct plan *p, const void *field)
{
	unsigned i = hash(field) % PLAN_FIELDS;

	while (p->rules[i].key && p->rules[i].key != field)
		i = (i + 1) % PLAN_FIELDS;
	return p->rules[i].key ? p->rules[i].slot : 0;
}

/* Of a message that some rule names: whether it is looked at for itself. */
enum { MENTIONED = 0 };

static void put(struct plan *p, const void *key, uint8_t slot)
{
	unsigned i = hash(key) % PLAN_FIELDS;

	while (p->rules[i].key && p->rules[i].key != key)
		i = (i + 1) % PLAN_FIELDS;
	p->rules[i].key = key;
	if (slot != MENTIONED)
		p->rules[i].slot = slot;
}

static bool is_mentioned(const struct plan *p, const struct message *m)
{
	unsigned i = hash(m) % PLAN_FIELDS;

	while (p->rules[i].key && p->rules[i].key != m)
		i = (i + 1) % PLAN_FIELDS;
	return p->rules[i].key;
}

bool plan_rule(struct plan *p, const struct schema *schema, const char *message,
	       const char *field, uint8_t slot)
{
	const struct message *m = schema_message(schema, message);
	const struct field *f = m && field ?
		message_field_name(m, field, strlen(field)) : NULL;

	if (!m || (field && !f))
		return false;
	put(p, m, field ? MENTIONED : slot);
	if (f)
		put(p, f, slot);
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
	return p->top && *f->name == *p->top && !strcmp(f->name, p->top);
}

static struct plan_message *find(struct plan *p, const struct message *message)
{
	unsigned i = hash(message) % PLAN_MESSAGES, n = 0;

	while (p->messages[i].message && p->messages[i].message != message) {
		if (++n == 32)
			return NULL;
		i = (i + 1) % PLAN_MESSAGES;
	}
	return &p->messages[i];
}

/* Whether somebody looks at the message, or at what is in it. Most messages hold
 * nothing of interest, and are never compiled. One that holds itself counts as
 * wanted meanwhile. */
static bool is_wanted(struct plan *p, const struct message *message)
{
	struct plan_message *to = find(p, message);
	bool wanted;

	if (!to || to->message)
		return !to || to->wanted;
	to->message = message;
	to->wanted = true;
	wanted = is_mentioned(p, message);
	for (size_t i = 0; i < message->n_fields && !wanted; i++) {
		const struct field *f = &message->fields[i];

		wanted = is_top(p, f) || (f->kind == KIND_MESSAGE &&
					  is_wanted(p, f->message));
	}
	to->wanted = wanted;
	return wanted;
}

static bool is_looked_at(struct plan *p, const struct field *f)
{
	return plan_slot(p, f) || is_top(p, f) ||
	       (f->kind == KIND_MESSAGE && is_wanted(p, f->message));
}

/* What is set as it comes; lists and the top field, unless it has a slot of its
 * own, mean more. */
static uint8_t step_of(const struct plan *p, const struct field *f)
{
	uint8_t slot = plan_slot(p, f);

	if (kind_wire(f->kind) != WIRE_VARINT || (!slot && is_top(p, f)))
		return STEP_ASK;
	if (slot && (f->label == LABEL_REPEATED || !is_plain(f->kind)))
		return STEP_ASK;
	return slot;
}

static void compile(struct plan *p, const struct message *message,
		    struct plan_steps *to)
{
	memset(to->step, STEP_ASK, sizeof(to->step));
	for (size_t i = 0; i < message->n_fields; i++) {
		const struct field *f = &message->fields[i];

		if (f->number >= sizeof(to->kind))
			continue;
		to->step[f->number << 3 | WIRE_VARINT] = step_of(p, f);
		to->kind[f->number] = f->kind;
		if (!is_looked_at(p, f))
			to->step[f->number << 3 | WIRE_LEN] = STEP_PASS;
	}
}

const struct plan_message *plan_compile(struct plan *p,
					const struct message *message)
{
	struct plan_message *to = find(p, message);

	if (to && !to->steps && is_wanted(p, message)) {
		to->steps = alloc_zero(sizeof(*to->steps));
		if (to->steps)
			compile(p, message, to->steps);
	}
	return to;
}

void plan_free(struct plan *p)
{
	for (size_t i = 0; p && i < PLAN_MESSAGES; i++)
		alloc_free(p->messages[i].steps);
}

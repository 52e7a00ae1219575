/* SPDX-License-Identifier: MIT
 *
 * The fields that are read from an image, compiled: rules in, values out.
 *
 *   rules: message, field ─► slot          plan_read
 *          compiled, once a message:       bytes of a message ─► value[slot]
 *          first byte of a tag ─► slot,                       └► events, for
 *          or skip, or ask                                       all else
 *
 * Single numbers are stored in their slots without a call. Lists, bytes and
 * messages are events for the sink that owns the plan. Fields without a rule are
 * skipped.
 */
#ifndef CRIT_CHECKPOINT_PLAN_H
#define CRIT_CHECKPOINT_PLAN_H

#include "event/bulk.h"

enum { PLAN_SLOTS = 64, PLAN_FIELDS = 128, PLAN_MESSAGES = 128 };

/* What to do with a field, by the first byte of its tag: store a varint in a
 * slot (slot 0: ignored), or skip bytes. */
enum { STEP_PASS = 0xfe, STEP_ASK = 0xff };

struct plan_steps {
	uint8_t step[256];
	uint8_t kind[16];		/* by the number of the field */
};

struct plan_message {
	const struct message *message;
	struct plan_steps *steps;	/* NULL: not compiled */
	bool wanted;			/* somebody looks at what it holds */
};

/* Zeroed: no rules. */
struct plan {
	uint64_t value[PLAN_SLOTS];	/* by slot, from 1 */
	uint64_t seen;			/* a bit for each slot that has a value */
	const char *top;		/* may be set: the field of this name is
					   asked about, of whatever message */
	bool pass_misfits;		/* may be set: what does not fit its field
					   is passed over */
	struct { const void *key; uint8_t slot; } rules[PLAN_FIELDS];
	struct plan_message messages[PLAN_MESSAGES];
	const struct plan_message *recent;
};

void plan_free(struct plan *p);

/* The field's value goes to this slot. A field of NULL: the message is looked at
 * though no field of it may be. False: the schema has none of that name. */
bool plan_rule(struct plan *p, const struct schema *schema, const char *message,
	       const char *field, uint8_t slot);

/* The slot of a field, or of a message by plan_rule with NULL; 0: no rule. */
uint8_t plan_slot(const struct plan *p, const void *field);

/* Reads the content of a message, WIRE_SLOP readable bytes after it; what means
 * more than a value goes to the sink's begin, end, number, bytes and, each by
 * itself as it comes, unknown (of messages that are looked at). Of a field
 * that comes twice the last one wins, and of a message the fields add up. False
 * where it is cut, or holds what does not fit its fields: values and events so
 * far are then to be taken back. With pass_misfits, nothing has to be: false is
 * the end of the image, and values that do not fit are unknown fields (those of
 * a list from the first such on), as message.h has it. */
bool plan_read(struct plan *p, struct sink *sink, const struct message *m,
	       const uint8_t *b, size_t n);

static inline void plan_set(struct plan *p, uint8_t slot, uint64_t v)
{
	p->value[slot] = v;
	p->seen |= UINT64_C(1) << slot;
}

#endif

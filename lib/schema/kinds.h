/* SPDX-License-Identifier: MIT
 *
 * What a value of each kind can be, and how it looks on the wire: one table
 * that readers, writers and checks share.
 */
#ifndef CRIT_SCHEMA_KINDS_H
#define CRIT_SCHEMA_KINDS_H

#include "codec/wire.h"

#include <stdbool.h>
#include <stdint.h>

enum kind {
	KIND_UINT32, KIND_UINT64, KIND_INT32, KIND_INT64, KIND_SINT32,
	KIND_SINT64, KIND_FIXED32, KIND_FIXED64, KIND_SFIXED32, KIND_SFIXED64,
	KIND_BOOL, KIND_ENUM, KIND_STRING, KIND_BYTES, KIND_MESSAGE,
};

struct kind_facts {
	uint64_t max;		/* the largest number */
	uint64_t below;		/* how far the smallest is below 0; 0: unsigned */
	uint8_t wire;		/* wire type of one value */
	uint8_t bits;		/* of a number; 0: none */
	bool zigzag;
};

extern const struct kind_facts kind_table[KIND_MESSAGE + 1];

static inline bool kind_is_number(uint8_t kind)
{
	return kind < KIND_STRING;
}

/* The wire type of one value of a kind. */
static inline uint8_t kind_wire(uint8_t kind)
{
	return kind_table[kind].wire;
}

static inline bool kind_is_signed(uint8_t kind)
{
	return kind_table[kind].below != 0;
}

/* The value of a number as events have it (sign-extended), from the bits on
 * the wire. */
static inline uint64_t kind_value(uint8_t kind, uint64_t raw)
{
	const struct kind_facts *k = &kind_table[kind];
	uint64_t mask = k->max | k->below;

	if (k->zigzag)
		return (uint64_t)wire_unzigzag(raw & mask);
	if (raw <= k->max)
		return raw;
	if (k->bits == 1)
		return true;
	return ((raw & mask) ^ k->below) - k->below;
}

/* The bits on the wire of a value that the kind holds. */
static inline uint64_t kind_raw(uint8_t kind, uint64_t value)
{
	const struct kind_facts *k = &kind_table[kind];

	if (k->zigzag)
		return wire_zigzag((int64_t)value);
	return k->wire == WIRE_I32 ? (uint32_t)value : value;
}

/* Whether a writer of this kind would have written these bits. */
static inline bool kind_canonical(uint8_t kind, uint64_t raw)
{
	return raw <= kind_table[kind].max ||
		kind_raw(kind, kind_value(kind, raw)) == raw;
}

/* Whether the kind holds a value, given as events have it. */
static inline bool kind_holds(uint8_t kind, uint64_t value)
{
	const struct kind_facts *k = &kind_table[kind];

	return value <= k->max || (k->below && -value <= k->below);
}

#endif

// SPDX-License-Identifier: MIT
/*
 * The table of kinds.
 */
#include "schema/kinds.h"

#define UNSIGNED(n, wire, zigzag) \
	{ UINT##n##_MAX, 0, wire, n, zigzag }
#define SIGNED(n, wire, zigzag) \
	{ INT##n##_MAX, (uint64_t)INT##n##_MAX + 1, wire, n, zigzag }

const struct kind_facts kind_table[] = {
	[KIND_UINT32] = UNSIGNED(32, WIRE_VARINT, false),
	[KIND_UINT64] = UNSIGNED(64, WIRE_VARINT, false),
	[KIND_INT32] = SIGNED(32, WIRE_VARINT, false),
	[KIND_INT64] = SIGNED(64, WIRE_VARINT, false),
	[KIND_SINT32] = SIGNED(32, WIRE_VARINT, true),
	[KIND_SINT64] = SIGNED(64, WIRE_VARINT, true),
	[KIND_FIXED32] = UNSIGNED(32, WIRE_I32, false),
	[KIND_FIXED64] = UNSIGNED(64, WIRE_I64, false),
	[KIND_SFIXED32] = SIGNED(32, WIRE_I32, false),
	[KIND_SFIXED64] = SIGNED(64, WIRE_I64, false),
	[KIND_BOOL] = { 1, 0, WIRE_VARINT, 1, false },
	[KIND_ENUM] = SIGNED(32, WIRE_VARINT, false),
	[KIND_STRING] = { .wire = WIRE_LEN },
	[KIND_BYTES] = { .wire = WIRE_LEN },
	[KIND_MESSAGE] = { .wire = WIRE_LEN },
};

// SPDX-License-Identifier: MIT
/*
 * Bits on the wire to values and back, for each kind: protobuf's rules written
 * down once more.
 */
#include "schema/kinds.h"
#include "test.h"

#define M UINT64_MAX
#define I32 UINT32_MAX

/* Bits that a writer makes, and the value that they are. */
static const struct { uint8_t kind; uint64_t raw, value; } regular[] = {
	{ KIND_UINT32, 0, 0 }, { KIND_UINT32, UINT32_MAX, UINT32_MAX },
	{ KIND_UINT64, UINT64_MAX, UINT64_MAX },
	{ KIND_INT32, 5, 5 }, { KIND_INT32, UINT64_MAX, UINT64_MAX },
	{ KIND_INT32, 0xffffffff80000000, (uint64_t)INT32_MIN },
	{ KIND_INT64, UINT64_MAX, UINT64_MAX },
	{ KIND_SINT32, 1, UINT64_MAX }, { KIND_SINT32, 2, 1 },
	{ KIND_SINT32, UINT32_MAX, (uint64_t)INT32_MIN },
	{ KIND_SINT64, 1, UINT64_MAX },
	{ KIND_SINT64, UINT64_MAX, (uint64_t)INT64_MIN },
	{ KIND_FIXED32, UINT32_MAX, UINT32_MAX },
	{ KIND_FIXED64, UINT64_MAX, UINT64_MAX },
	{ KIND_SFIXED32, UINT32_MAX, UINT64_MAX },
	{ KIND_SFIXED32, 1u << 31, (uint64_t)INT32_MIN },
	{ KIND_SFIXED64, UINT64_MAX, UINT64_MAX },
	{ KIND_BOOL, 1, 1 }, { KIND_ENUM, UINT64_MAX, UINT64_MAX },
	{ KIND_ENUM, 7, 7 },
};

static void both_ways(void)
{
	for (size_t i = 0; i < sizeof(regular) / sizeof(*regular); i++) {
		uint8_t kind = regular[i].kind;

		CHECK_NUMBER(kind_value(kind, regular[i].raw), regular[i].value);
		CHECK_NUMBER(kind_raw(kind, regular[i].value), regular[i].raw);
		CHECK(kind_canonical(kind, regular[i].raw));
		CHECK(kind_holds(kind, regular[i].value));
	}
}

/* Bits that a reader takes and no writer makes. */
static void irregular(void)
{
	CHECK_NUMBER(kind_value(KIND_UINT32, M), I32);
	CHECK_NUMBER(kind_value(KIND_INT32, I32), M);
	CHECK_NUMBER(kind_value(KIND_INT32, (UINT64_C(1) << 32) + 3), 3);
	CHECK_NUMBER(kind_value(KIND_SINT32, (1ull << 32) + 1), M);
	CHECK_NUMBER(kind_value(KIND_BOOL, 2), 1);
	CHECK_NUMBER(kind_value(KIND_BOOL, 1ull << 40), 1);
	CHECK_NUMBER(kind_value(KIND_ENUM, I32), M);
	CHECK(!kind_canonical(KIND_UINT32, M));
	CHECK(!kind_canonical(KIND_INT32, I32));
	CHECK(!kind_canonical(KIND_INT32, 1u << 31));
	CHECK(!kind_canonical(KIND_SINT32, 1ull << 32));
	CHECK(!kind_canonical(KIND_BOOL, 2));
	CHECK(!kind_canonical(KIND_ENUM, I32));
}

static void ranges(void)
{
	CHECK(!kind_holds(KIND_UINT32, 1ull << 32) && !kind_holds(KIND_UINT32, M));
	CHECK(!kind_holds(KIND_INT32, 1u << 31));
	CHECK(kind_holds(KIND_INT32, (uint64_t)INT32_MIN));
	CHECK(!kind_holds(KIND_INT32, (uint64_t)INT32_MIN - 1));
	CHECK(kind_holds(KIND_INT64, 1ull << 63) && kind_holds(KIND_UINT64, M));
	CHECK(!kind_holds(KIND_BOOL, 2) && !kind_holds(KIND_BOOL, M));
	CHECK(kind_holds(KIND_SFIXED32, M) && !kind_holds(KIND_FIXED32, M));
	CHECK(!kind_holds(KIND_STRING, 1));
}

static void wires(void)
{
	CHECK_NUMBER(kind_wire(KIND_UINT32), WIRE_VARINT);
	CHECK_NUMBER(kind_wire(KIND_SINT64), WIRE_VARINT);
	CHECK_NUMBER(kind_wire(KIND_BOOL), WIRE_VARINT);
	CHECK_NUMBER(kind_wire(KIND_SFIXED32), WIRE_I32);
	CHECK_NUMBER(kind_wire(KIND_FIXED64), WIRE_I64);
	CHECK_NUMBER(kind_wire(KIND_STRING), WIRE_LEN);
	CHECK_NUMBER(kind_wire(KIND_MESSAGE), WIRE_LEN);
	CHECK(kind_is_signed(KIND_ENUM) && !kind_is_signed(KIND_BOOL));
}

int main(void)
{
	RUN(both_ways);
	RUN(irregular);
	RUN(ranges);
	RUN(wires);
	return test_end();
}

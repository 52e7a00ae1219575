// SPDX-License-Identifier: MIT
#include "test.h"
#include "codec/wire.h"

static void varints_there_and_back(void)
{
	for (unsigned i = 0; i < 20000; i++) {
		uint8_t b[WIRE_SLOP] = { 0 };
		uint64_t v = test_value(i), got = 0;
		unsigned sloppy = 0;
		size_t n = (size_t)(wire_put_varint(b, v) - b);

		CHECK_NUMBER(n, wire_varint_size(v));
		CHECK(wire_varint(b, &got, &sloppy) == b + n);
		CHECK_NUMBER(got, v);
		CHECK(!sloppy);
	}
}

static void varints_longer_than_needed(void)
{
	static const struct {
		const uint8_t *p;
		size_t n;
		uint64_t v;
	} line[] = {
		{ S("\x80\x00"), 0 },
		{ S("\x81\x80\x00"), 1 },
		{ S("\xff\x80\x80\x80\x80\x80\x80\x80\x80\x00"), 127 },
	};

	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		uint8_t b[WIRE_SLOP] = { 0 };
		unsigned sloppy = 0;
		uint64_t v = 0;

		memcpy(b, line[i].p, line[i].n);
		CHECK(wire_varint(b, &v, &sloppy) == b + line[i].n);
		CHECK_NUMBER(v, line[i].v);
		CHECK(sloppy);
	}
}

static void varints_too_long(void)
{
	static const char *const line[] = {
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
		"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80",
	};

	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		uint8_t b[WIRE_SLOP] = { 0 };
		unsigned sloppy = 0;
		uint64_t v = 0;

		memcpy(b, line[i], strlen(line[i]));
		CHECK(!wire_varint(b, &v, &sloppy));
	}
}

static void words(void)
{
	for (unsigned i = 0; i < 1000; i++) {
		uint64_t v = test_value(i);
		uint8_t b[8];

		wire_put64(b, v);
		CHECK_NUMBER(wire_get64(b), v);
		CHECK_NUMBER(wire_get32(b), (uint32_t)v);
		CHECK_NUMBER(b[7], v >> 56);
		CHECK_NUMBER(wire_unzigzag(wire_zigzag((int64_t)v)), v);
	}
	CHECK_NUMBER(wire_zigzag(-1), 1);
	CHECK_NUMBER(wire_zigzag(1), 2);
	CHECK_NUMBER(wire_zigzag(INT64_MIN), UINT64_MAX);
}

/* What stands on the wire, and what it is, or why it is nothing. */
static const struct {
	const uint8_t *p;
	size_t n;
	const char *want;
} fields[] = {
	{ S("\x08\x00"), "1 type 0 value 0 of 2" },
	{ S("\x08\x96\x01"), "1 type 0 value 150 of 3" },
	{ S("\x08\x96\x81\x00"), "1 type 0 value 150 of 4 sloppy" },
	{ S("\x88\x00\x01"), "1 type 0 value 1 of 3 sloppy" },
	{ S("\x09\x01\x02\x03\x04\x05\x06\x07\x08"),
	  "1 type 1 value 578437695752307201 of 9" },
	{ S("\x0d\x01\x02\x03\x04"), "1 type 5 value 67305985 of 5" },
	{ S("\x12\x00"), "2 type 2 value 0 of 2" },
	{ S("\x12\x03""abc"), "2 type 2 value 3 of 5" },
	{ S("\x12\x83\x00""abc"), "2 type 2 value 3 of 6 sloppy" },
	{ S("\x13\x14"), "2 type 3 value 0 of 2" },
	{ S("\x13\x08\x01\x1b\x1c\x14"), "2 type 3 value 0 of 6" },
	{ S("\x13\x08\x80\x00\x14"), "2 type 3 value 0 of 5 sloppy" },
	{ S("\xf8\xff\xff\xff\x0f\x01"), "536870911 type 0 value 1 of 6" },
	{ S(""), "truncated varint" },
	{ S("\x08"), "truncated varint" },
	{ S("\x88"), "truncated varint" },
	{ S("\x08\x96"), "truncated varint" },
	{ S("\x12"), "truncated varint" },
	{ S("\x12\x03""ab"), "length runs past the end of its message" },
	{ S("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
	  "length runs past the end of its message" },
	{ S("\x09\x01\x02\x03\x04\x05\x06\x07"), "truncated 64-bit value" },
	{ S("\x0d\x01\x02\x03"), "truncated 32-bit value" },
	{ S("\x00\x00"), "invalid field number" },
	{ S("\x07\x00"), "invalid field number" },
	{ S("\xf8\xff\xff\xff\x1f\x01"), "invalid field number" },
	{ S("\x0e\x00"), "invalid wire type" },
	{ S("\x0f\x00"), "invalid wire type" },
	{ S("\x14"), "end of a group that did not begin" },
	{ S("\x13"), "unterminated group" },
	{ S("\x13\x08\x01"), "unterminated group" },
	{ S("\x13\x1c"), "end of another group" },
	{ S("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
	  "varint runs past 10 bytes" },
	{ S("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
	  "varint runs past 10 bytes" },
};

static void describe(const uint8_t *p, size_t n, uint8_t slop, char *text,
		     size_t size)
{
	uint8_t *b = malloc(n + WIRE_SLOP);
	struct wire_field f;
	const char *what = "no reason";
	const uint8_t *end;

	memcpy(b, p, n);
	memset(b + n, slop, WIRE_SLOP);
	end = wire_field(b, b + n, &f, &what);
	if (end)
		snprintf(text, size, "%" PRIu32 " type %d value %" PRIu64
			 " of %zu%s", f.number, f.type,
			 f.type == WIRE_GROUP ? 0 : f.value, (size_t)(end - b),
			 f.sloppy ? " sloppy" : "");
	else
		snprintf(text, size, "%s", what);
	free(b);
}

static void fields_one_by_one(void)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		char got[128];

		test_case = fields[i].want;
		describe(fields[i].p, fields[i].n, 0, got, sizeof(got));
		CHECK_TEXT(got, fields[i].want);
		/* what follows is another's */
		if (fields[i].n && strncmp(fields[i].want, "varint runs", 11)) {
			describe(fields[i].p, fields[i].n, 0x7f, got, sizeof(got));
			CHECK_TEXT(got, fields[i].want);
		}
	}
}

/* A field that is cut anywhere is none. */
static void fields_cut(void)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		for (size_t n = 0; n < fields[i].n; n++) {
			char got[128];

			test_case = fields[i].want;
			describe(fields[i].p, n, 0xff, got, sizeof(got));
			CHECK(!strstr(got, "type") || strstr(got, "invalid"));
		}
}

static void groups_nest_to_a_bound(void)
{
	for (int depth = 1; depth < 2 * WIRE_DEPTH_MAX; depth++) {
		uint8_t b[4 * WIRE_DEPTH_MAX + WIRE_SLOP] = { 0 };
		char got[128];

		memset(b, 0x13, (size_t)depth);
		memset(b + depth, 0x14, (size_t)depth);
		describe(b, (size_t)depth * 2, 0, got, sizeof(got));
		if (depth <= WIRE_DEPTH_MAX)
			CHECK(strstr(got, "type 3"));
		else
			CHECK_TEXT(got, "groups nested too deep");
	}
}

int main(void)
{
	RUN(varints_there_and_back);
	RUN(varints_longer_than_needed);
	RUN(varints_too_long);
	RUN(words);
	RUN(fields_one_by_one);
	RUN(fields_cut);
	RUN(groups_nest_to_a_bound);
	return test_end();
}

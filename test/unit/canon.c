// SPDX-License-Identifier: MIT
#include "event/normalize.h"
#include "test.h"
#include "event/message.h"
#include "codec/wire.h"

/* What protobuf allows, and what a writer would have written. */
static const struct {
	const char *message, *why;
	const uint8_t *p;
	size_t n;
	const uint8_t *want;
	size_t m;
} line[] = {
	{ "pstree_entry", "as it should be",
	  S("\x08\x01\x10\x02"), S("\x08\x01\x10\x02") },
	{ "pstree_entry", "order", S("\x10\x02\x08\x01"), S("\x08\x01\x10\x02") },
	{ "pstree_entry", "last one wins",
	  S("\x08\x01\x10\x02\x08\x03"), S("\x08\x03\x10\x02") },
	{ "pstree_entry", "minimal varints",
	  S("\x08\x81\x80\x00\x90\x00\x02"), S("\x08\x01\x10\x02") },
	{ "pstree_entry", "list elements keep their order",
	  S("\x28\x05\x08\x01\x28\x04"), S("\x08\x01\x28\x05\x28\x04") },
	{ "pstree_entry", "packed list unpacked",
	  S("\x2a\x02\x05\x04"), S("\x28\x05\x28\x04") },
	{ "pstree_entry", "packed and not",
	  S("\x28\x01\x2a\x02\x05\x04\x28\x02"),
	  S("\x28\x01\x28\x05\x28\x04\x28\x02") },
	{ "pstree_entry", "too large for its field comes before a value",
	  S("\x08\x01\x08\xff\xff\xff\xff\x1f"),
	  S("\x08\xff\xff\xff\xff\x1f\x08\x01") },
	{ "pstree_entry", "of a list, all from what does not fit on",
	  S("\x28\x05\x28\xff\xff\xff\xff\x1f\x28\x04\x08\x01"),
	  S("\x08\x01\x28\x05\x28\xff\xff\xff\xff\x1f\x28\x04") },
	{ "pstree_entry", "unknown fields find their place, minimal, too",
	  S("\xf8\x3f\x81\x00\x08\x01"), S("\x08\x01\xf8\x3f\x01") },
	{ "pstree_entry", "unknown strings and words",
	  S("\xfa\x3f\x82\x00\x81\x00\xfd\xbf\x00\x80\0\0\0\x08\x01"),
	  S("\x08\x01\xfa\x3f\x02\x81\x00\xfd\x3f\x80\0\0\0") },
	{ "pstree_entry", "groups, and what is in them",
	  S("\xfb\x3f\x88\x00\x81\x00\x13\x1a\x80\x00\x14\xfc\x3f\x08\x01"),
	  S("\x08\x01\xfb\x3f\x08\x01\x13\x1a\x00\x14\xfc\x3f") },
	{ "pstree_entry", "a known number of another wire type is unknown",
	  S("\x0a\x01x\x10\x02\x08\x01"), S("\x0a\x01x\x08\x01\x10\x02") },
	{ "ipc_shm_entry", "sub-messages merge",
	  S("\x0a\x02\x08\x01\x10\x05\x0a\x04\x10\x02\x08\x03"),
	  S("\x0a\x04\x08\x03\x10\x02\x10\x05") },
	{ "pagemap_entry", "a list that is declared packed is packed",
	  S("\x32\x04\x08\x07\x08\x09"), S("\x32\x04\x0a\x02\x07\x09") },
};

static void lines(void)
{
	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		const struct message *m =
			schema_message(&crit_schema, line[i].message);
		uint8_t *p = calloc(1, line[i].n + WIRE_SLOP);
		uint8_t out[256 + WIRE_SLOP] = { 0 };
		bool missing = false;
		size_t n = 0;

		test_case = line[i].why;
		memcpy(p, line[i].p, line[i].n);
		CHECK_NUMBER(message_check(m, p, line[i].n, &missing),
			     i ? FLAT_IRREGULAR : FLAT_OK);
		CHECK(normalize(m, p, line[i].n, out, 256, &n));
		CHECK_BYTES(out, n, line[i].want, line[i].m);
		memset(out + n, 0, WIRE_SLOP);
		CHECK(message_check(m, out, n, &missing) <= FLAT_MISFIT);
		/* no room is no crash */
		for (size_t cap = 0; cap < n; cap++)
			CHECK(!normalize(m, p, line[i].n, out, cap, &n) || n <= cap);
		/* nor is any cut */
		for (size_t k = 0; k < line[i].n; k++)
			normalize(m, p, k, out, 256, &n);
		free(p);
	}
}

/* What does not fit its field: regular as it stands. */
static const struct {
	const char *message, *why;
	const uint8_t *p;
	size_t n;
} misfit[] = {
	{ "pstree_entry", "a uint32 of 64 bits",
	  S("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01") },
	{ "mm_entry", "an int32 of 32 bits", S("\x78\xff\xff\xff\xff\x0f") },
	{ "mm_entry", "a bool of 7", S("\x88\x01\x07") },
	{ "pstree_entry", "another wire type", S("\x0a\x01x\x10\x02") },
	{ "ipc_shm_entry", "a message that is none", S("\x0a\x01\x07") },
	{ "pagemap_entry", "a packed list that is cut",
	  S("\x32\x03\x0a\x01\x80") },
	{ "pstree_entry", "an element of a list, and those after it",
	  S("\x28\x05\x28\xff\xff\xff\xff\x1f\x28\x04") },
	{ "pstree_entry", "a list that holds too large ones",
	  S("\x28\x05\x2a\x06\x01\xff\xff\xff\xff\x1f\x28\x04") },
};

static void misfits(void)
{
	for (size_t i = 0; i < sizeof(misfit) / sizeof(*misfit); i++) {
		const struct message *m =
			schema_message(&crit_schema, misfit[i].message);
		uint8_t p[32 + WIRE_SLOP] = { 0 }, out[64];
		struct crit_error err;
		bool missing = false;
		size_t n = 0;

		test_case = misfit[i].why;
		memcpy(p, misfit[i].p, misfit[i].n);
		CHECK_NUMBER(message_check(m, p, misfit[i].n, &missing),
			     FLAT_MISFIT);
		CHECK(normalize(m, p, misfit[i].n, out, sizeof(out), &n));
		CHECK_BYTES(out, n, misfit[i].p, misfit[i].n);
		error_clear(&err);
		message_explain_misfit(m, p, misfit[i].n, &err);
		CHECK(err.code == CRIT_EDATA && err.path[0] && err.offset >= 0);
	}
}

/* Noise: refused, or put in order once and for all. */
static void noise(void)
{
	unsigned taken = 0;

	for (unsigned i = 0; i < 200000; i++) {
		const struct message *m = crit_schema.messages[
			test_random() % crit_schema.n_messages];
		uint8_t p[24 + WIRE_SLOP] = { 0 },
			a[24 * CANON_GROWTH + WIRE_SLOP],
			b[24 * CANON_GROWTH];
		size_t n = test_random() % 24, k = 0, l = 0;
		bool missing;

		for (size_t j = 0; j < n; j++)
			p[j] = (uint8_t)(test_random() % 3 ? test_random() & 31 :
					 test_random());
		if (message_check(m, p, n, &missing) == FLAT_BAD) {
			CHECK(!normalize(m, p, n, a, sizeof(a) - WIRE_SLOP, &k));
			continue;
		}
		taken++;
		test_case = m->name;
		if (!CHECK(normalize(m, p, n, a, sizeof(a) - WIRE_SLOP, &k)))
			continue;
		memset(a + k, 0, WIRE_SLOP);
		CHECK(message_check(m, a, k, &missing) <= FLAT_MISFIT);
		CHECK(normalize(m, a, k, b, sizeof(b), &l));
		CHECK_BYTES(b, l, a, k);
	}
	CHECK(taken > 1000);
}

int main(void)
{
	RUN(lines);
	RUN(misfits);
	RUN(noise);
	return test_end();
}

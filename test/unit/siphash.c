// SPDX-License-Identifier: MIT
/*
 * SipHash-2-4 by the vectors of its authors: key 00 01 .. 0f, message 00 01 .. of
 * each length.
 */
#include "test.h"
#include "codec/siphash.h"
#include "codec/wire.h"

static const struct {
	size_t n;
	uint64_t value;
} vector[] = {
	{ 8, 0x93f5f5799a932462 }, { 15, 0xa129ca6149be45e5 },
	{ 16, 0x3f2acc7f57c29bdb }, { 63, 0x958a324ceb064572 },
};

static void vectors(void)
{
	struct siphash s;
	uint8_t p[64 + WIRE_SLOP] = { 0 };

	for (unsigned i = 0; i < 64; i++)
		p[i] = (uint8_t)i;
	s.key[0] = wire_get64(p);
	s.key[1] = wire_get64(p + 8);
	for (size_t i = 0; i < sizeof(vector) / sizeof(*vector); i++)
		CHECK(siphash(&s, wire_get64(p), p + 8, vector[i].n - 8) ==
		      vector[i].value);
}

int main(void)
{
	RUN(vectors);
	return test_end();
}

// SPDX-License-Identifier: MIT
#include "codec/digits.h"
#include "test.h"

static void as_printf_does(void)
{
	char got[DIGITS_MAX + 1], want[64];
	uint64_t ten = 1;

	for (unsigned i = 0; i < 60000; i++) {
		uint64_t v = test_value(i);

		if (i < 60) {		/* around each power of ten */
			v = ten + i % 3 - 1;
			if (i % 3 == 2)
				ten *= 10;
		} else if (i < 20060) {
			v = i - 60;
		}
		*digits_u64(got, v) = 0;
		snprintf(want, sizeof(want), "%" PRIu64, v);
		CHECK_TEXT(got, want);
		*digits_i64(got, (int64_t)v) = 0;
		snprintf(want, sizeof(want), "%" PRId64, (int64_t)v);
		CHECK_TEXT(got, want);
		*digits_hex(got, v) = 0;
		snprintf(want, sizeof(want), "%#" PRIx64, v);
		CHECK_TEXT(got, v ? want : "0x0");
	}
}

int main(void)
{
	RUN(as_printf_does);
	return test_end();
}

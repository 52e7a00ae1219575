// SPDX-License-Identifier: MIT
/*
 * Rows of a dump, wherever its bytes are cut.
 */
#include "memory/hexdump.h"
#include "test.h"

static char text[4096];
static size_t used;

static bool keep(void *arg, const void *p, size_t n)
{
	(void)arg;
	memcpy(text + used, p, n);
	used += n;
	return true;
}

static const char want[] =
"00001003  41 42 43 00 ff 7f 20 7e  00 00 00 00 00 00 00 00  |ABC... ~........|\n"
"00001013  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n"
"*\n"
"00001043  00 00 5a                                          |..Z|\n"
"00001046\n";

static uint8_t bytes[67] = "ABC\0\xff\x7f ~";

static void dump(size_t cut, bool zeros)
{
	struct crit_error err;
	struct hexdump h;
	struct out out;

	used = 0;
	error_clear(&err);
	CHECK(out_open(&out, -1, "test", &err));
	out.write = keep;
	hexdump_begin(&h, &out, 0x1003);
	if (zeros) {
		hexdump_bytes(&h, bytes, 8);
		hexdump_zeros(&h, cut);
		hexdump_bytes(&h, bytes + 8 + cut, sizeof(bytes) - 8 - cut);
	} else {
		hexdump_bytes(&h, bytes, cut);
		hexdump_bytes(&h, bytes + cut, sizeof(bytes) - cut);
	}
	hexdump_end(&h);
	CHECK(out_flush(&out));
	CHECK_BYTES(text, used, want, strlen(want));
	out_close(&out);
}

static void cuts(void)
{
	for (size_t cut = 0; cut <= sizeof(bytes); cut++)
		dump(cut, false);
}

static void zeros_in_no_time(void)
{
	for (size_t n = 0; n <= 58; n++)
		dump(n, true);
}

static void large_addresses(void)
{
	struct crit_error err;
	struct hexdump h;
	struct out out;

	used = 0;
	error_clear(&err);
	CHECK(out_open(&out, -1, "test", &err));
	out.write = keep;
	hexdump_begin(&h, &out, 0x7fff00000000);
	hexdump_zeros(&h, UINT64_C(1) << 40);
	hexdump_end(&h);
	out_flush(&out);
	text[used] = 0;
	CHECK(!strncmp(text, "7fff00000000  00 00", 19));
	CHECK(strstr(text, "|\n*\n80ff00000000\n"));
	out_close(&out);
}

int main(void)
{
	bytes[sizeof(bytes) - 1] = 'Z';
	RUN(cuts);
	RUN(zeros_in_no_time);
	RUN(large_addresses);
	return test_end();
}

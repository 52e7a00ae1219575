// SPDX-License-Identifier: MIT
#include "codec/base64.h"
#include "codec/base64_read.h"
#include "test.h"

enum { MAX = 500 };

/* One letter at a time, to compare with. */
static size_t slowly(char *out, const uint8_t *p, size_t n)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t k = 0;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)p[i] << 16 |
			(i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0) |
			(i + 2 < n ? p[i + 2] : 0);

		out[k++] = letters[v >> 18];
		out[k++] = letters[v >> 12 & 63];
		out[k++] = i + 1 < n ? letters[v >> 6 & 63] : '=';
		out[k++] = i + 2 < n ? letters[v & 63] : '=';
	}
	return k;
}

static void every_length(void)
{
	for (size_t n = 0; n <= MAX; n++) {
		uint8_t *p = malloc(n + 1);
		char got[2 * MAX + 64], want[2 * MAX];

		for (size_t i = 0; i < n; i++)
			p[i] = (uint8_t)test_random();
		CHECK_BYTES(got, (size_t)(base64_put(got, p, n) - got),
			    want, slowly(want, p, n));
		free(p);
	}
}

/* Reads text in two pieces; false where it is refused. */
static bool read_cut(const char *text, size_t n, size_t cut, uint8_t *out,
		     size_t *size)
{
	struct base64 b = { 0 };
	uint8_t *at = out;
	size_t first = cut < n ? cut : n, k;

	k = base64_read(&b, (const uint8_t *)text, first, &at);
	if (k == first)
		k += base64_read(&b, (const uint8_t *)text + k, n - k, &at);
	*size = (size_t)(at - out);
	return k == n && !base64_end(&b);
}

static void every_cut(void)
{
	for (size_t n = 0; n <= 130; n++) {
		uint8_t p[130], got[130 + 3 + BASE64_SLOP];
		char text[300], broken[300];
		size_t size, k, m = 0;

		for (size_t i = 0; i < n; i++)
			p[i] = (uint8_t)test_random();
		k = slowly(text, p, n);
		for (size_t i = 0; i < k; i++) {
			broken[m++] = text[i];
			if (i % 76 == 75)
				broken[m++] = '\n';
		}
		broken[m++] = '\n';
		for (size_t cut = 0; cut <= k; cut++) {
			CHECK(read_cut(text, k, cut, got, &size));
			CHECK_BYTES(got, size, p, n);
			/* no less text is whole, but at a group's end */
			CHECK(read_cut(text, cut, cut, got, &size) ==
			      (cut % 4 == 0));
		}
		for (size_t cut = 0; cut <= m; cut++) {
			CHECK(read_cut(broken, m, cut, got, &size));
			CHECK_BYTES(got, size, p, n);
		}
	}
}

static void what_is_refused(void)
{
	static const char *const line[] = {
		"A", "AA", "AAA", "AA=", "A===", "====", "=AAA", "AA=A",
		"AAAA=", "AA==AA==", "AA==A", "AAA=A", "AAA==", "AB==", "AAB=",
		"A AA", "AA-_", "AAAA.", ("\xc3\xa4" "AA"), "AA==\n=",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-AAAAAAAAAAAAAAAAAAA",
	};
	uint8_t out[200];
	size_t size;

	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		test_case = line[i];
		for (size_t cut = 0; cut <= strlen(line[i]); cut++)
			CHECK(!read_cut(line[i], strlen(line[i]), cut, out,
					&size));
	}
	test_case = "every byte that is no letter";
	for (int c = 0; c < 256; c++) {
		static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"abcdefghijklmnopqrstuvwxyz0123456789+/";
		char text[97];

		memset(text, 'A', 96);
		text[40] = (char)c;
		CHECK(read_cut(text, 96, 0, out, &size) ==
		      ((c && strchr(letters, c)) || 0));
		if (c == '\n')	/* one letter short */
			CHECK(!read_cut(text, 96, 0, out, &size));
	}
}

int main(void)
{
	RUN(every_length);
	RUN(every_cut);
	RUN(what_is_refused);
	return test_end();
}

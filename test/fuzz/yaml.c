// SPDX-License-Identifier: MIT
/*
 * Any bytes as YAML -> images, or as an image -> YAML -> the same image. One
 * byte says which, and how they come. Promises: it does not matter how; an
 * image comes back as it was, or the source has warned.
 */
#include "common/fuzz.h"

static void round_trip(const uint8_t *p, size_t n)
{
	struct result text, image;

	fuzz_yaml(p, n, &text);
	if (text.ok) {
		fuzz_encode_any(text.p, text.n, 0, &image);
		if (!image.ok)
			fuzz_fail("encode refuses what decode wrote", &text,
				  &image);
		if (!text.odd && (image.n != n || memcmp(image.p, p, n)))
			fuzz_fail("other bytes, and no warning", &text, &image);
		result_free(&image);
	}
	result_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct result whole, cut;

	if (!n)
		return 0;
	if (p[0] & 1) {
		round_trip(p + 1, n - 1);
		return 0;
	}
	fuzz_encode_any(p + 1, n - 1, 0, &whole);
	fuzz_encode_any(p + 1, n - 1, p[0] / 2 + 1u, &cut);
	fuzz_same("documents in pieces", &whole, &cut, true);
	result_free(&whole);
	result_free(&cut);
	return 0;
}

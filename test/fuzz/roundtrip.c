// SPDX-License-Identifier: MIT
/*
 * Any bytes as an image -> text -> image, and -> image by events alone. Two
 * bytes say how, the rest is the image. Promises: the same bytes come back,
 * or the source has warned; text from them is the same again.
 */
#include "common/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct result text, image, again;
	struct to_text how = { 0 };

	if (n < 2)
		return 0;
	how.format = p[0] % 3;
	how.pretty = p[0] & 4;
	/* records without a name are an image each */
	how.named = p[0] & 16 || how.format == JSON_RECORDS;
	fuzz_decode(&how, p + 2, n - 2, &text);
	fuzz_copy(p + 2, n - 2, p[1], &again);
	if (!text.ok) {
		result_free(&text);
		result_free(&again);
		return 0;
	}
	fuzz_encode(text.p, text.n, p[1], true, &image);
	if (!image.ok)
		fuzz_fail("encode refuses what decode wrote", &text, &image);
	if (!text.odd && (image.n != n - 2 || memcmp(image.p, p + 2, n - 2)))
		fuzz_fail("other bytes, and no warning", &text, &image);
	if (again.ok != image.ok || again.n != image.n ||
	    memcmp(again.p, image.p, image.n))
		fuzz_fail("image by text and by events", &image, &again);
	result_free(&again);
	fuzz_decode(&how, image.p, image.n, &again);
	if (again.odd)
		fuzz_fail("odd bytes written", &text, &again);
	fuzz_same("text of what was written", &text, &again, false);
	result_free(&again);
	result_free(&image);
	result_free(&text);
	return 0;
}

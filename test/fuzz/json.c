// SPDX-License-Identifier: MIT
/*
 * Any bytes as documents -> images. One byte says how they come. Promises: it
 * does not matter how; what is written can be read, is as writers of images
 * put it, and comes back the same.
 */
#include "common/fuzz.h"

/* One image, that is: its text, and the image of that. */
static void check(const struct result *image, bool raw)
{
	struct to_text how = { .format = JSON_RECORDS, .named = true };
	struct result text, again;

	fuzz_decode(&how, image->p, image->n, &text);
	/* several images in a row, or one whose extra the entry promises and
	 * CRIT's format leaves out */
	if (!text.ok) {
		result_free(&text);
		return;
	}
	if (text.odd && !raw)
		fuzz_fail("odd bytes written", image, &text);
	fuzz_encode(text.p, text.n, 0, true, &again);
	if (!again.ok)
		fuzz_fail("encode refuses what decode wrote", &text, &again);
	if (!text.odd && (again.n != image->n ||
			  memcmp(again.p, image->p, again.n)))
		fuzz_fail("other bytes, and no warning", &text, &again);
	result_free(&text);
	result_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct result whole, cut;
	bool raw;

	if (!n)
		return 0;
	fuzz_encode(p + 1, n - 1, 0, true, &whole);
	fuzz_encode(p + 1, n - 1, p[0] + 1u, true, &cut);
	fuzz_same("documents in pieces", &whole, &cut, true);
	/* raw fields are written as they are given */
	raw = memmem(p, n, "nknown", 6) || memchr(p, '\\', n);
	if (whole.ok)
		check(&whole, raw);
	result_free(&whole);
	result_free(&cut);
	return 0;
}

// SPDX-License-Identifier: MIT
/*
 * Any bytes as a tar archive, or as an OCI layout in one (common/members.h). The
 * first byte says what pages are wanted for, whether the checksums of headers are
 * mended first, and whether it is compressed then. The compressed archive and
 * the plain one must have the same in them.
 */
#include "common/members.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

enum { BLOCK = 512, SUM = 148, MAGIC = 257, SIZE_MAX_PLAIN = 1 << 20 };
enum form { AS_IT_IS, MENDED, GZIP, ZSTD, FORMS };

/* Blocks that have the magic of a header get its checksum. */
static void mend(uint8_t *p, size_t n)
{
	for (; n >= BLOCK; p += BLOCK, n -= BLOCK) {
		unsigned sum = 8 * ' ';

		if (memcmp(p + MAGIC, "ustar", 5))
			continue;
		for (size_t i = 0; i < BLOCK; i++)
			sum += i >= SUM && i < SUM + 8 ? 0 : p[i];
		memcpy(p + SUM, (char[8]){ 0 }, 8);
		snprintf((char *)p + SUM, 8, "%06o", sum);
		p[SUM + 7] = ' ';
	}
}

static size_t gzip(uint8_t *to, size_t size, const uint8_t *p, size_t n)
{
	z_stream z = { .next_in = (uint8_t *)p, .avail_in = (unsigned)n,
		       .next_out = to, .avail_out = (unsigned)size };

	if (deflateInit2(&z, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
	    deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	n = z.total_out;
	deflateEnd(&z);
	return n;
}

static struct found check(const uint8_t *p, size_t n, enum store_pages want)
{
	struct members_of of = {
		.bytes = { p, n }, .content = CONTENT_TAR, .want = want,
	};

	return members_check(&of);
}

static void check_packed(const uint8_t *p, size_t n, enum store_pages want,
			 enum form form)
{
	size_t size = ZSTD_compressBound(n) + 1024;
	uint8_t *packed = malloc(size);
	struct found plain, f;

	if (!packed)
		abort();
	size = form == GZIP ? gzip(packed, size, p, n) :
		ZSTD_compress(packed, size, p, n, 1);
	plain = check(p, n, want);
	f = check(packed, size, want);
	members_same("plain, compressed", &plain, &f, want == STORE_PAGES_ANY);
	free(packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	enum store_pages want;
	enum form form;
	uint8_t *mended;

	if (n < 1 || n > SIZE_MAX_PLAIN)
		return 0;
	want = p[0] % 3;
	form = p[0] / 3 % FORMS;
	p++;
	n--;
	if (form == AS_IT_IS) {
		check(p, n, want);
		return 0;
	}
	mended = malloc(n + 1);
	if (!mended)
		abort();
	memcpy(mended, p, n);
	mend(mended, n);
	if (form == MENDED)
		check(mended, n, want);
	else
		check_packed(mended, n, want, form);
	free(mended);
	return 0;
}

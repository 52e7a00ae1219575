// SPDX-License-Identifier: MIT
/*
 * Each decoder as begin, step, end over the same two windows, with memory from
 * base/alloc.h.
 */
#define ZSTD_STATIC_LINKING_ONLY
#define LZ4F_STATIC_LINKING_ONLY
#include "base/unpack_kinds.h"
#include "base/alloc.h"

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

const char unpack_too_wide[] = "its window is larger than 128 MiB";
const char unpack_no_memory[] = "out of memory";
const char unpack_not_here[] = "not built in";

static void take(struct unpack *u, size_t in, size_t out)
{
	u->src += in;
	u->n_src -= in;
	u->dst += out;
	u->n_dst -= out;
}

static unsigned at_most(size_t n)
{
	return n < (1U << 30) ? (unsigned)n : 1U << 30;
}

static bool state_of(struct unpack *u, size_t size)
{
	if (!u->state)
		u->state = alloc_zero(size);
	return u->state;
}

static void forget(struct unpack *u)
{
	alloc_free(u->state);
	u->state = NULL;
}

/* gzip */

static void *gzip_alloc(void *ctx, unsigned n, unsigned size)
{
	(void)ctx;
	return alloc((size_t)n * size);
}

static void gzip_free(void *ctx, void *p)
{
	(void)ctx;
	alloc_free(p);
}

static bool gzip_begin(struct unpack *u)
{
	z_stream *z = u->state;

	if (z)
		return inflateReset(z) == Z_OK;
	if (!state_of(u, sizeof(*z)))
		return false;
	z = u->state;
	z->zalloc = gzip_alloc;
	z->zfree = gzip_free;
	if (inflateInit2(z, 15 + 16) == Z_OK)
		return true;
	forget(u);
	return false;
}

static enum unpack_step gzip_step(struct unpack *u)
{
	z_stream *z = u->state;
	unsigned in = at_most(u->n_src), out = at_most(u->n_dst);
	int r;

	z->next_in = (uint8_t *)u->src;
	z->avail_in = in;
	z->next_out = u->dst;
	z->avail_out = out;
	r = inflate(z, Z_NO_FLUSH);
	take(u, in - z->avail_in, out - z->avail_out);
	if (r == Z_STREAM_END)
		return UNPACK_END;
	if (r == Z_OK || r == Z_BUF_ERROR)
		return UNPACK_MORE;
	u->why = r == Z_MEM_ERROR ? unpack_no_memory : z->msg ? z->msg :
		"invalid data";
	return UNPACK_BAD;
}

static void gzip_end(struct unpack *u)
{
	if (u->state)
		inflateEnd(u->state);
	forget(u);
}

/* zstd */

static void *mem_alloc(void *ctx, size_t n)
{
	(void)ctx;
	return alloc(n);
}

static void mem_free(void *ctx, void *p)
{
	(void)ctx;
	alloc_free(p);
}

static bool zstd_begin(struct unpack *u)
{
	const ZSTD_customMem mem = { mem_alloc, mem_free, NULL };

	if (!u->state)
		u->state = ZSTD_createDCtx_advanced(mem);
	if (!u->state)
		return false;
	ZSTD_DCtx_reset(u->state, ZSTD_reset_session_only);
	return !ZSTD_isError(ZSTD_DCtx_setParameter(u->state, ZSTD_d_windowLogMax,
						   UNPACK_WINDOW_LOG));
}

static enum unpack_step zstd_step(struct unpack *u)
{
	ZSTD_inBuffer in = { u->src, u->n_src, 0 };
	ZSTD_outBuffer out = { u->dst, u->n_dst, 0 };
	size_t r = ZSTD_decompressStream(u->state, &out, &in);

	take(u, in.pos, out.pos);
	if (!ZSTD_isError(r))
		return r ? UNPACK_MORE : UNPACK_END;
	u->why = ZSTD_getErrorCode(r) == ZSTD_error_frameParameter_windowTooLarge ?
		unpack_too_wide : ZSTD_getErrorName(r);
	return UNPACK_BAD;
}

static void zstd_end(struct unpack *u)
{
	ZSTD_freeDCtx(u->state);
	u->state = NULL;
}

/* xz */

static void *xz_alloc(void *ctx, size_t n, size_t size)
{
	(void)ctx;
	return size && n > SIZE_MAX / size ? NULL : alloc(n * size);
}

static const lzma_allocator xz_mem = { xz_alloc, mem_free, NULL };

static bool xz_begin(struct unpack *u)
{
	lzma_stream *x;

	if (!state_of(u, sizeof(*x)))
		return false;
	x = u->state;
	x->allocator = &xz_mem;
	return lzma_stream_decoder(x, (UINT64_C(1) << UNPACK_WINDOW_LOG) +
				   (1 << 20), 0) == LZMA_OK;
}

static const char *xz_why(lzma_ret r)
{
	static const struct {
		lzma_ret r;
		const char *why;
	} whys[] = {
		{ LZMA_MEM_ERROR, unpack_no_memory },
		{ LZMA_MEMLIMIT_ERROR, unpack_too_wide },
		{ LZMA_FORMAT_ERROR, "invalid header" },
		{ LZMA_OPTIONS_ERROR, "unknown filters" },
	};

	for (size_t i = 0; i < sizeof(whys) / sizeof(*whys); i++)
		if (whys[i].r == r)
			return whys[i].why;
	return "invalid data, or a wrong checksum";
}

static enum unpack_step xz_step(struct unpack *u)
{
	lzma_stream *x = u->state;
	lzma_ret r;

	x->next_in = u->src;
	x->avail_in = u->n_src;
	x->next_out = u->dst;
	x->avail_out = u->n_dst;
	r = lzma_code(x, LZMA_RUN);
	take(u, u->n_src - x->avail_in, u->n_dst - x->avail_out);
	if (r == LZMA_STREAM_END)
		return UNPACK_END;
	if (r == LZMA_OK || r == LZMA_BUF_ERROR)
		return UNPACK_MORE;
	u->why = xz_why(r);
	return UNPACK_BAD;
}

static void xz_end(struct unpack *u)
{
	if (u->state)
		lzma_end(u->state);
	forget(u);
}

/* bzip2: Debian's static library is not made for shared ones. Weak: where it
 * is not linked in, that is said. */

#pragma weak BZ2_bzDecompressInit
#pragma weak BZ2_bzDecompress
#pragma weak BZ2_bzDecompressEnd

static void *bzip2_alloc(void *ctx, int n, int size)
{
	(void)ctx;
	return alloc((size_t)n * (size_t)size);
}

static bool bzip2_begin(struct unpack *u)
{
	bz_stream *b = u->state;

	if (!BZ2_bzDecompressInit) {
		u->why = unpack_not_here;
		return false;
	}
	if (b)
		BZ2_bzDecompressEnd(b);
	if (!state_of(u, sizeof(*b)))
		return false;
	b = u->state;
	memset(b, 0, sizeof(*b));
	b->bzalloc = bzip2_alloc;
	b->bzfree = mem_free;
	if (BZ2_bzDecompressInit(b, 0, 0) == BZ_OK)
		return true;
	forget(u);
	return false;
}

static enum unpack_step bzip2_step(struct unpack *u)
{
	bz_stream *b = u->state;
	unsigned in = at_most(u->n_src), out = at_most(u->n_dst);
	int r;

	b->next_in = (char *)u->src;
	b->avail_in = in;
	b->next_out = (char *)u->dst;
	b->avail_out = out;
	r = BZ2_bzDecompress(b);
	take(u, in - b->avail_in, out - b->avail_out);
	if (r == BZ_STREAM_END)
		return UNPACK_END;
	if (r == BZ_OK)
		return UNPACK_MORE;
	u->why = r == BZ_MEM_ERROR ? unpack_no_memory :
		"invalid data, or a wrong checksum";
	return UNPACK_BAD;
}

static void bzip2_end(struct unpack *u)
{
	if (u->state)
		BZ2_bzDecompressEnd(u->state);
	forget(u);
}

/* lz4 */

static bool lz4_begin(struct unpack *u)
{
	const LZ4F_CustomMem mem = { mem_alloc, NULL, mem_free, NULL };

	if (!u->state)
		u->state = LZ4F_createDecompressionContext_advanced(mem,
								    LZ4F_VERSION);
	if (u->state)
		LZ4F_resetDecompressionContext(u->state);
	return u->state;
}

static enum unpack_step lz4_step(struct unpack *u)
{
	size_t in = u->n_src, out = u->n_dst;
	size_t r = LZ4F_decompress(u->state, u->dst, &out, u->src, &in, NULL);

	if (LZ4F_isError(r)) {
		u->why = LZ4F_getErrorName(r);
		return UNPACK_BAD;
	}
	take(u, in, out);
	return r ? UNPACK_MORE : UNPACK_END;
}

static void lz4_end(struct unpack *u)
{
	LZ4F_freeDecompressionContext(u->state);
	u->state = NULL;
}

const struct unpack_kind unpack_kinds[] = {
	{ "gzip", "gzip -dc", { 0x1f, 0x8b, 8 }, 3, false, true,
	  gzip_begin, gzip_step, gzip_end },
	{ "zstd", "zstd -dc --long=31", { 0x28, 0xb5, 0x2f, 0xfd }, 4, true, false,
	  zstd_begin, zstd_step, zstd_end },
	{ "xz", "xz -dc", { 0xfd, '7', 'z', 'X', 'Z', 0 }, 6, false, true,
	  xz_begin, xz_step, xz_end },
	{ "bzip2", "bzip2 -dc", { 'B', 'Z', 'h' }, 3, false, false,
	  bzip2_begin, bzip2_step, bzip2_end },
	{ "lz4", "lz4 -dc", { 4, 0x22, 0x4d, 0x18 }, 4, true, false,
	  lz4_begin, lz4_step, lz4_end },
};
const size_t unpack_n_kinds = sizeof(unpack_kinds) / sizeof(*unpack_kinds);

// SPDX-License-Identifier: MIT
#include "pattern_filter.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* How often a byte occurs in memory, roughly, in thousandths. */
static unsigned frequency(unsigned c)
{
	if (!c)
		return 250;
	if (c == 0xff || c == ' ')
		return 30;
	if (c >= 'a' && c <= 'z')
		return strchr("etaoinsr", (int)c) ? 20 : 8;
	if (c < 0x10 || c == 'H' || c == 0x8b)
		return 8;
	return c > ' ' && c < 0x7f ? 5 : 2;
}

static unsigned set_frequency(const struct byte_set *s)
{
	unsigned sum = 0;

	for (unsigned c = 0; c < 256; c++)
		sum += set_has(s, c) ? frequency(c) : 0;
	return sum;
}

/* Whether the set, or what is not in it, is one range. */
static void find_range(struct filter_test *t, const struct byte_set *s)
{
	unsigned edges = 0, from = 0, to = 255;

	t->outside = set_has(s, 0);
	for (unsigned c = 1; c < 256; c++) {
		if (set_has(s, c) == set_has(s, c - 1))
			continue;
		if (!edges++)
			from = c;
		else
			to = c - 1;
	}
	t->range = edges == 1 || edges == 2;
	t->from = (uint8_t)from;
	t->span = (uint8_t)(to - from);
}

static void add_test(struct filter *f, int place, const struct byte_set *s)
{
	struct filter_test *t = &f->tests[f->n];

	t->place = place;
	find_range(t, s);
	for (unsigned c = 0; c < 256; c++) {
		if (!set_has(s, c))
			continue;
		f->in[c] |= (uint8_t)(1u << f->n);
		if (c < 0x80)
			t->low[c & 15] |= (uint8_t)(1u << (c >> 4));
		else
			t->high[c & 15] |= (uint8_t)(1u << ((c >> 4) & 7));
	}
	if (place > f->reach)
		f->reach = place;
	f->n++;
}

/* How far a place is from those that are tested: neighbours are alike. */
static int distance(const struct filter *f, int place)
{
	int least = FILTER_PLACES;

	for (unsigned i = 0; i < f->n; i++) {
		int d = f->tests[i].place - place;

		d = d < 0 ? -d : d;
		if (f->tests[i].place >= 0 && d < least)
			least = d;
	}
	return least;
}

/* The rarest place that is not tested yet, or -1. */
static int choose(const struct filter *f, const struct byte_set *at, int n)
{
	unsigned best_rate = 700;
	int best = -1;

	for (int i = 0; i < n; i++) {
		unsigned rate = set_frequency(&at[i]);

		if (!distance(f, i) || rate > best_rate)
			continue;
		if (rate < best_rate || (best >= 0 &&
					 distance(f, i) > distance(f, best))) {
			best_rate = rate;
			best = i;
		}
	}
	return best;
}

void filter_init(struct filter *f, struct dfa *d)
{
	struct byte_set at[FILTER_PLACES], skipped;
	int n = (int)dfa_places(d, at, FILTER_PLACES), i;

	memset(f, 0, sizeof(*f));
	f->rate = 1;
	while (f->n < FILTER_TESTS - 1 && f->rate > 1e-5 &&
	       (i = choose(f, at, n)) >= 0) {
		f->rate *= set_frequency(&at[i]) / 1000.0;
		add_test(f, i, &at[i]);
	}
	dfa_skipped(d, &skipped);
	if (!set_frequency(&skipped))
		return;
	for (i = 0; i < 4; i++)
		skipped.w[i] = ~skipped.w[i];
	add_test(f, -1, &skipped);
	f->before = true;
}

static bool may_start(const struct filter *f, const struct text *t, size_t at)
{
	for (unsigned i = 0; i < f->n; i++) {
		int place = f->tests[i].place;

		if (place < 0 ? !at : (size_t)place >= t->end - at)
			return place < 0;
		if (!(f->in[t->buf[at + (size_t)(ptrdiff_t)place]] >> i & 1))
			return false;
	}
	return true;
}

static uint64_t plain_word(const struct filter *f, const struct text *t,
			   size_t from, size_t to)
{
	uint64_t word = 0;

	for (size_t i = from; i < to && i < from + 64; i++)
		word |= (uint64_t)may_start(f, t, i) << (i - from);
	return word;
}

#if defined(__x86_64__)
#define QUICK 1

/* Which of 32 bytes are of the test's set. */
__attribute__((target("avx2"), always_inline))
static inline uint32_t in_range(const struct filter_test *t, const uint8_t *p)
{
	__m256i v = _mm256_sub_epi8(_mm256_loadu_si256((const __m256i *)p),
				    _mm256_set1_epi8((char)t->from));
	__m256i span = _mm256_set1_epi8((char)t->span);

	v = _mm256_cmpeq_epi8(_mm256_min_epu8(v, span), v);
	return (uint32_t)_mm256_movemask_epi8(v) ^ -(uint32_t)t->outside;
}

__attribute__((target("avx2"), always_inline))
static inline uint32_t in_any(const struct filter_test *t, const uint8_t *p)
{
	const __m256i bit = _mm256_set1_epi64x((long long)0x8040201008040201);
	__m256i v = _mm256_loadu_si256((const __m256i *)p);
	__m256i low = _mm256_broadcastsi128_si256(
		_mm_loadu_si128((const __m128i *)t->low));
	__m256i high = _mm256_broadcastsi128_si256(
		_mm_loadu_si128((const __m128i *)t->high));
	__m256i row = _mm256_and_si256(_mm256_srli_epi16(v, 4),
				       _mm256_set1_epi8(7));
	/* a shuffle gives 0 where bit 7 of its index is set */
	__m256i has = _mm256_or_si256(
		_mm256_shuffle_epi8(low, v),
		_mm256_shuffle_epi8(high, _mm256_xor_si256(
			v, _mm256_set1_epi8((char)0x80))));

	has = _mm256_and_si256(has, _mm256_shuffle_epi8(bit, row));
	return ~(uint32_t)_mm256_movemask_epi8(
		_mm256_cmpeq_epi8(has, _mm256_setzero_si256()));
}

__attribute__((target("avx2"), always_inline))
static inline uint32_t in_set(const struct filter_test *t, const uint8_t *p)
{
	return t->range ? in_range(t, p) : in_any(t, p);
}

__attribute__((target("avx2"), always_inline))
static inline void words(const struct filter *f, const uint8_t *p, size_t n,
			 uint64_t *bits, unsigned tests)
{
	for (size_t i = 0; i < n; i++, p += 64) {
		uint64_t word = UINT64_MAX;

		for (unsigned k = 0; k < tests; k++) {
			const struct filter_test *t = &f->tests[k];
			const uint8_t *q = p + t->place;

			word &= in_set(t, q) |
				(uint64_t)in_set(t, q + 32) << 32;
		}
		bits[i] = word;
	}
}

/* n words; the bytes of them and around them are there. */
__attribute__((target("avx2,popcnt")))
static size_t quick_words(const struct filter *f, const uint8_t *p, size_t n,
			  uint64_t *bits)
{
	size_t count = 0;

	switch (f->n) {
	case 1:
		words(f, p, n, bits, 1);
		break;
	case 2:
		words(f, p, n, bits, 2);
		break;
	case 3:
		words(f, p, n, bits, 3);
		break;
	case 4:
		words(f, p, n, bits, 4);
		break;
	default:
		memset(bits, 0xff, n * sizeof(*bits));
	}
	for (size_t i = 0; i < n; i++)
		count += (size_t)__builtin_popcountll(bits[i]);
	return count;
}

static bool is_quick(void)
{
	return __builtin_cpu_supports("avx2");
}
#else
#define QUICK 0

static size_t quick_words(const struct filter *f, const uint8_t *p, size_t n,
			  uint64_t *bits)
{
	(void)f;
	(void)p;
	(void)n;
	(void)bits;
	return 0;
}

static bool is_quick(void)
{
	return false;
}
#endif

size_t filter_starts(const struct filter *f, const struct text *t, size_t from,
		     size_t to, uint64_t *bits)
{
	size_t reach = (size_t)f->reach, n = 0, count = 0;

	if (from < to) {
		/* the byte before the first one may not be there */
		*bits++ = plain_word(f, t, from, to);
		from = to - from > 64 ? from + 64 : to;
	}
	if (QUICK && is_quick() && t->end - from >= reach)
		n = (t->end - from - reach) / 64;
	if (n > (to - from) / 64)
		n = (to - from) / 64;
	count = quick_words(f, t->buf + from, n, bits);
	for (from += 64 * n, bits += n; from < to; from += 64) {
		*bits = plain_word(f, t, from, to);
		count += (size_t)__builtin_popcountll(*bits++);
	}
	return count;
}

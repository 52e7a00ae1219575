// SPDX-License-Identifier: MIT
#include "search/regex_filter.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && !defined(CRIT_PLAIN)
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
static void find_range(struct filter_class *k)
{
	unsigned edges = 0, from = 0, to = 255;

	k->outside = set_has(&k->set, 0);
	for (unsigned c = 1; c < 256; c++) {
		if (set_has(&k->set, c) == set_has(&k->set, c - 1))
			continue;
		if (!edges++)
			from = c;
		else
			to = c - 1;
	}
	k->range = edges == 1 || edges == 2;
	k->from = (uint8_t)from;
	k->span = (uint8_t)(to - from);
}

static bool same(const struct byte_set *a, const struct byte_set *b, bool not)
{
	uint64_t differ = 0;

	for (int i = 0; i < 4; i++)
		differ |= a->w[i] ^ b->w[i] ^ -(uint64_t)not;
	return !differ;
}

/* The class that is the set, or what is not in it; n_classes: none. */
static unsigned class_of(const struct filter *f, const struct byte_set *s)
{
	unsigned i = 0;

	while (i < f->n_classes && !same(&f->classes[i].set, s, false) &&
	       !same(&f->classes[i].set, s, true))
		i++;
	return i;
}

static void add_class(struct filter *f, const struct byte_set *s)
{
	struct filter_class *k = &f->classes[f->n_classes++];

	k->set = *s;
	find_range(k);
	for (unsigned c = 0; c < 256; c++) {
		uint8_t *row = c < 0x80 ? k->low : k->high;

		if (set_has(s, c))
			row[c & 15] |= (uint8_t)(1u << ((c >> 4) & 7));
	}
}

static void add_test(struct filter *f, int place, const struct byte_set *s)
{
	unsigned i = class_of(f, s);
	struct filter_class *k;

	if (i == FILTER_CLASSES)
		return;
	if (i == f->n_classes)
		add_class(f, s);
	k = &f->classes[i];
	k->tests[k->n++] = (struct filter_test){
		place + 1, same(&k->set, s, false) ? 0 : UINT64_MAX,
	};
	f->n++;
	f->before |= place < 0;
}

/* How far a place is from those that are tested: neighbours are alike. */
static int distance(const struct filter *f, int place)
{
	int least = FILTER_PLACES;

	for (unsigned i = 0; i < f->n_classes; i++) {
		const struct filter_class *k = &f->classes[i];

		for (unsigned j = 0; j < k->n; j++) {
			int d = abs(k->tests[j].shift - (place + 1));

			least = d < least ? d : least;
		}
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

		if (!distance(f, i) || rate > best_rate ||
		    class_of(f, &at[i]) == FILTER_CLASSES)
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
	for (i = 0; i < 4; i++)
		skipped.w[i] = ~skipped.w[i];
	if (set_frequency(&skipped) < 990)
		add_test(f, -1, &skipped);
}

/* Whether the byte at a place may be there; at the edges of the text, what is
 * before is any byte, and what is behind none. */
static bool passes(const struct filter_class *k, const struct filter_test *p,
		   const struct text *t, size_t at)
{
	if (at + (size_t)p->shift == 0)
		return true;
	at += (size_t)p->shift - 1;
	return at < t->end && set_has(&k->set, t->buf[at]) == !p->not;
}

static bool may_start(const struct filter *f, const struct text *t, size_t at)
{
	for (unsigned i = 0; i < f->n_classes; i++) {
		const struct filter_class *k = &f->classes[i];

		for (unsigned j = 0; j < k->n; j++)
			if (!passes(k, &k->tests[j], t, at))
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

#if defined(__x86_64__) && !defined(CRIT_PLAIN)
#define QUICK 1

/* Which of 32 bytes are of the class. */
__attribute__((target("avx2"), always_inline))
static inline uint32_t in_range(const struct filter_class *k, const uint8_t *p)
{
	__m256i v = _mm256_sub_epi8(_mm256_loadu_si256((const __m256i *)p),
				    _mm256_set1_epi8((char)k->from));
	__m256i span = _mm256_set1_epi8((char)k->span);

	v = _mm256_cmpeq_epi8(_mm256_min_epu8(v, span), v);
	return (uint32_t)_mm256_movemask_epi8(v) ^ -(uint32_t)k->outside;
}

__attribute__((target("avx2"), always_inline))
static inline uint32_t in_any(const struct filter_class *k, const uint8_t *p)
{
	const __m256i bit = _mm256_set1_epi64x((long long)0x8040201008040201);
	__m256i v = _mm256_loadu_si256((const __m256i *)p);
	__m256i low = _mm256_broadcastsi128_si256(
		_mm_loadu_si128((const __m128i *)k->low));
	__m256i high = _mm256_broadcastsi128_si256(
		_mm_loadu_si128((const __m128i *)k->high));
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
static inline uint64_t in_class(const struct filter_class *k, const uint8_t *p)
{
	if (k->range)
		return in_range(k, p) | (uint64_t)in_range(k, p + 32) << 32;
	return in_any(k, p) | (uint64_t)in_any(k, p + 32) << 32;
}

__attribute__((target("avx2,bmi2,popcnt"), always_inline))
static inline size_t words(const struct filter *f, const uint8_t *p, size_t n,
			   uint64_t *bits, unsigned classes)
{
	uint64_t here[FILTER_CLASSES], after[FILTER_CLASSES];
	size_t count = 0;

	p--;
	for (unsigned k = 0; k < classes; k++)
		after[k] = in_class(&f->classes[k], p);
	for (size_t i = 0; i < n; i++) {
		uint64_t word = UINT64_MAX;

		p += 64;
		for (unsigned k = 0; k < classes; k++) {
			const struct filter_class *s = &f->classes[k];

			here[k] = after[k];
			after[k] = in_class(s, p);
			for (unsigned j = 0; j < s->n; j++)
				word &= (here[k] >> s->tests[j].shift |
					 after[k] << 1 << (63 - s->tests[j].shift)) ^
					s->tests[j].not;
		}
		bits[i] = word;
		count += (size_t)__builtin_popcountll(word);
	}
	return count;
}

/* n words; the bytes of them, of one more and the one before are there. */
__attribute__((target("avx2,bmi2,popcnt")))
static size_t quick_words(const struct filter *f, const uint8_t *p, size_t n,
			  uint64_t *bits)
{
	switch (f->n_classes) {
	case 1:
		return words(f, p, n, bits, 1);
	case 2:
		return words(f, p, n, bits, 2);
	case 3:
		return words(f, p, n, bits, 3);
	default:
		memset(bits, 0xff, n * sizeof(*bits));
		return 64 * n;
	}
}

static bool is_quick(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
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
	size_t n = 0, count = 0;

	if (from < to) {
		/* the byte before the first one may not be there */
		*bits++ = plain_word(f, t, from, to);
		from = to - from > 64 ? from + 64 : to;
	}
	/* quick words look at the next one, too */
	if (QUICK && is_quick() && t->end - from >= 64)
		n = (t->end - from) / 64 - 1;
	if (n > (to - from) / 64)
		n = (to - from) / 64;
	if (n)
		count = quick_words(f, t->buf + from, n, bits);
	for (from += 64 * n, bits += n; from < to; from += 64) {
		*bits = plain_word(f, t, from, to);
		count += (size_t)__builtin_popcountll(*bits++);
	}
	return count;
}

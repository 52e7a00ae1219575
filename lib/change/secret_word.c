// SPDX-License-Identifier: MIT
/*
 * A word is a number whose digits are its letters: those of a-z have 26
 * values, of A-Z 26, of 0-9 10, bytes of other characters 64. What is between
 * them stays. A keyed permutation P of all words of this shape (a Feistel
 * network over two halves, which add to each other) takes word to
 *
 *   P^-1(P(word) + 1)
 *
 * so that no word stays as it is, and no two become the same.
 */
#include "change/secret.h"
#include "codec/utf8.h"
#include "codec/wire.h"

#include <string.h>

enum { ROUNDS = 8 };

struct digit {
	uint8_t at;		/* in the word */
	uint8_t base;		/* the byte that is 0 */
	uint8_t size;		/* how many values */
	uint8_t value;
};

struct word {
	const struct secret *secret;
	uint64_t shape;		/* of the word with digits as zeros */
	struct digit digit[SECRET_WORD_MAX];
	unsigned n_digits;
};

/* The kind of letter at p[i]; size 0: none. In UTF-8 only the last byte of a
 * character is changed, which leaves it one. */
static struct digit kind_at(const uint8_t *p, size_t n, size_t i, bool utf8)
{
	uint8_t c = p[i];

	if (c >= 'a' && c <= 'z')
		return (struct digit){ .base = 'a', .size = 26 };
	if (c >= 'A' && c <= 'Z')
		return (struct digit){ .base = 'A', .size = 26 };
	if (c >= '0' && c <= '9')
		return (struct digit){ .base = '0', .size = 10 };
	if (c < 0x80 || (utf8 && (c >= 0xc0 ||
				  (i + 1 < n && (p[i + 1] & 0xc0) == 0x80))))
		return (struct digit){ 0 };
	return (struct digit){ .base = c & 0xc0, .size = 64 };
}

static void take_apart(struct word *w, const uint8_t *p, size_t n)
{
	uint8_t shape[SECRET_WORD_MAX];
	bool utf8 = utf8_valid(p, n);

	w->n_digits = 0;
	for (size_t i = 0; i < n; i++) {
		struct digit d = kind_at(p, n, i, utf8);

		shape[i] = d.size ? d.base : p[i];
		if (!d.size)
			continue;
		d.at = (uint8_t)i;
		d.value = p[i] - d.base;
		w->digit[w->n_digits++] = d;
	}
	w->shape = secret_draw(w->secret, 's', 0, shape, n);
}

/* Adds to the digits from from on what the other half and the round give. */
static void add_half(struct word *w, uint32_t round, unsigned from,
		     unsigned to, bool add)
{
	uint8_t seed[8 + SECRET_WORD_MAX];
	uint64_t drawn = 0;
	size_t n = 8;

	wire_put64(seed, w->shape);
	for (unsigned i = 0; i < w->n_digits; i++)
		if (i < from || i >= to)
			seed[n++] = w->digit[i].value;
	for (unsigned i = from; i < to; i++, drawn >>= 16) {
		struct digit *d = &w->digit[i];
		unsigned k = i - from, step;

		if (k % 4 == 0)
			drawn = secret_draw(w->secret, 'w', round << 8 | k / 4, seed,
					    n);
		step = (uint16_t)drawn % d->size;
		d->value = (uint8_t)((d->value + (add ? step : d->size - step)) %
				     d->size);
	}
}

static void permute(struct word *w, bool back)
{
	unsigned middle = w->n_digits / 2;

	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint32_t round = back ? ROUNDS - 1 - i : i;

		if (round & 1)
			add_half(w, round, middle, w->n_digits, !back);
		else
			add_half(w, round, 0, middle, !back);
	}
}

static void add_one(struct word *w)
{
	for (unsigned i = 0; i < w->n_digits; i++) {
		struct digit *d = &w->digit[i];

		d->value = (uint8_t)((d->value + 1) % d->size);
		if (d->value)
			return;
	}
}

/* One digit has no halves: it is moved, and not by zero. */
static void move(struct word *w)
{
	struct digit *d = w->digit;
	uint8_t seed[8];
	uint64_t drawn;

	wire_put64(seed, w->shape);
	drawn = secret_draw(w->secret, '1', 0, seed, sizeof(seed));
	d->value = (uint8_t)((d->value + 1 + drawn % (d->size - 1u)) % d->size);
}

void secret_word(const struct secret *s, char *p, size_t n)
{
	struct word w = { .secret = s };
	char from[SECRET_WORD_MAX];

	take_apart(&w, (const uint8_t *)p, n);
	if (!w.n_digits)
		return;
	memcpy(from, p, n);
	if (w.n_digits == 1) {
		move(&w);
	} else {
		permute(&w, false);
		add_one(&w);
		permute(&w, true);
	}
	for (unsigned i = 0; i < w.n_digits; i++)
		p[w.digit[i].at] = (char)(w.digit[i].base + w.digit[i].value);
	if (s->tell)
		s->tell(s->ctx, "word", from, n, p, n);
}

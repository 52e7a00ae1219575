// SPDX-License-Identifier: MIT
#include "schema/pretty_read.h"
#include "codec/wire.h"
#include "codec/device.h"

#include <arpa/inet.h>
#include <string.h>

static const char no_integer[] = "not an integer";
static const char too_large[] = "does not fit 64 bits";

static void trim(const char **s, size_t *n)
{
	static const char space[] = " \t\n\r\f\v";

	while (*n && memchr(space, **s, sizeof(space) - 1))
		++*s, --*n;
	while (*n && memchr(space, (*s)[*n - 1], sizeof(space) - 1))
		--*n;
}

static unsigned digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

/* Takes a prefix off; the base, or 10. */
static unsigned base_of(const char **s, size_t *n)
{
	unsigned base = 10;

	if (*n > 1 && **s == '0') {
		char c = (*s)[1] | 0x20;

		base = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 10;
	}
	if (base != 10) {
		*s += 2;
		*n -= 2;
		if (*n && **s == '_')
			++*s, --*n;
	}
	return base;
}

static const char *read_digits(const char *s, size_t n, unsigned base,
			       uint64_t *v)
{
	bool zero = n > 1 && *s == '0' && base == 10;

	if (!n)
		return no_integer;
	for (*v = 0; n; s++, n--) {
		if (*s == '_' && n > 1)
			s++, n--;
		if (digit(*s) >= base)
			return no_integer;
		if (__builtin_mul_overflow(*v, base, v) ||
		    __builtin_add_overflow(*v, digit(*s), v))
			return too_large;
	}
	return zero && *v ? "a leading zero: octal is written 0o" : NULL;
}

const char *integer_read(const char *s, size_t n, struct integer *i)
{
	unsigned base;

	trim(&s, &n);
	i->negative = n && *s == '-';
	if (n && (*s == '-' || *s == '+'))
		s++, n--;
	if (n && *s == '_')
		return no_integer;
	base = base_of(&s, &n);
	return read_digits(s, n, base, &i->size);
}

/* The exponent after e; cut to a size that overflows all the same. */
static int read_exponent(const char *s, size_t n)
{
	bool negative = n && *s == '-';
	int e = 0;

	for (size_t i = 0; i < n; i++)
		if (s[i] >= '0' && s[i] <= '9' && e < 100000)
			e = 10 * e + s[i] - '0';
	return negative ? -e : e;
}

/* Digits of a number without dot and without zeros at either end; *exponent
 * says where the dot was. Returns how many. */
static size_t significant(const char *s, size_t n, char digits[512],
			  int *exponent)
{
	size_t used = 0;
	bool dot = false;

	for (*exponent = 0; n && (*s | 0x20) != 'e'; s++, n--) {
		if (*s == '.') {
			dot = true;
		} else if (*s >= '0') {
			if ((used || *s != '0') && used < 512)
				digits[used++] = *s;
			*exponent -= dot;
		}
	}
	if (n)
		*exponent += read_exponent(s + 1, n - 1);
	for (; used && digits[used - 1] == '0'; used--)
		++*exponent;
	return used;
}

const char *integer_read_float(const char *s, size_t n, struct integer *i)
{
	char digits[512];
	int exponent;
	size_t used = significant(s, n, digits, &exponent);

	i->size = 0;
	i->negative = *s == '-';
	if (!used)
		return NULL;
	if (exponent < 0)
		return "not an integer: it has a fraction";
	if (exponent > 20 || used + (size_t)exponent > 20)
		return too_large;
	for (size_t k = 0; k < used + (size_t)exponent; k++)
		if (__builtin_mul_overflow(i->size, 10, &i->size) ||
		    __builtin_add_overflow(i->size,
			k < used ? (uint64_t)(digits[k] - '0') : 0, &i->size))
			return too_large;
	/* a double above 2^53 comes out with 16 or 17 digits */
	if (used > 15 && i->size > (UINT64_C(1) << 53))
		return "a large number in floating notation: it was rounded";
	return NULL;
}

const char *integer_fit(uint8_t kind, const struct integer *i, uint64_t *value)
{
	const struct kind_facts *k = &kind_table[kind];

	*value = i->negative ? -i->size : i->size;
	if (i->size <= (i->negative ? k->below : k->max))
		return NULL;
	return i->negative && !k->below ? "negative, but the field is "
		"unsigned" :
		k->bits <= 32 ? "does not fit 32 bits" : too_large;
}

static const struct symbol *find_symbol(const struct symbols *list,
					const char *s, size_t n)
{
	for (size_t i = 0; i < (size_t)list->n + list->n_read; i++)
		if (!strncmp(list->list[i].name, s, n) && !list->list[i].name[n])
			return &list->list[i];
	return NULL;
}

static const char *read_literal(const struct field *f, const char *s, size_t n,
				uint64_t *value)
{
	struct integer i;
	const char *wrong = integer_read(s, n, &i);

	return wrong ? wrong : integer_fit(f->kind, &i, value);
}

static const char *read_named(const struct field *f, const char *s, size_t n,
			      uint64_t *value)
{
	const struct symbol *sym = find_symbol(f->symbols, s, n);
	const char *wrong;

	if (sym) {
		*value = sym->value;
		return NULL;
	}
	wrong = read_literal(f, s, n, value);
	return wrong == no_integer ? "neither a name of this field nor a number" :
		wrong;
}

/* One flag; its bits must be new. */
static const char *read_flag(const struct field *f, const char *s, size_t n,
			     uint64_t *value)
{
	const char *wrong;
	uint64_t bits;

	trim(&s, &n);
	if (!n)
		return "an empty flag";
	wrong = read_named(f, s, n, &bits);
	if (wrong)
		return wrong;
	if (*value & bits)
		return "a flag appears twice";
	*value |= bits;
	return NULL;
}

static const char *read_flags(const struct field *f, const char *s, size_t n,
			      uint64_t *value)
{
	const char *end = s + n, *wrong = NULL;

	*value = 0;
	while (n && !wrong) {
		const char *bar = memchr(s, '|', (size_t)(end - s));

		wrong = read_flag(f, s, (size_t)((bar ? bar : end) - s), value);
		if (!bar)
			break;
		s = bar + 1;
	}
	return wrong;
}

static const char *read_part(const char *s, size_t n, uint64_t max,
			     uint64_t *value)
{
	struct integer i;

	trim(&s, &n);
	if (n > 1 && (s[1] | 0x20) > '9')
		return "expected a device as MAJOR:MINOR, in decimal";
	if (integer_read(s, n, &i) || i.negative)
		return "expected a device as MAJOR:MINOR, in decimal";
	*value = i.size;
	return i.size > max ? "a device number that is too large" : NULL;
}

static const char *read_device(const struct field *f, const char *s, size_t n,
			       uint64_t *value)
{
	const char *colon = memchr(s, ':', n), *wrong;
	uint64_t major, minor;

	if (!colon)
		return read_literal(f, s, n, value);
	wrong = read_part(s, (size_t)(colon - s), 0xfff, &major);
	if (!wrong)
		wrong = read_part(colon + 1, (size_t)(s + n - colon) - 1,
				  0xfffff, &minor);
	if (wrong)
		return wrong;
	*value = f->show == SHOW_DEV ? major << 20 | minor :
		device_pack(major, minor);
	return NULL;
}

const char *pretty_read(const struct field *f, const char *s, size_t n,
			  uint64_t *value)
{
	if (f->kind == KIND_ENUM || (f->show == SHOW_DICT && f->symbols))
		return read_named(f, s, n, value);
	if (f->show == SHOW_FLAGS)
		return read_flags(f, s, n, value);
	if (f->show == SHOW_DEV || f->show == SHOW_ODEV)
		return read_device(f, s, n, value);
	return read_literal(f, s, n, value);
}

const char *address_read(const char *s, size_t n, uint32_t words[4],
			 size_t *n_words)
{
	char text[64];
	uint8_t b[16];

	if (n >= sizeof(text))
		return "not an IP address";
	memcpy(text, s, n);
	text[n] = 0;
	if (strlen(text) == n && inet_pton(AF_INET, text, b) == 1)
		*n_words = 1;
	else if (strlen(text) == n && inet_pton(AF_INET6, text, b) == 1)
		*n_words = 4;
	else
		return memchr(s, '%', n) ? "an IP address with a zone" :
			"not an IP address";
	for (size_t i = 0; i < *n_words; i++)
		words[i] = wire_get32(b + 4 * i);
	return NULL;
}

// SPDX-License-Identifier: MIT
#include "schema/pretty.h"
#include "codec/digits.h"
#include "codec/wire.h"
#include "codec/device.h"

static char *put_text(char *out, const char *s)
{
	size_t n = strlen(s);

	memcpy(out, s, n);
	return out + n;
}

const char *pretty_name(const struct symbols *s, uint64_t value)
{
	/* enums and dictionaries mostly count from 0 or 1 */
	if (value < s->n && s->list[value].value == value)
		return s->list[value].name;
	if (value - 1 < s->n && s->list[value - 1].value == value)
		return s->list[value - 1].name;
	for (size_t i = 0; i < s->n; i++)
		if (s->list[i].value == value)
			return s->list[i].name;
	return NULL;
}

char *pretty_number(char *out, uint8_t kind, uint64_t value)
{
	if (kind == KIND_BOOL)
		return put_text(out, value ? "true" : "false");
	return kind_is_signed(kind) ? digits_i64(out, (int64_t)value) :
		digits_u64(out, value);
}

static char *put_hex(char *out, uint8_t kind, uint64_t value)
{
	*out++ = '"';
	if (kind_is_signed(kind) && (int64_t)value < 0) {
		*out++ = '-';
		value = -value;
	}
	out = digits_hex(out, value);
	*out++ = '"';
	return out;
}

static char *put_flags(char *out, const struct symbols *s, uint64_t value)
{
	const char *sep = "";

	*out++ = '"';
	for (size_t i = 0; i < s->n && value; i++) {
		uint64_t bit = s->list[i].value;

		if (!bit || (value & bit) != bit)
			continue;
		out = put_text(put_text(out, sep), s->list[i].name);
		sep = " | ";
		value &= ~bit;
	}
	if (value)
		out = digits_hex(put_text(out, sep), value);
	*out++ = '"';
	return out;
}

static char *put_device(char *out, uint64_t v, bool odev)
{
	*out++ = '"';
	out = digits_u64(out, odev ? device_major(v) : v >> 20);
	*out++ = ':';
	out = digits_u64(out, odev ? device_minor(v) : v & 0xfffff);
	*out++ = '"';
	return out;
}

static char *put_dictionary(char *out, const struct field *f, uint64_t value)
{
	const char *name = pretty_name(f->symbols, value);

	if (!name)
		return pretty_number(out, f->kind, value);
	*out++ = '"';
	out = put_text(out, name);
	*out++ = '"';
	return out;
}

char *pretty_put(char *out, const struct field *f, uint64_t value, bool hex)
{
	if (f->kind == KIND_BOOL)
		return pretty_number(out, f->kind, value);
	if (f->kind == KIND_ENUM)
		return put_dictionary(out, f, value);
	if (hex)
		return put_hex(out, f->kind, value);
	switch (f->show) {
	case SHOW_HEX:
		return put_hex(out, f->kind, value);
	case SHOW_DEV:
	case SHOW_ODEV:
		/* 32 bits: what does not fit would not come back */
		if (value > UINT32_MAX)
			return pretty_number(out, f->kind, value);
		return put_device(out, value, f->show == SHOW_ODEV);
	case SHOW_FLAGS:
		return put_flags(out, f->symbols, value);
	case SHOW_DICT:
		return put_dictionary(out, f, value);
	default:
		return pretty_number(out, f->kind, value);
	}
}

/* The longest run of two or more zero groups, the first of equals. */
static size_t zero_run(const uint16_t *group, size_t *len)
{
	size_t best = 8;

	*len = 1;
	for (size_t i = 0; i < 8; i++) {
		size_t n = 0;

		while (i + n < 8 && !group[i + n])
			n++;
		if (n > *len) {
			*len = n;
			best = i;
		}
		if (n)
			i += n - 1;
	}
	return best;
}

static char *put_ipv6(char *out, const uint16_t *group)
{
	size_t len, zeros = zero_run(group, &len);

	for (size_t i = 0; i < 8; i++) {
		char text[DIGITS_MAX], *end;

		if (i == zeros) {
			out = put_text(out, "::");
			i += len - 1;
			continue;
		}
		end = digits_hex(text, group[i]);
		memcpy(out, text + 2, (size_t)(end - text - 2));
		out += end - text - 2;
		if (i < 7 && i + 1 != zeros)
			*out++ = ':';
	}
	return out;
}

char *pretty_address(char *out, const uint32_t *words, size_t n)
{
	uint8_t b[16] = { 0 };
	uint16_t group[8];

	for (size_t i = 0; i < n && i < 4; i++)
		wire_put32(b + 4 * i, words[i]);
	*out++ = '"';
	if (n == 1) {
		for (size_t i = 0; i < 4; i++) {
			if (i)
				*out++ = '.';
			out = digits_u64(out, b[i]);
		}
	} else {
		for (size_t i = 0; i < 8; i++)
			group[i] = (uint16_t)(b[2 * i] << 8 | b[2 * i + 1]);
		out = put_ipv6(out, group);
	}
	*out++ = '"';
	return out;
}

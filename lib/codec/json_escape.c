// SPDX-License-Identifier: MIT
#include "codec/json_escape.h"
#include "codec/base64.h"
#include "codec/utf8.h"

#include <string.h>

int json_hex4(const uint8_t *p)
{
	int v = 0;

	for (int i = 0; i < 4; i++) {
		uint8_t c = p[i] | 0x20;

		if (p[i] >= '0' && p[i] <= '9')
			v = v << 4 | (p[i] - '0');
		else if (c >= 'a' && c <= 'f')
			v = v << 4 | (c - 'a' + 10);
		else
			return -1;
	}
	return v;
}

int json_unescape(uint8_t c)
{
	static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	const char *name = c ? strchr(names, c) : NULL;

	return name ? values[name - names] : -1;
}

static char *escape_unit(char *out, uint32_t u)
{
	static const char digits[] = "0123456789abcdef";

	*out++ = '\\';
	*out++ = 'u';
	*out++ = digits[u >> 12 & 15];
	*out++ = digits[u >> 8 & 15];
	*out++ = digits[u >> 4 & 15];
	*out++ = digits[u & 15];
	return out;
}

static char *escape(char *out, uint32_t c)
{
	static const char names[] = "\"\\\n\r\t\b\f";
	const char *name = c && c < 0x80 ? strchr(names, (int)c) : NULL;

	if (name) {
		*out++ = '\\';
		*out++ = "\"\\nrtbf"[name - names];
		return out;
	}
	if (c < 0x10000)
		return escape_unit(out, c);
	c -= 0x10000;
	return escape_unit(escape_unit(out, 0xd800 + (c >> 10)),
			   0xdc00 + (c & 0x3ff));
}

static int literal(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* Has a byte that must be escaped, of 8. */
static uint64_t odd_byte(uint64_t w)
{
	uint64_t quote = w ^ ONES * '"', slash = w ^ ONES * '\\';

	/* below 0x20, zero after xor, 0x7f and above */
	return ((w - ONES * 0x20) | (quote - ONES) | (slash - ONES) |
		(w + ONES) | w) & HIGHS;
}

char *json_escape_text(char *out, const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (i < n) {
		uint64_t w;
		size_t size;

		while (n - i >= 8 && (memcpy(&w, p + i, 8), !odd_byte(w))) {
			memcpy(out, p + i, 8);
			out += 8;
			i += 8;
		}
		while (i < n && literal(p[i]))
			*out++ = (char)p[i++];
		if (i == n)
			break;
		out = escape(out, utf8_char(p + i, &size));
		i += size;
	}
	return out;
}

char *json_escape_name(char *out, const char *name)
{
	const uint8_t *p = (const uint8_t *)name;
	size_t n = strnlen(name, 255);

	if (utf8_valid(p, n)) {
		*out++ = '"';
		out = json_escape_text(out, p, n);
	} else {
		memcpy(out, "{\"base64\":\"", 11);
		out = base64_put(out + 11, p, n);
	}
	*out++ = '"';
	if (!utf8_valid(p, n))
		*out++ = '}';
	return out;
}

char *json_escape_message(char *out, const char *text)
{
	const uint8_t *p = (const uint8_t *)text;
	size_t n = strlen(text);

	*out++ = '"';
	while (n) {
		size_t k = utf8_span(p, n, NULL);

		out = json_escape_text(out, p, k);
		if (k < n) {
			*out++ = '?';
			k++;
		}
		p += k;
		n -= k;
	}
	*out++ = '"';
	return out;
}

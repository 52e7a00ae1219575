// SPDX-License-Identifier: MIT
/*
 * What an image says of a file, as one JSON object: the text that
 * crit-decode --pretty would print. A comma follows each element, and gives
 * way to the bracket that closes.
 */
#include "codec/base64.h"
#include "codec/digits.h"
#include "codec/json_escape.h"
#include "checkpoint/model.h"
#include "schema/pretty.h"
#include "codec/utf8.h"

static void add(struct model *m, const char *s, size_t n)
{
	model_add(m, &m->facts, s, n);
}

static void key(struct model *m, const struct field *f)
{
	add(m, "\"", 1);
	add(m, f->name, f->name_len);
	add(m, "\":", 2);
}

/* Elements of a list have none. */
static void element(struct model *m, const struct field *f)
{
	if (f->label != LABEL_REPEATED)
		key(m, f);
}

static void close_with(struct model *m, const char *bracket)
{
	char *p = m->facts.p;

	if (m->facts.n && p[m->facts.n - 1] == ',')
		m->facts.n--;
	add(m, bracket, strlen(bracket));
}

void facts_open(struct model *m)
{
	m->facts.n = m->raw.n = m->n_address = 0;
	add(m, "{", 1);
}

void facts_begin(struct model *m, const struct field *f)
{
	element(m, f);
	add(m, "{", 1);
}

void facts_end(struct model *m)
{
	close_with(m, "},");
}

void facts_list(struct model *m, const struct field *f)
{
	key(m, f);
	add(m, "[", 1);
	m->n_address = 0;
}

static void put_words(struct model *m)
{
	char text[DIGITS_MAX], *end;

	for (uint32_t i = 0; i < m->n_address; i++) {
		end = digits_u64(text, m->address[i]);
		*end++ = ',';
		add(m, text, (size_t)(end - text));
	}
}

/* Of one word or four; others are numbers. */
static void put_address(struct model *m)
{
	char text[64];

	if (m->n_address != 1 && m->n_address != 4) {
		put_words(m);
		return;
	}
	add(m, text, (size_t)(pretty_address(text, m->address,
					       m->n_address) - text));
	add(m, ",", 1);
}

void facts_list_end(struct model *m)
{
	if (m->n_address <= 4)
		put_address(m);
	m->n_address = 0;
	close_with(m, "],");
}

/* Whether v is a word of what may be an address, and kept for its end. */
static bool address_word(struct model *m, const struct field *f, uint64_t v)
{
	if (f->show != SHOW_ADDRESS || m->n_address > 4)
		return false;
	if (m->n_address == 4) {
		put_words(m);
		m->n_address++;
		return false;
	}
	m->address[m->n_address++] = (uint32_t)v;
	return true;
}

void facts_number(struct model *m, const struct field *f, uint64_t v)
{
	char text[SYMBOLIC_MAX + 4], *end;
	bool quote;

	if (address_word(m, f, v))
		return;
	element(m, f);
	end = pretty_put(text + 1, f, v, false);
	/* what a double cannot hold */
	quote = text[1] != '"' && (text[1] == '-' ? -v : v) >> 53;
	text[0] = *end = '"';
	add(m, text + !quote, (size_t)(end - text) - !quote + quote);
	add(m, ",", 1);
}

static void put_base64(struct model *m, const uint8_t *p, size_t n)
{
	uint8_t piece[768];
	char text[sizeof(piece) * 2], *end;

	add(m, "\"", 1);
	for (size_t k; n; p += k, n -= k) {
		k = n < sizeof(piece) ? n : sizeof(piece);
		end = base64_put(text, p, k);
		add(m, text, (size_t)(end - text));
	}
	add(m, "\"", 1);
}

static void put_text(struct model *m, const uint8_t *p, size_t n)
{
	char text[JSON_GROWTH * 256 + 8], *end;

	add(m, "\"", 1);
	for (size_t k; n; p += k, n -= k) {
		k = n < 256 ? n : utf8_span(p, 256, NULL);
		end = json_escape_text(text, p, k);
		add(m, text, (size_t)(end - text));
	}
	add(m, "\"", 1);
}

static void put_value(struct model *m, const struct field *f)
{
	size_t n = m->raw.n;
	const uint8_t *p = n ? m->raw.p : (const void *)"";

	if (f->kind == KIND_BYTES && f->show != SHOW_NAME) {
		put_base64(m, p, n);
	} else if (utf8_valid(p, n)) {
		put_text(m, p, n);
	} else {
		add(m, "{\"base64\":", 10);
		put_base64(m, p, n);
		add(m, "}", 1);
	}
}

void facts_bytes(struct model *m, const struct field *f, const void *p,
		 size_t n, bool last)
{
	model_add(m, &m->raw, p, n);
	if (!last)
		return;
	element(m, f);
	put_value(m, f);
	add(m, ",", 1);
	m->raw.n = 0;
}

struct model_span facts_take(struct model *m)
{
	struct model_span s = { (uint32_t)m->text.n, 0 };

	if (!m->facts.n)
		return s;
	close_with(m, "}");
	if (!model_add(m, &m->text, m->facts.p, m->facts.n))
		return s;
	s.len = (uint32_t)m->facts.n;
	m->facts.n = 0;
	return s;
}

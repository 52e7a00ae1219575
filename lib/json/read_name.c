// SPDX-License-Identifier: MIT
/*
 * Names: of images, which may be no UTF-8, and of unix sockets, which CRIT
 * writes as quoted-printable and go-criu as base64.
 *
 * Which of the two it is, the 64-bit integers of the same message tell: those
 * of go-criu are strings ("0"), CRIT's are numbers, and crit-tools make
 * strings of those that a double cannot hold only. They may come after the
 * name: then it is put aside up to the end of the message. Records that have
 * a key "image" are never go-criu's.
 */
#include "json/read_value.h"
#include "codec/base64_read.h"
#include "codec/quopri_read.h"

enum { NAME_TEXT = 1024 };	/* longest text that may be either */

bool json_image_name(struct json_source *s, size_t *n)
{
	char key[16], text[(JSON_IMAGE_MAX + 2) / 3 * 4 + 1];
	uint8_t bytes[sizeof(text) + BASE64_SLOP], *end = bytes;
	struct base64 b = { 0 };
	size_t k;

	if (json_peek(s->j) != '{')
		return json_text(s->j, s->image, sizeof(s->image), n);
	in_take(s->j->in, 1);
	if (!json_text(s->j, key, sizeof(key), &k))
		return false;
	if (strcmp(key, "base64"))
		return json_error(s->j, "unexpected key \"%s\": only "
			"\"base64\" is allowed here",
				  key);
	if (!json_take(s->j, ':') || !json_text(s->j, text, sizeof(text), &k))
		return false;
	if (base64_read(&b, (const uint8_t *)text, k, &end) != k || base64_end(&b))
		return json_error(s->j, "not base64");
	*n = (size_t)(end - bytes);
	memcpy(s->image, bytes, *n);
	s->image[*n] = 0;
	return json_take(s->j, '}');
}

static bool read_quoted_printable(struct json_source *s, const struct field *f)
{
	struct quopri_read q = { 0 };
	bool last = false;

	in_take(s->j->in, 1);
	while (!last) {
		uint8_t *out = s->chunk;
		const uint8_t *p;
		const char *wrong;
		size_t n;

		if (!json_piece(s->j, &p, &n, &last))
			return false;
		while (n) {
			size_t k = n < JSON_CHUNK ? n : JSON_CHUNK;

			wrong = quopri_read(&q, p, k, &out);
			if (wrong)
				return json_error(s->j, "%s", wrong);
			p += k;
			n -= k;
			if (!n)
				break;
			event_bytes(s->sink, f, s->chunk,
					    (size_t)(out - s->chunk), false);
			out = s->chunk;
		}
		wrong = last ? quopri_read_end(&q) : NULL;
		if (wrong)
			return json_error(s->j, "%s", wrong);
		event_bytes(s->sink, f, s->chunk,
				    (size_t)(out - s->chunk), last);
	}
	return true;
}

static bool is_base64(const uint8_t *p, size_t n)
{
	uint8_t bytes[NAME_TEXT + BASE64_SLOP], *end = bytes;
	struct base64 b = { 0 };

	return base64_read(&b, p, n, &end) == n && !base64_end(&b);
}

static bool is_quoted_printable(const uint8_t *p, size_t n)
{
	uint8_t bytes[NAME_TEXT], *end = bytes;
	struct quopri_read q = { 0 };

	return !quopri_read(&q, p, n, &end) && !quopri_read_end(&q);
}

/* By the text alone: what it can be. The text is JSON in s->name_text. */
static bool read_either(struct json_source *s, const struct field *f)
{
	uint8_t text[NAME_TEXT];
	size_t n = spool_read(&s->name_text, 0, text, sizeof(text));
	bool escaped = n < 2 || memchr(text, '\\', n);

	/* base64 of go-criu has no escapes */
	if (escaped || n == sizeof(text) || !is_base64(text + 1, n - 2) || n == 2)
		return read_quoted_printable(s, f);
	if (!is_quoted_printable(text + 1, n - 2))
		return json_base64(s, f);
	return json_error(s->j, "CRIT's quoted-printable or go-criu's base64? "
			  "The 64-bit integers beside it do not tell; write "
			  "{\"base64\":\"...\"}");
}

/* The name that was put aside, or another name, once its message is known. */
static bool read_name(struct json_source *s, const struct field *f)
{
	switch (s->go_says) {
	case JSON_GO_STRINGS:
		return json_base64(s, f);
	case JSON_GO_NUMBERS:
		return read_quoted_printable(s, f);
	default:
		return read_either(s, f);
	}
}

bool json_name(struct json_source *s, const struct field *f)
{
	if (s->named || !s->go_watch)
		return read_quoted_printable(s, f);
	if (s->go_says == JSON_GO_STRINGS || s->go_says == JSON_GO_NUMBERS)
		return read_name(s, f);
	json_peek(s->j);
	json_place(s->j, &s->name_line, &s->name_column);
	spool_reset(&s->name_text);
	s->name_field = f;
	return json_copy(s->j, &s->name_text);
}

static bool is_64(const struct field *f)
{
	return f->kind == KIND_UINT64 || f->kind == KIND_INT64 ||
	       f->kind == KIND_SINT64 || f->kind == KIND_FIXED64 ||
	       f->kind == KIND_SFIXED64;
}

void json_name_begin(struct json_source *s)
{
	s->go_watch = true;
	s->go_says = 0;
	s->name_field = NULL;
}

bool json_name_end(struct json_source *s)
{
	struct json_replay r;
	bool ok;

	s->go_watch = false;
	if (!s->name_field)
		return true;
	if (!json_replay(s, &s->name_text, s->name_line, s->name_column, &r))
		return false;
	ok = read_name(s, s->name_field) || json_path(s, s->name_field, -1);
	return json_replay_end(s, &r) && ok;
}

void json_note_number(struct json_source *s, const struct field *f,
		      bool string, uint64_t value)
{
	if (!is_64(f))
		return;
	if (!string)
		s->go_says |= JSON_GO_NUMBERS;
	else if (value < UINT64_C(1) << 53)
		s->go_says |= JSON_GO_STRINGS;
}

void json_note_message(struct json_source *s, const struct message *m)
{
	for (size_t i = 0; i < m->n_fields; i++)
		if (m->fields[i].required && is_64(&m->fields[i]))
			s->go_says |= JSON_GO_NUMBERS;
}

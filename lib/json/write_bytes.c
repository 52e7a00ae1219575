// SPDX-License-Identifier: MIT
/*
 * Bytes go out as base64 while they come. Text is kept until it is whole:
 * whether it is UTF-8, and where its lines end, decides how it begins.
 */
#include "json/write_parts.h"
#include "codec/base64.h"
#include "codec/json_escape.h"
#include "codec/quopri.h"
#include "codec/utf8.h"

enum { LINE = 57 };	/* bytes in a line of CRIT's base64 */

/* base64, in CRIT's lines where the format is CRIT's */

static void put_group(struct json_sink *j, const uint8_t *p, size_t n)
{
	bool lines = j->format != JSON_RECORDS;
	char *o = base64_put(json_room(j), p, n);

	j->column += (unsigned)n;
	if (lines && j->column == LINE) {
		o = json_put(o, "\\n");
		j->column = 0;
	}
	json_done(j, o);
}

/* As many bytes as go into one call of put_group. */
static size_t group_size(const struct json_sink *j, size_t n)
{
	size_t most = j->format == JSON_RECORDS ? JSON_PIECE / 3 * 3 :
		LINE - j->column;

	return n > most ? most : n / 3 * 3;
}

/* Whole lines while there is room: no check for each. */
static size_t put_lines(struct json_sink *j, const uint8_t *p, size_t n)
{
	size_t most = (j->out->cap - j->out->pos) / 80, i;
	char *o = (char *)j->out->buf + j->out->pos;

	if (most > n / LINE)
		most = n / LINE;
	/* base64_put may write a little past its end */
	for (i = 0; i + 1 < most; i++, p += LINE) {
		o = base64_put(o, p, LINE);
		*o++ = '\\';
		*o++ = 'n';
	}
	json_done(j, o);
	return i * LINE;
}

static size_t put_block(struct json_sink *j, const uint8_t *p, size_t n)
{
	size_t most = (j->out->cap - j->out->pos) / 4 * 3;

	if (most < 3 * JSON_PIECE)
		return 0;
	most = (most - JSON_PIECE) / 3 * 3;
	if (n > most)
		n = most;
	n -= n % 3;
	json_done(j, base64_put((char *)j->out->buf + j->out->pos, p, n));
	return n;
}

static void base64_bytes(struct json_sink *j, const uint8_t *p, size_t n)
{
	while (j->n_carry && j->n_carry < 3 && n) {
		j->carry[j->n_carry++] = *p++;
		n--;
	}
	if (j->n_carry == 3) {
		put_group(j, j->carry, 3);
		j->n_carry = 0;
	}
	while (n >= 3) {
		size_t k = 0;

		if (j->format == JSON_RECORDS)
			k = put_block(j, p, n);
		else if (!j->column)
			k = put_lines(j, p, n);
		if (!k) {
			k = group_size(j, n);
			put_group(j, p, k);
		}
		p += k;
		n -= k;
	}
	while (n--)
		j->carry[j->n_carry++] = *p++;
}

static void base64_end(struct json_sink *j)
{
	bool lines = j->format != JSON_RECORDS;

	if (j->n_carry)
		put_group(j, j->carry, j->n_carry);
	if (lines && j->column)
		json_done(j, json_put(json_room(j), "\\n"));
	j->n_carry = j->column = 0;
}

static void base64_value(struct json_sink *j, const struct field *f,
			 const void *p, size_t n, bool last)
{
	if (!j->in_text) {
		json_done(j, json_put(json_before(j, f), "\""));
		j->in_text = true;
	}
	base64_bytes(j, p, n);
	if (!last)
		return;
	base64_end(j);
	json_done(j, json_put(json_room(j), "\""));
	j->in_text = false;
}

/* Text that came in pieces, or in one: read in pieces of at most JSON_PIECE */

struct text {
	struct json_sink *j;
	const uint8_t *p;	/* NULL: j->text holds it */
	uint64_t size;
	uint8_t buf[JSON_PIECE];
};

static const uint8_t *piece(struct text *t, uint64_t at, size_t *n)
{
	if (t->p) {
		*n = t->size - at < JSON_PIECE ? (size_t)(t->size - at) :
			JSON_PIECE;
		return t->p + at;
	}
	*n = spool_read(&t->j->text, at, t->buf, JSON_PIECE);
	return t->buf;
}

/* Whole characters of a piece; 0 where it is not UTF-8. */
static size_t characters(const struct text *t, uint64_t at, const uint8_t *p,
			 size_t n)
{
	bool partial;
	size_t k = utf8_span(p, n, &partial);

	return k == n || (partial && at + n < t->size) ? k : 0;
}

static bool is_utf8(struct text *t)
{
	if (t->p)
		return utf8_valid(t->p, t->size);
	for (uint64_t at = 0; at < t->size; ) {
		size_t n, k;
		const uint8_t *p = piece(t, at, &n);

		k = n ? characters(t, at, p, n) : 0;
		if (!k)
			return false;
		at += k;
	}
	return true;
}

static void text_string(struct json_sink *j, struct text *t)
{
	for (uint64_t at = 0; at < t->size && !error_is(j->sink.err); ) {
		size_t n;
		const uint8_t *p = piece(t, at, &n);

		n = characters(t, at, p, n);
		json_done(j, json_escape_text(json_room(j), p, n));
		at += n;
	}
}

/* Whether the first line break of it is CRLF. */
static bool has_crlf(struct text *t)
{
	uint8_t last = 0;

	for (uint64_t at = 0; at < t->size; ) {
		size_t n;
		const uint8_t *p = piece(t, at, &n), *lf;

		if (!n)
			return false;
		lf = memchr(p, '\n', n);
		if (lf)
			return (lf > p ? lf[-1] : last) == '\r';
		last = p[n - 1];
		at += n;
	}
	return false;
}

static void text_name(struct json_sink *j, struct text *t)
{
	enum { PIECE = JSON_PIECE / QUOPRI_GROWTH };
	struct quopri q;

	quopri_begin(&q, has_crlf(t));
	for (uint64_t at = 0; at < t->size && !error_is(j->sink.err); ) {
		char out[JSON_PIECE], *end;
		size_t n, used;
		const uint8_t *p = piece(t, at, &n);

		if (n > PIECE)
			n = PIECE;
		if (!n)
			return;
		end = quopri_put(&q, out, p, n, at + n == t->size, &used);
		json_done(j, json_escape_text(json_room(j), (uint8_t *)out,
					   (size_t)(end - out)));
		at += used;
	}
}

static void text_base64(struct json_sink *j, struct text *t)
{
	for (uint64_t at = 0; at < t->size && !error_is(j->sink.err); ) {
		size_t n;
		const uint8_t *p = piece(t, at, &n);

		base64_bytes(j, p, n);
		at += n;
	}
	base64_end(j);
}

bool json_sink_long(const struct json_sink *j, const struct field *f,
		    uint64_t n)
{
	size_t most = j->text_max;

	return most && n > (f->show == SHOW_NAME ? most / QUOPRI_GROWTH : most);
}

static void text_value(struct json_sink *j, const struct field *f,
		       struct text *t)
{
	char *o = json_before(j, f);

	if (!json_sink_long(j, f, t->size) &&
	    (f->show == SHOW_NAME || is_utf8(t))) {
		json_done(j, json_put(o, "\""));
		(f->show == SHOW_NAME ? text_name : text_string)(j, t);
		json_done(j, json_put(json_room(j), "\""));
		return;
	}
	o = json_separate(j, json_open_scope(j, o, '{', '}', false));
	json_done(j, json_put(json_escape_key(j, o, "base64"), "\""));
	text_base64(j, t);
	json_done(j, json_close_scope(j, json_put(json_room(j), "\"")));
}

void json_sink_bytes(struct sink *sink, const struct field *f, const void *p,
		     size_t n, bool last)
{
	struct json_sink *j = (struct json_sink *)sink;
	struct text t;

	if (f->kind == KIND_BYTES && f->show != SHOW_NAME) {
		base64_value(j, f, p, n, last);
		return;
	}
	t.j = j;
	t.p = p;
	t.size = n;
	if (!last || spool_size(&j->text)) {
		if (!spool_put(&j->text, p, n) || !last)
			return;
		t.p = NULL;
		t.size = spool_size(&j->text);
	}
	text_value(j, f, &t);
	spool_reset(&j->text);
}

void json_sink_unknown(struct sink *sink, const void *p, size_t n, bool last)
{
	struct json_sink *j = (struct json_sink *)sink;
	enum json_format format = j->format;

	if (!j->in_text) {
		json_done(j, json_put(json_before(j, &json_field_unknown), "\""));
		j->in_text = true;
	}
	j->format = JSON_RECORDS;	/* no line breaks */
	base64_bytes(j, p, n);
	if (last) {
		base64_end(j);
		json_done(j, json_put(json_room(j), "\""));
		j->in_text = false;
	}
	j->format = format;
}

// SPDX-License-Identifier: MIT
#include "json_sink.h"
#include "alloc.h"
#include "base64.h"
#include "digits.h"
#include "json_flat.h"
#include "json_put.h"
#include "quopri.h"
#include "symbolic.h"
#include "utf8.h"
#include "walk.h"

#include <stdio.h>

enum { LINE = 57 };	/* bytes in a line of CRIT's base64 */

const struct field json_field_unknown = {
	.name = "_unknown", .name_len = 8, .kind = KIND_BYTES,
	.key = ",\"_unknown\":\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
	.key_spaced = ", \"_unknown\": \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
};

static inline struct json_sink *json(struct sink *sink)
{
	return (struct json_sink *)sink;
}

static char *room(struct json_sink *j)
{
	return (char *)out_room(j->out, JSON_ROOM);
}

static void done(struct json_sink *j, const char *end)
{
	j->out->pos = (size_t)(end - (const char *)j->out->buf);
}

static char *put(char *o, const char *s)
{
	size_t n = strlen(s);

	memcpy(o, s, n);
	return o + n;
}

char *json_indent(char *o, int depth)
{
	*o++ = '\n';
	memset(o, ' ', 4 * (size_t)depth);
	return o + 4 * depth;
}

/* Comma and white space before the next element of the open scope. */
static char *separate(struct json_sink *j, char *o)
{
	bool *first = &j->first[j->depth - 1];

	if (!*first)
		*o++ = ',';
	if (j->format == JSON_INDENTED)
		o = json_indent(o, j->depth);
	else if (!*first && j->format == JSON_LINE)
		*o++ = ' ';
	*first = false;
	return o;
}

static char *put_key(struct json_sink *j, char *o, const char *key)
{
	*o++ = '"';
	o = put(o, key);
	return put(o, j->format == JSON_RECORDS ? "\":" : "\": ");
}

/* Up to where the value of f begins: elements of a list have no key. */
static char *before(struct json_sink *j, const struct field *f)
{
	char *o = separate(j, room(j));

	return j->scope[j->depth - 1] == ']' ? o : put_key(j, o, f->name);
}

static char *open_scope(struct json_sink *j, char *o, char open, char close,
			bool hex)
{
	*o++ = open;
	j->scope[j->depth] = close;
	j->first[j->depth] = true;
	j->hex[j->depth++] = hex;
	return o;
}

static char *close_scope(struct json_sink *j, char *o)
{
	j->depth--;
	if (!j->first[j->depth] && j->format == JSON_INDENTED)
		o = json_indent(o, j->depth);
	*o++ = j->scope[j->depth];
	return o;
}

/* `{"image":...,"magic":...,"head":...`, in the open scope of a document. */
static char *put_head(struct json_sink *j, char *o, const struct image *image)
{
	static const char *const heads[] = { "none", "common", "service" };

	if (j->named && image->name) {
		o = put_key(j, separate(j, o), "image");
		o = json_put_name(o, image->name);
	}
	if (image->type) {
		o = put_key(j, separate(j, o), "magic");
		o = json_put_message(o, image->type->name);
		if (image->head != image->type->head) {
			o = put_key(j, separate(j, o), "head");
			o = json_put_message(o, heads[image->head]);
		}
	}
	return put_key(j, separate(j, o), "entries");
}

static void on_image(struct sink *sink, const struct image *image)
{
	struct json_sink *j = json(sink);
	char *o;

	j->images++;
	j->image_records = 0;
	j->depth = 0;
	j->in_text = false;
	if (j->format == JSON_RECORDS) {
		o = open_scope(j, j->prefix, '{', '}', false);
		o = open_scope(j, put_head(j, o, image), '[', ']', false);
		j->prefix_len = (size_t)(o - j->prefix);
		return;
	}
	o = room(j);
	j->mark = out_offset(j->out);
	o = open_scope(j, o, '{', '}', false);
	done(j, open_scope(j, put_head(j, o, image), '[', ']', false));
}

static char *put_prefix(struct json_sink *j)
{
	char *o = room(j);

	j->mark = out_offset(j->out);
	j->first[1] = true;
	memcpy(o, j->prefix, j->prefix_len);
	return o + j->prefix_len;
}

static void on_image_end(struct sink *sink)
{
	struct json_sink *j = json(sink);
	char *o;

	if (j->format == JSON_RECORDS) {
		if (j->image_records)
			return;
		o = put_prefix(j);
		j->records++;
		done(j, put(o, "]}\n"));
		return;
	}
	o = close_scope(j, close_scope(j, room(j)));
	if (j->named || j->newline)
		*o++ = '\n';
	done(j, o);
}

static void on_entry(struct sink *sink, const struct message *m)
{
	struct json_sink *j = json(sink);
	char *o = j->format == JSON_RECORDS ? put_prefix(j) : room(j);

	(void)m;
	done(j, open_scope(j, separate(j, o), '{', '}', false));
}

static void on_entry_end(struct sink *sink)
{
	struct json_sink *j = json(sink);
	char *o = close_scope(j, room(j));

	j->records++;
	j->image_records++;
	if (j->format == JSON_RECORDS)
		o = put(o, "]}\n");
	done(j, o);
}

static void on_begin(struct sink *sink, const struct field *f)
{
	struct json_sink *j = json(sink);
	bool hex = j->hex[j->depth - 1] || f->show == SHOW_HEX;

	done(j, open_scope(j, before(j, f), '{', '}', hex));
}

static void on_end(struct sink *sink)
{
	struct json_sink *j = json(sink);

	done(j, close_scope(j, room(j)));
}

static void on_list(struct sink *sink, const struct field *f)
{
	struct json_sink *j = json(sink);

	j->n_address = 0;
	j->raw_address = false;
	done(j, open_scope(j, before(j, f), '[', ']', j->hex[j->depth - 1]));
}

char *json_number(char *o, const struct json_sink *j, const struct field *f,
		  uint64_t v, bool hex)
{
	char *start = o, *end;
	bool negative = f->kind == KIND_INT64 || f->kind == KIND_SINT64 ||
		f->kind == KIND_SFIXED64;
	uint64_t size = negative && (int64_t)v < 0 ? -v : v;

	if (j->symbolic || f->kind == KIND_ENUM)
		/* words that are no address are decimal: "0x.." would be read
		 * as one */
		end = symbolic_put(o, f, v, hex && j->symbolic &&
				   f->show != SHOW_ADDRESS);
	else
		end = symbolic_number(o, f->kind, v);
	if (j->format != JSON_RECORDS || size <= JSON_SAFE || *start == '"' ||
	    f->kind == KIND_INT32 || f->kind == KIND_SINT32 ||
	    f->kind == KIND_SFIXED32 || f->kind == KIND_ENUM)
		return end;
	memmove(start + 1, start, (size_t)(end - start));
	*start = '"';
	end[1] = '"';
	return end + 2;
}

static void put_words(struct json_sink *j, const struct field *f)
{
	for (unsigned i = 0; i < j->n_address; i++)
		done(j, json_number(before(j, f), j, f, j->address[i], false));
	j->n_address = 0;
}

static bool is_address(const struct json_sink *j, const struct field *f)
{
	return j->symbolic && f->show == SHOW_ADDRESS &&
	       j->scope[j->depth - 1] == ']';
}

static void on_number(struct sink *sink, const struct field *f, uint64_t v)
{
	struct json_sink *j = json(sink);

	if (is_address(j, f) && !j->raw_address) {
		if (j->n_address < 4) {
			j->address[j->n_address++] = (uint32_t)v;
			return;
		}
		j->raw_address = true;
		put_words(j, f);
	}
	done(j, json_number(before(j, f), j, f, v, j->hex[j->depth - 1]));
}

static void on_list_end(struct sink *sink)
{
	static const struct field word = { .name = "", .kind = KIND_UINT32 };
	struct json_sink *j = json(sink);
	unsigned n = j->n_address;

	if (n == 1 || n == 4) {
		done(j, symbolic_address(before(j, &word), j->address, n));
		j->n_address = 0;
	}
	put_words(j, &word);
	done(j, close_scope(j, room(j)));
}

/* base64, in CRIT's lines where the format is CRIT's */

static void put_group(struct json_sink *j, const uint8_t *p, size_t n)
{
	bool lines = j->format != JSON_RECORDS;
	char *o = base64_put(room(j), p, n);

	j->column += (unsigned)n;
	if (lines && j->column == LINE) {
		o = put(o, "\\n");
		j->column = 0;
	}
	done(j, o);
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
	done(j, o);
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
	done(j, base64_put((char *)j->out->buf + j->out->pos, p, n));
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
		done(j, put(room(j), "\\n"));
	j->n_carry = j->column = 0;
}

static void base64_value(struct json_sink *j, const struct field *f,
			 const void *p, size_t n, bool last)
{
	if (!j->in_text) {
		done(j, put(before(j, f), "\""));
		j->in_text = true;
	}
	base64_bytes(j, p, n);
	if (!last)
		return;
	base64_end(j);
	done(j, put(room(j), "\""));
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
	/* up to the end of what is in memory or in the file; go on there */
	if (*n && *n < JSON_PIECE && at + *n < t->size)
		*n += spool_read(&t->j->text, at + *n, t->buf + *n,
				 JSON_PIECE - *n);
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
		done(j, json_put_text(room(j), p, n));
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
		done(j, json_put_text(room(j), (uint8_t *)out, (size_t)(end - out)));
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

static void text_value(struct json_sink *j, const struct field *f,
		       struct text *t)
{
	char *o = before(j, f);

	if (f->show == SHOW_NAME || is_utf8(t)) {
		done(j, put(o, "\""));
		(f->show == SHOW_NAME ? text_name : text_string)(j, t);
		done(j, put(room(j), "\""));
		return;
	}
	o = separate(j, open_scope(j, o, '{', '}', false));
	done(j, put(put_key(j, o, "base64"), "\""));
	text_base64(j, t);
	done(j, close_scope(j, put(room(j), "\"")));
}

static void on_bytes(struct sink *sink, const struct field *f, const void *p,
		     size_t n, bool last)
{
	struct json_sink *j = json(sink);
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

static void on_unknown(struct sink *sink, const void *p, size_t n, bool last)
{
	struct json_sink *j = json(sink);
	enum json_format format = j->format;

	if (!j->in_text) {
		done(j, put(before(j, &json_field_unknown), "\""));
		j->in_text = true;
	}
	j->format = JSON_RECORDS;	/* no line breaks */
	base64_bytes(j, p, n);
	if (last) {
		base64_end(j);
		done(j, put(room(j), "\""));
		j->in_text = false;
	}
	j->format = format;
}

static void put_error(struct json_sink *j, const struct crit_error *err)
{
	struct crit_error bare = *err;
	char text[1024];

	bare.image[0] = 0;	/* the record says whose it is */
	done(j, json_put_message(put_key(j, separate(j, room(j)), "error"),
			   error_text(&bare, text, 400)));
}

static void error_record(struct json_sink *j, const struct crit_error *err)
{
	char *o = put_prefix(j);

	done(j, put(o, "]"));
	j->depth = 1;
	put_error(j, err);
	done(j, put(room(j), "}\n"));
}

/* The image breaks off. What is unsent is taken back; what is sent is closed,
 * and the error key tells. CRIT's documents have no such key: they stay cut. */
static void on_fail(struct sink *sink, const struct crit_error *err)
{
	struct json_sink *j = json(sink);
	bool unsent = j->mark >= j->out->base && j->depth > 2;
	char *o;

	j->n_address = j->n_carry = 0;
	spool_reset(&j->text);
	if (j->format != JSON_RECORDS) {
		if (j->mark >= j->out->base)
			j->out->pos = (size_t)(j->mark - j->out->base);
		else if (j->named || j->newline)
			done(j, put(room(j), "\n"));
		return;
	}
	if (unsent)
		j->out->pos = (size_t)(j->mark - j->out->base);
	if (unsent || j->depth <= 2) {
		error_record(j, err);
		return;
	}
	o = room(j);
	if (j->in_text)
		*o++ = '"';
	done(j, o);
	while (j->depth > 1)
		done(j, close_scope(j, room(j)));
	put_error(j, err);
	done(j, put(room(j), "}\n"));
}

static const struct sink_ops ops = {
	.image = on_image,
	.image_end = on_image_end,
	.entry = on_entry,
	.entry_end = on_entry_end,
	.begin = on_begin,
	.end = on_end,
	.list = on_list,
	.list_end = on_list_end,
	.number = on_number,
	.bytes = on_bytes,
	.unknown = on_unknown,
#ifndef CRIT_PLAIN
	.flat = json_flat,
	.run = json_run,
#endif
	.fail = on_fail,
};

bool json_sink_open(struct json_sink *j, struct out *out,
		    enum json_format format, struct crit_error *err)
{
	memset(j, 0, sizeof(*j));
	j->sink.ops = &ops;
	j->sink.err = err;
	j->out = out;
	j->format = format;
	spool_init(&j->text, err);
	j->prefix = alloc(JSON_ROOM);
	if (!j->prefix)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	return true;
}

void json_sink_close(struct json_sink *j)
{
	spool_free(&j->text);
	alloc_free(j->prefix);
	j->prefix = NULL;
}

void json_sink_refuse(struct json_sink *j, const char *name,
		      const struct crit_error *err)
{
	struct image none = { .name = name };

	if (j->format != JSON_RECORDS)
		return;
	on_image(&j->sink, &none);
	error_record(j, err);
}

void json_sink_end(struct json_sink *j)
{
	bool spaced = j->format != JSON_RECORDS;
	char *o = room(j);

	o += snprintf(o, JSON_ROOM, spaced ?
		      "{\"end\": {\"images\": %llu, \"records\": %llu}, "
		      "\"entries\": []}\n" :
		      "{\"end\":{\"images\":%llu,\"records\":%llu},"
		      "\"entries\":[]}\n", (unsigned long long)j->images,
		      (unsigned long long)j->records);
	done(j, o);
}

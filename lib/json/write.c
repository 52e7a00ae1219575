// SPDX-License-Identifier: MIT
#include "event/bulk.h"
#include "json/write_parts.h"
#include "base/alloc.h"
#include "codec/digits.h"
#include "codec/json_escape.h"
#include "schema/pretty.h"
#include "event/message.h"

#include <stdio.h>

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

/* `{"image":...,"magic":...,"head":...`, in the open scope of a document. */
static char *put_head(struct json_sink *j, char *o, const struct image *image)
{
	static const char *const heads[] = { "none", "common", "service" };

	if (j->named && image->name) {
		o = json_escape_key(j, json_separate(j, o), "image");
		o = json_escape_name(o, image->name);
	}
	if (image->type) {
		o = json_escape_key(j, json_separate(j, o), "magic");
		o = json_escape_message(o, image->type->name);
		if (image->head != image->type->head) {
			o = json_escape_key(j, json_separate(j, o), "head");
			o = json_escape_message(o, heads[image->head]);
		}
	}
	return json_escape_key(j, json_separate(j, o), "entries");
}

static void on_image(struct sink *sink, const struct image *image)
{
	struct json_sink *j = json(sink);
	char *o;

	j->images++;
	j->image_records = 0;
	j->depth = 0;
	j->in_text = j->in_raw = false;
	if (j->format == JSON_RECORDS) {
		o = json_open_scope(j, j->prefix, '{', '}', false);
		o = json_open_scope(j, put_head(j, o, image), '[', ']', false);
		j->prefix_len = (size_t)(o - j->prefix);
		return;
	}
	o = json_room(j);
	j->mark = out_offset(j->out);
	o = json_open_scope(j, o, '{', '}', false);
	json_done(j, json_open_scope(j, put_head(j, o, image), '[', ']', false));
}

char *json_put_prefix(struct json_sink *j)
{
	char *o = json_room(j);

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
		o = json_put_prefix(j);
		j->records++;
		json_done(j, json_put(o, "]}\n"));
		return;
	}
	json_end_raw(j);
	o = json_room(j);
	while (j->depth)
		o = json_close_scope(j, o);
	if (j->named || j->newline)
		*o++ = '\n';
	json_done(j, o);
}

static void on_entry(struct sink *sink, const struct message *m)
{
	struct json_sink *j = json(sink);
	char *o = j->format == JSON_RECORDS ? json_put_prefix(j) : json_room(j);

	(void)m;
	json_done(j, json_open_scope(j, json_separate(j, o), '{', '}', false));
}

static void on_entry_end(struct sink *sink)
{
	struct json_sink *j = json(sink);
	char *o = json_close_scope(j, json_room(j));

	j->records++;
	j->image_records++;
	if (j->format == JSON_RECORDS)
		o = json_put(o, "]}\n");
	json_done(j, o);
}

static void on_begin(struct sink *sink, const struct field *f)
{
	struct json_sink *j = json(sink);
	bool hex = j->hex[j->depth - 1] || f->show == SHOW_HEX;

	json_done(j, json_open_scope(j, json_before(j, f), '{', '}', hex));
}

static void on_end(struct sink *sink)
{
	struct json_sink *j = json(sink);

	json_done(j, json_close_scope(j, json_room(j)));
}

#ifndef CRIT_PLAIN
/* What list and begin write is in the same buffer as the mark: there is room
 * for them, and for what flat writes before it knows that all is well. */
static void on_mark(struct sink *sink)
{
	struct json_sink *j = json(sink);

	out_room(j->out, 3 * JSON_ROOM);
	j->back.at = out_offset(j->out);
	j->back.depth = j->depth;
	j->back.first = j->first[j->depth - 1];
}

static void on_rewind(struct sink *sink)
{
	struct json_sink *j = json(sink);

	j->out->pos = (size_t)(j->back.at - j->out->base);
	j->depth = j->back.depth;
	j->first[j->depth - 1] = j->back.first;
}
#endif

static void on_list(struct sink *sink, const struct field *f)
{
	struct json_sink *j = json(sink);

	j->address.n = 0;
	j->address.none = !j->symbolic || f->show != SHOW_ADDRESS;
	json_done(j, json_open_scope(j, json_before(j, f), '[', ']',
				     j->hex[j->depth - 1]));
}

static char *put_flags(char *o, struct json_sink *j, const struct field *f,
		       uint64_t v)
{
	uint64_t hash = (v ^ f->number) * UINT64_C(0x9e3779b97f4a7c15);
	struct json_flags *known = &j->flags[hash >> 58];
	size_t n;

	if (known->symbols == f->symbols && known->value == v) {
		memcpy(o, known->text, JSON_FLAGS_TEXT);
		return o + known->n;
	}
	n = (size_t)(pretty_put(o, f, v, false) - o);
	if (n <= JSON_FLAGS_TEXT) {
		*known = (struct json_flags){ f->symbols, v, (uint8_t)n, "" };
		memcpy(known->text, o, n);
	}
	return o + n;
}

char *json_number(char *o, struct json_sink *j, const struct field *f,
		  uint64_t v, bool hex)
{
	char *start = o, *end;
	bool negative = kind_is_signed(f->kind) && (int64_t)v < 0;
	uint64_t size = negative ? -v : v;

	if (j->symbolic && f->show == SHOW_FLAGS && f->kind < KIND_BOOL && !hex)
		return put_flags(o, j, f, v);
	if (j->symbolic || f->kind == KIND_ENUM)
		/* words that are no address are decimal: "0x.." would be read
		 * as one */
		end = pretty_put(o, f, v, hex && j->symbolic &&
				   f->show != SHOW_ADDRESS);
	else
		end = pretty_number(o, f->kind, v);
	if (j->format != JSON_RECORDS || size <= JSON_SAFE || *start == '"')
		return end;
	memmove(start + 1, start, (size_t)(end - start));
	*start = '"';
	end[1] = '"';
	return end + 2;
}

static void put_words(struct json_sink *j, const struct field *f)
{
	for (unsigned i = 0; i < j->address.n; i++)
		json_done(j, json_number(json_before(j, f), j, f,
					 j->address.word[i], false));
	j->address.n = 0;
}

static void on_number(struct sink *sink, const struct field *f, uint64_t v)
{
	struct json_sink *j = json(sink);

	if (f->show == SHOW_ADDRESS && j->scope[j->depth - 1] == ']') {
		if (address_keep(&j->address, v))
			return;
		put_words(j, f);
	}
	json_done(j, json_number(json_before(j, f), j, f, v, j->hex[j->depth - 1]));
}

static void on_list_end(struct sink *sink)
{
	static const struct field word = { .name = "", .kind = KIND_UINT32 };
	struct json_sink *j = json(sink);
	struct address_words *a = &j->address;

	if (address_is(a)) {
		json_done(j, pretty_address(json_before(j, &word), a->word, a->n));
		a->n = 0;
	}
	put_words(j, &word);
	json_done(j, json_close_scope(j, json_room(j)));
}

static void put_error(struct json_sink *j, const struct crit_error *err)
{
	struct crit_error bare = *err;
	char text[1024], *o = json_separate(j, json_room(j));

	bare.image[0] = 0;	/* the record names the image */
	o = json_escape_key(j, o, "error");
	json_done(j, json_escape_message(o, error_text(&bare, text, 400)));
}

static void error_record(struct json_sink *j, const struct crit_error *err)
{
	char *o = json_put_prefix(j);

	json_done(j, json_put(o, "]"));
	j->depth = 1;
	put_error(j, err);
	json_done(j, json_put(json_room(j), "}\n"));
}

/* The image ends with an error. Unsent text is dropped; sent text is closed,
 * with the key error. CRIT's documents have no such key: they stay truncated.
 * */
static void on_fail(struct sink *sink, const struct crit_error *err)
{
	struct json_sink *j = json(sink);
	bool unsent = j->mark >= j->out->base && j->depth > 2;
	char *o;

	j->address.n = j->n_carry = 0;
	spool_reset(&j->text);
	if (j->format != JSON_RECORDS) {
		if (j->mark >= j->out->base)
			j->out->pos = (size_t)(j->mark - j->out->base);
		else if (j->named || j->newline)
			json_done(j, json_put(json_room(j), "\n"));
		return;
	}
	if (unsent)
		j->out->pos = (size_t)(j->mark - j->out->base);
	if (unsent || j->depth <= 2) {
		error_record(j, err);
		return;
	}
	o = json_room(j);
	if (j->in_text)
		*o++ = '"';
	json_done(j, o);
	while (j->depth > 1)
		json_done(j, json_close_scope(j, json_room(j)));
	put_error(j, err);
	json_done(j, json_put(json_room(j), "}\n"));
}

#ifndef CRIT_PLAIN
static const struct bulk_ops bulk = {
	.flat = json_flat,
	.run = json_run,
	.mark = on_mark,
	.rewind = on_rewind,
};
#endif

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
	.bytes = json_sink_bytes,
	.unknown = json_sink_unknown,
#ifndef CRIT_PLAIN
	.bulk = &bulk,
#endif
	.fail = on_fail,
	.raw = json_sink_raw,
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
	spool_init(&j->raws, err);
	j->prefix = alloc(JSON_ROOM);
	if (!j->prefix)
		return error_set(err, CRIT_ENOMEM, "out of memory");
	return true;
}

void json_sink_close(struct json_sink *j)
{
	spool_free(&j->text);
	spool_free(&j->raws);
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

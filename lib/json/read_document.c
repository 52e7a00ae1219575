// SPDX-License-Identifier: MIT
/*
 * The keys of a document, in whatever order: what comes before the keys that
 * say what it is, is put aside.
 */
#include "json/read_parts.h"
#include "base/output_file.h"

#include <stdio.h>

#define KEY(i, s) [i] = { \
	.name = s, .name_len = sizeof(s) - 1, .index = i, .number = i + 1, \
	.key = ",\"" s "\":\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", \
	.key_spaced = ", \"" s "\": \0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" }

static const struct field keys[] = {
	KEY(KEY_IMAGE, "image"), KEY(KEY_MAGIC, "magic"), KEY(KEY_HEAD, "head"),
	KEY(KEY_ENTRIES, "entries"), KEY(KEY_ERROR, "error"),
	KEY(KEY_END, "end"), KEY(KEY_RAW, "raw"),
};
static const uint16_t keys_by_name[] = {
	KEY_END, KEY_ENTRIES, KEY_ERROR, KEY_HEAD, KEY_IMAGE, KEY_MAGIC,
	KEY_RAW,
};
static const struct message document_keys = {
	.name = "document", .fields = keys, .n_fields = 7,
	.by_name = keys_by_name,
};

/* The records of an image mostly begin alike. */
static void remember_prefix(struct json_source *s, const struct document *d)
{
	uint64_t n = in_offset(s->j->in) - d->start;

	s->prefix_len = 0;
	if (s->j != &s->lex || d->base != s->j->in->base ||
	    n > sizeof(s->prefix) || !has(d, KEY_IMAGE))
		return;
	memcpy(s->prefix, s->j->in->buf + s->j->in->pos - n, (size_t)n);
	s->prefix_len = (size_t)n;
}

static bool key_entries(struct json_source *s, struct document *d)
{
	bool named = has(d, KEY_IMAGE) || !(s->need_name || s->records);

	if (has(d, KEY_MAGIC) && named && !has(d, KEY_END) &&
	    !has(d, KEY_ERROR)) {
		d->streamed = true;
		if (!json_open_image(s, d))
			return false;
		remember_prefix(s, d);
		return json_entries(s);
	}
	d->aside = true;
	spool_reset(&s->entries);
	json_peek(s->j);
	json_place(s->j, &d->line, &d->column);
	return json_copy(s->j, &s->entries);
}

static bool key_image(struct json_source *s, struct document *d)
{
	size_t n;

	if (!json_image_name(s, &n))
		return false;
	if (!output_file_name_ok(s->image, n))
		return json_error(s->j, "image \"%s\": not the name of a file in "
				  "a folder", s->image);
	if (d->streamed) {
		strcpy(s->name, s->image);
		s->records = true;
	}
	return true;
}

/* "0x54194822": an image of raw bytes. */
static const struct image_type *unknown_magic(struct json_source *s,
					      const char *name, size_t n)
{
	struct unknown_type *t = &s->unknown[s->type == &s->unknown[0].type];
	struct integer i;

	if (n != 10 || strncmp(name, "0x", 2) || integer_read(name, n, &i))
		return NULL;
	schema_unknown_type(t, (uint32_t)i.size);
	return &t->type;
}

static bool key_magic(struct json_source *s, struct document *d)
{
	char name[64];
	size_t n;

	if (!json_text(s->j, name, sizeof(name), &n))
		return false;
	if (s->open && !strcmp(name, s->type->name))
		d->type = s->type;
	else
		d->type = schema_image_name(s->schema, name, n);
	if (!d->type)
		d->type = unknown_magic(s, name, n);
	return d->type || json_error(s->j, "magic \"%s\" is unknown", name);
}

static bool late_head(struct json_source *s, enum head head)
{
	if (s->later)
		return json_error(s->j, "image %s had another head before", s->name);
	s->head = head;
	if (s->sink->ops->head)
		s->sink->ops->head(s->sink, head);
	return !error_is(s->err);
}

static bool key_head(struct json_source *s, struct document *d)
{
	static const char *const names[] = { "none", "common", "service" };
	char name[16];
	size_t n;

	if (!json_text(s->j, name, sizeof(name), &n))
		return false;
	for (int i = 0; i < 3; i++)
		if (!strcmp(name, names[i])) {
			d->head = (enum head)i;
			return !d->streamed || d->head == s->head ||
			       late_head(s, d->head);
		}
	return json_error(s->j, "head \"%s\" is neither none, common nor service",
			  name);
}

static bool give_raw(struct json_source *s)
{
	if (!image_type_is_raw(s->type))
		return json_error(s->j, "key \"raw\": only images with an "
				  "unknown magic have it");
	if (!s->sink->ops->raw)
		return json_skip(s->j);
	return json_base64(s, &json_raw);
}

/* The bytes of an image with an unknown magic, or some of them. */
static bool key_raw(struct json_source *s, struct document *d)
{
	if (has(d, KEY_MAGIC) && (has(d, KEY_IMAGE) || d->streamed)) {
		d->streamed = true;
		return json_open_image(s, d) && give_raw(s);
	}
	d->raw_aside = true;
	spool_reset(&s->raw);
	json_peek(s->j);
	json_place(s->j, &d->raw_line, &d->raw_column);
	return json_copy(s->j, &s->raw);
}

static bool late_raw(struct json_source *s, struct document *d)
{
	struct json_replay r;
	bool ok;

	if (!json_replay(s, &s->raw, d->raw_line, d->raw_column, &r))
		return false;
	ok = give_raw(s);
	return json_replay_end(s, &r) && ok;
}

static bool read_key(struct json_source *s, struct document *d, int key)
{
	size_t n;

	switch (key) {
	case KEY_IMAGE:
		return key_image(s, d);
	case KEY_MAGIC:
		return key_magic(s, d);
	case KEY_HEAD:
		return key_head(s, d);
	case KEY_ENTRIES:
		return key_entries(s, d);
	case KEY_RAW:
		return key_raw(s, d);
	case KEY_ERROR:
		return json_text(s->j, s->error, sizeof(s->error), &n);
	default:
		return json_end_value(s);
	}
}

/* Of an end record. */
static bool no_entries(struct json_source *s)
{
	if (!json_take(s->j, '['))
		return false;
	if (json_peek(s->j) == '{')
		return json_error(s->j, "the end record has entries: .entries[0] "
				  "= ... adds one to it, .entries[] does not");
	return json_take(s->j, ']');
}

/* What was put aside, now that the document says what it is. */
static bool late_entries(struct json_source *s, struct document *d)
{
	struct json_replay r;
	bool ok;

	if (!json_replay(s, &s->entries, d->line, d->column, &r))
		return false;
	if (has(d, KEY_END))
		ok = no_entries(s);
	else
		ok = json_entries(s);
	return json_replay_end(s, &r) && ok;
}

/* A sink that wants to go on clears the error. */
static bool producer_failed(struct json_source *s, struct document *d)
{
	struct sink *sink = s->sink;

	s->records |= has(d, KEY_IMAGE);
	if (sink->ops->fail && strcmp(s->name, s->image) && !json_close_image(s))
		return false;
	snprintf(s->err->image, sizeof(s->err->image), "%s", s->image);
	s->err->entry = -1;
	error_set(s->err, CRIT_EDATA, "its producer stopped: %s", s->error);
	if (sink->ops->fail) {
		s->open = false;
		sink->ops->fail(sink, s->err);
	}
	return !error_is(s->err);
}

static bool end_document(struct json_source *s, struct document *d)
{
	if (has(d, KEY_ERROR))
		return producer_failed(s, d);
	if (has(d, KEY_END)) {
		if (has(d, KEY_IMAGE) || has(d, KEY_MAGIC) || d->streamed)
			return json_error(s->j, "\"end\" in the document of an "
					  "image");
		s->records = false;
		return json_close_image(s) && (!d->aside || late_entries(s, d));
	}
	if (!has(d, KEY_MAGIC))
		return json_error(s->j, "a document without \"magic\"");
	if (!has(d, image_type_is_raw(d->type) ? KEY_RAW : KEY_ENTRIES))
		return json_error(s->j, "a document without \"%s\"",
				  image_type_is_raw(d->type) ? "raw" : "entries");
	if ((d->aside || d->raw_aside) && !json_open_image(s, d))
		return false;
	return (!d->aside || late_entries(s, d)) &&
	       (!d->raw_aside || late_raw(s, d));
}

/* Takes the beginning of a record like the one before. */
static const struct field *same_record(struct json_source *s,
				       struct document *d)
{
	const uint8_t *p = json_window(s->j);

	if (!s->prefix_len || !s->open || !s->records ||
	    in_avail(s->j->in) <= s->prefix_len ||
	    memcmp(p, s->prefix, s->prefix_len))
		return NULL;
	in_take(s->j->in, s->prefix_len);
	d->type = s->type;
	d->head = s->head;
	d->seen[0] = 1 << KEY_IMAGE | 1 << KEY_MAGIC | 1 << KEY_ENTRIES;
	d->streamed = true;
	return &keys[KEY_ENTRIES];
}

bool json_document(struct json_source *s)
{
	struct document d = { .start = in_offset(s->j->in),
			      .base = s->j->in->base };
	const struct field *f = same_record(s, &d);

	s->later |= f != NULL;
	if (!f)
		s->image[0] = 0;
	if (f ? !json_entries(s) : !json_take(s->j, '{'))
		return false;
	while ((f = json_key(s, &document_keys, f))) {
		if (f == &json_unknown || f == &extra_bytes)
			return json_error(s->j, "key \"%s\" outside of an entry",
					  f->name);
		if (!json_once(s, d.seen, f) || !read_key(s, &d, f->index))
			return false;
	}
	s->documents++;
	return !error_is(s->err) && end_document(s, &d);
}

// SPDX-License-Identifier: MIT
/*
 *   magic ── entry ──┬─ fits ── flat ──────────┬─ extra ── entry ...
 *                    └─ larger ── fields ──────┘
 *                                  └─ nested messages: fits | larger
 */
#include "event/bulk.h"
#include "image/read_parts.h"
#include "base/alloc.h"
#include "image/read_extra.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { EXPLAIN = 512 };	/* bytes that may explain what a file is */

/* Archives and compressed data, by what they begin with. */
static const char *container(const uint8_t *p, size_t n)
{
	static const struct {
		size_t at, n;
		const char *bytes, *name;
	} known[] = {
		{ 0, 2, "\x1f\x8b", "gzip data" },
		{ 0, 4, "\x28\xb5\x2f\xfd", "zstd data" },
		{ 0, 6, "\xfd" "7zXZ", "xz data" },
		{ 0, 3, "BZh", "bzip2 data" },
		{ 0, 4, "\x04\x22\x4d\x18", "lz4 data" },
		{ 257, 5, "ustar", "a tar archive" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (n >= known[i].at + known[i].n &&
		    !memcmp(p + known[i].at, known[i].bytes, known[i].n))
			return known[i].name;
	return NULL;
}

/* What stands where a magic should. */
static void explain_magic(struct image_source *s, const uint8_t *p, size_t n,
			  uint32_t magic)
{
	const struct schema *schema = s->schema;
	size_t text = 0;

	for (size_t i = 0; i < schema->n_others; i++)
		if (schema->others[i].magic == magic && !schema->others[i].image) {
			error_set(s->err, CRIT_EDATA, "magic 0x%08" PRIx32 ": %s",
				  magic, schema->others[i].about);
			return;
		}
	while (text < n && text < 64 && p[text] && p[text] < 0x7f &&
	       (p[text] >= ' ' || strchr("\t\n\r", p[text])))
		text++;
	if (n < 4)
		error_set(s->err, CRIT_EDATA, n ? "%zu bytes: too short for an "
			  "image" : "empty: not an image", n);
	else if (container(p, n))
		error_set(s->err, CRIT_EDATA, "%s, not an image", container(p, n));
	else if (schema_image(schema, __builtin_bswap32(magic)) ||
		 magic == __builtin_bswap32(MAGIC_COMMON))
		error_set(s->err, CRIT_EDATA, "big-endian image: not supported");
	else if (text == n || text == 64)
		error_set(s->err, CRIT_EDATA, "text, not an image");
	else
		error_set(s->err, CRIT_EDATA, "unknown magic 0x%08" PRIx32
			  ": raw pages, encrypted, or from a newer CRIU?", magic);
}

static bool read_magic(struct image_source *s)
{
	const uint8_t *p;
	uint32_t magic;
	size_t n;

	in_fill(&s->in, 8);
	if (error_is(s->err))
		return false;
	p = s->in.buf + s->in.pos;
	n = in_avail(&s->in);
	magic = n < 4 ? 0 : wire_get32(p);
	s->image.head = HEAD_NONE;
	if (n >= 4 && (magic == MAGIC_COMMON || magic == MAGIC_SERVICE)) {
		s->image.head = magic == MAGIC_COMMON ? HEAD_COMMON : HEAD_SERVICE;
		in_take(&s->in, 4);
		if (n < 8)
			return error_set(s->err, CRIT_EDATA,
					 "ends in the middle of its magic");
		p += 4;
		magic = wire_get32(p);
		n -= 4;
	}
	s->image.type = n < 4 ? NULL : schema_image(s->schema, magic);
	if (!s->image.type) {
		if (s->image.head)
			s->err->offset = (int64_t)in_offset(&s->in);
		/* the same, however the bytes come */
		in_peek(&s->in, EXPLAIN);
		n = in_avail(&s->in);
		p = s->in.buf + s->in.pos;
		explain_magic(s, p, n < EXPLAIN ? n : EXPLAIN, magic);
		return false;
	}
	in_take(&s->in, 4);
	return true;
}

static void begin(struct image_source *s, const char *name,
		  const struct schema *schema, struct crit_error *err)
{
	memset(s, 0, sizeof(*s));
	s->schema = schema;
	s->err = err;
	s->image.name = name;
	spool_init(&s->unknown, err);
	if (name)
		snprintf(err->image, sizeof(err->image), "%s", name);
}

bool image_source_open(struct image_source *s, int fd, const char *name,
		       const struct schema *schema, struct crit_error *err)
{
	begin(s, name, schema, err);
	return in_open(&s->in, fd, err) && read_magic(s);
}

bool image_source_open_blob(struct image_source *s, const struct blob *b,
			    const char *name, const struct schema *schema,
			    struct crit_error *err)
{
	begin(s, name, schema, err);
	return in_open_blob(&s->in, b, err) && read_magic(s);
}

bool image_source_open_bytes(struct image_source *s, const void *p, size_t n,
			     const char *name, const struct schema *schema,
			     struct crit_error *err)
{
	begin(s, name, schema, err);
	return in_open_bytes(&s->in, p, n, err) && read_magic(s);
}

void image_source_close(struct image_source *s)
{
	in_close(&s->in);
	spool_free(&s->unknown);
	alloc_free(s->rewritten);
	s->rewritten = NULL;
}

static bool entry_cut(struct image_source *s, uint32_t n)
{
	if (error_is(s->err))
		return false;
	error_set(s->err, CRIT_EDATA, "entry of %" PRIu32
		  " bytes runs past the end of the image", n);
	s->err->offset = (int64_t)s->entry_at;
	s->err->entry = (int64_t)s->entries;
	return false;
}

static bool skip_message(struct image_source *s, uint32_t n)
{
	return in_skip(&s->in, n) || entry_cut(s, n);
}

/* The message of one entry, n bytes after its size. */
static bool entry_message(struct image_source *s, uint32_t n)
{
	const struct message *m = s->entries ? s->image.type->rest :
		s->image.type->first;
	const uint8_t *p = NULL;
	bool ok;

	if (s->skip_messages && !s->image.type->extra)
		return skip_message(s, n);
	if (n <= CRIT_FLAT_MAX)
		p = in_peek(&s->in, n);
	if (n > s->in.size - in_offset(&s->in) ||
	    (n <= CRIT_FLAT_MAX && !p))
		return entry_cut(s, n);
	event_entry(s->sink, m);
	s->entry_begun = true;
	if (!p)
		return image_stream(s, m, n);
	ok = image_flat(s, m, p, n, in_offset(&s->in));
	if (ok && s->image.type->extra)
		image_note_flat(s, m, p, n);
	in_take(&s->in, n);
	return ok;
}

int image_source_next(struct image_source *s, struct sink *sink)
{
	const uint8_t *p = in_peek(&s->in, 4);
	uint32_t n;

	s->sink = sink;
	s->depth = 0;
	s->entry_begun = false;
	if (!p) {
		if (!error_is(s->err) && in_avail(&s->in))
			image_bad(s, "truncated entry size");
		return error_is(s->err) ? -1 : 0;
	}
	n = wire_get32(p);
	s->entry_at = in_offset(&s->in);
	in_take(&s->in, 4);
	memset(&s->says, 0, sizeof(s->says));
	if (!entry_message(s, n))
		return -1;
	s->payload_bytes += n;
	if (s->image.type->extra && !extra_source(s))
		return -1;
	event_entry_end(sink);
	if (error_is(s->err))
		return -1;
	s->entries++;
	return 1;
}

/* Entries that lie in the window, by the sink's own way. */
static void run(struct image_source *s, struct sink *sink)
{
	const struct image_type *t = s->image.type;
	uint64_t n = 0;
	size_t taken;

	if (!sink_bulk(sink)->run || CRIT_FLAT_MAX < IN_PEEK_MAX || t->extra ||
	    s->skip_messages ||
	    (!s->entries && t->first != t->rest) || !in_peek(&s->in, 4))
		return;
	taken = sink_bulk(sink)->run(sink, t->rest, s->in.buf + s->in.pos,
			       in_avail(&s->in), &n);
	in_take(&s->in, taken);
	s->entries += n;
	s->payload_bytes += taken - 4 * n;
}

bool image_source_run(struct image_source *s, struct sink *sink)
{
	int r;

	if (s->image.type == &s->raw.type)
		return image_run_raw(s, sink);
	event_image(sink, &s->image);
	do
		run(s, sink);
	while ((r = image_source_next(s, sink)) > 0);
	if (!r)
		event_image_end(sink);
	else if (sink->ops->fail)
		sink->ops->fail(sink, s->err);
	return !r && !error_is(s->err);
}

// SPDX-License-Identifier: MIT
/*
 * Images with an unknown magic: an empty list of entries, then their bytes as
 * base64 in "raw". And the end record, which names the skipped raw images.
 */
#include "json/write_parts.h"
#include "codec/base64.h"
#include "codec/json_escape.h"

#include <stdio.h>

/* In a part of the buffer at a time; whole groups but for the last. */
static void put_base64(struct json_sink *j, const uint8_t *p, size_t n)
{
	enum { PIECE = JSON_PIECE / 3 * 3 };

	for (size_t k; n; p += k, n -= k) {
		k = n < PIECE ? n : PIECE;
		json_done(j, base64_put(json_room(j), p, k));
	}
}

static void begin_raw(struct json_sink *j)
{
	char *o = json_close_scope(j, json_room(j));

	j->first[j->depth - 1] = false;
	o = json_escape_key(j, json_separate(j, o), "raw");
	json_done(j, json_put(o, "\""));
	j->in_raw = true;
}

void json_end_raw(struct json_sink *j)
{
	if (j->in_raw)
		json_done(j, json_put(json_room(j), "\""));
	j->in_raw = false;
}

void json_sink_raw(struct sink *sink, const void *p, size_t n)
{
	struct json_sink *j = (struct json_sink *)sink;
	bool record = j->format == JSON_RECORDS;

	if (record) {
		json_done(j, json_put(json_put_prefix(j), "],\"raw\":\""));
		j->records++;
		j->image_records++;
	} else if (!j->in_raw) {
		begin_raw(j);
	}
	put_base64(j, p, n);
	if (record)
		json_done(j, json_put(json_room(j), "\"}\n"));
}

void json_sink_passed(struct json_sink *j, const char *name)
{
	char text[JSON_NAME_MAX + 2] = ", ", *o = text;

	if (spool_size(&j->raws))
		o += j->format == JSON_RECORDS ? 1 : 2;
	o = json_escape_name(o, name);
	spool_put(&j->raws, text, (size_t)(o - text));
}

static void put_raws(struct json_sink *j, bool spaced)
{
	char piece[512];
	size_t n;

	if (!spool_size(&j->raws))
		return;
	json_done(j, json_put(json_room(j), spaced ? ", \"raw\": [" :
			      ",\"raw\":["));
	for (uint64_t at = 0; at < spool_size(&j->raws); at += n) {
		n = spool_read(&j->raws, at, piece, sizeof(piece));
		if (!n)
			return;
		out_put(j->out, piece, n);
	}
	json_done(j, json_put(json_room(j), "]"));
}

void json_sink_end(struct json_sink *j)
{
	bool spaced = j->format != JSON_RECORDS;
	char *o = json_room(j);

	o += snprintf(o, JSON_ROOM, spaced ?
		      "{\"end\": {\"images\": %llu, \"records\": %llu" :
		      "{\"end\":{\"images\":%llu,\"records\":%llu",
		      (unsigned long long)j->images,
		      (unsigned long long)j->records);
	json_done(j, o);
	put_raws(j, spaced);
	json_done(j, json_put(json_room(j), spaced ? "}, \"entries\": []}\n" :
			      "},\"entries\":[]}\n"));
}

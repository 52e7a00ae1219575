// SPDX-License-Identifier: MIT
/*
 *   a message, or a run of entries, in memory ─► its fields ─► text
 */
#include "json/fast_write_parts.h"

static char *limit(const struct json_sink *j)
{
	return (char *)j->out->buf + j->out->cap - JSON_ROOM;
}

static void set_unit(struct json_sink *j, const struct message *m,
		     const uint8_t *p, size_t n)
{
	j->unit = m;
	j->unit_at = p;
	j->unit_size = n;
	j->verdict = FLAT_OK;
}

enum flat json_flat(struct sink *sink, const struct message *m,
		    const uint8_t *p, size_t n)
{
	struct json_sink *j = (struct json_sink *)sink;
	struct level l = {
		.m = m, .end = p + n, .hex = j->hex[j->depth - 1],
		.depth = j->depth,
	};
	bool first = j->first[j->depth - 1];
	char *o = (char *)out_room(j->out, JSON_ROOM);
	size_t mark = j->out->pos;

	j->limit = limit(j);
	j->complete = false;
	set_unit(j, m, p, n);
	o = json_flat_fields(j)(j, o, &l, p, &first);
	if (!o) {
		j->out->pos = mark;
		return j->verdict;
	}
	j->first[j->depth - 1] = first;
	j->out->pos = (size_t)(o - (char *)j->out->buf);
	return FLAT_OK;
}

INLINE char *begin_entry(struct json_sink *j, char *o)
{
	if (j->format == JSON_RECORDS) {
		o = put_key(o, j->prefix, j->prefix_len);
	} else {
		o = separate(j, o, j->first[1], 2, GENERAL);
	}
	*o++ = '{';
	return o;
}

INLINE char *end_entry(struct json_sink *j, char *o, bool empty)
{
	if (j->format == JSON_RECORDS) {
		memcpy(o, "}]}\n", 4);
		return o + 4;
	}
	if (j->format == JSON_INDENTED && !empty)
		o = json_indent(o, 2);
	*o++ = '}';
	j->first[1] = false;
	return o;
}

size_t json_run(struct sink *sink, const struct message *m, const uint8_t *p,
		size_t n, uint64_t *count)
{
	struct json_sink *j = (struct json_sink *)sink;
	fields_fn *put = json_flat_fields(j);
	struct level l = { .m = m, .depth = 3 };
	const uint8_t *start = p, *end = p + n;
	char *o = (char *)out_room(j->out, JSON_ROOM), *mark;

	j->limit = limit(j);
	j->complete = true;
	sink->missing = false;
	while (end - p >= 4) {
		size_t size = wire_get32(p);
		bool first = true;

		if (size > (size_t)(end - p) - 4)
			break;
		j->unit = NULL;
		mark = o = json_flat_room(j, o);
		set_unit(j, m, p + 4, size);
		l.end = p + 4 + size;
		o = put(j, begin_entry(j, o), &l, p + 4, &first);
		if (!o || sink->missing) {
			o = mark;
			break;
		}
		o = end_entry(j, o, first);
		p = l.end;
		++*count;
	}
	j->out->pos = (size_t)(o - (char *)j->out->buf);
	j->records += *count;
	j->image_records += *count;
	return (size_t)(p - start);
}

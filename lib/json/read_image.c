// SPDX-License-Identifier: MIT
/*
 *   the entries of documents ─► image, entry, ..., image_end
 *
 * Documents of the same image come one after another, and mostly are a record
 * each.
 */
#include "json/read_parts.h"
#include "json/fast_read.h"

#include <stdio.h>

bool json_close_image(struct json_source *s)
{
	if (s->open && !error_is(s->err))
		event_image_end(s->sink);
	s->open = false;
	return !error_is(s->err);
}

static bool same_image(struct json_source *s, struct document *d)
{
	if (d->type != s->type)
		return json_error(s->j, "image %s had magic %s before", s->name,
				  s->type->name);
	if (has(d, KEY_HEAD) && d->head != s->head)
		return json_error(s->j, "image %s had another head before",
				  s->name);
	return true;
}

/* The image that the document's entries belong to. */
bool json_open_image(struct json_source *s, struct document *d)
{
	struct image im = { .type = d->type };

	s->named = has(d, KEY_IMAGE);
	if (!s->named)
		s->image[0] = 0;
	s->later = s->open;
	if (s->open && has(d, KEY_IMAGE) && !strcmp(s->name, s->image))
		return same_image(s, d);
	/* records of an image that came without a name */
	if (s->open && !s->image[0] && !s->name[0] && d->type == s->type &&
	    (!has(d, KEY_HEAD) || d->head == s->head))
		return true;
	if (s->need_name && !has(d, KEY_IMAGE))
		return json_error(s->j, "a document without \"image\": there is "
				  "no telling which file it is");
	if (!json_close_image(s))
		return false;
	im.name = has(d, KEY_IMAGE) ? s->name : NULL;
	im.head = has(d, KEY_HEAD) ? d->head : (enum head)d->type->head;
	strcpy(s->name, s->image);
	s->type = d->type;
	s->head = im.head;
	s->index = 0;
	s->later = false;
	s->warned_rounded = false;
	s->open = true;
	s->records |= has(d, KEY_IMAGE);
	snprintf(s->err->image, sizeof(s->err->image), "%s", s->name);
	event_image(s->sink, &im);
	return !error_is(s->err);
}

/* An error that the sink found, in what was read last. */
void json_place_error(struct json_source *s)
{
	uint64_t line, column;

	if (s->err->code != CRIT_EDATA || s->err->line >= 0)
		return;
	json_place(s->j, &line, &column);
	s->err->line = (int64_t)line;
	s->err->column = (int64_t)column;
}

static bool read_entry(struct json_source *s)
{
	const struct message *m = s->index ? s->type->rest : s->type->first;

	if (json_fast_entries(s))
		return !error_is(s->err);
	event_entry(s->sink, m);
	if (json_message(s, m, 1, true))
		event_entry_end(s->sink);
	if (error_is(s->err)) {
		json_place_error(s);
		if (s->err->code == CRIT_EDATA && s->err->entry < 0)
			s->err->entry = (int64_t)s->index;
		return false;
	}
	s->index++;
	return true;
}

bool json_entries(struct json_source *s)
{
	if (json_peek(s->j) == 'n')
		return json_word(s->j, "null", "a list of entries");
	if (!json_take(s->j, '['))
		return false;
	if (json_peek(s->j) == ']') {
		in_take(s->j->in, 1);
		return true;
	}
	if (image_type_is_raw(s->type))
		return json_error(s->j, "magic %s is unknown: such an image has no "
				  "entries, but \"raw\"", s->type->name);
	do {
		if (!read_entry(s))
			return false;
	} while (json_next(s->j, ']'));
	return !error_is(s->err);
}

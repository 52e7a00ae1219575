/* SPDX-License-Identifier: MIT
 *
 * Between the parts of the reader: read.c reads documents one after another,
 * read_document.c the keys of one, read_image.c the entries of the image that
 * is open.
 */
#ifndef CRIT_JSON_READ_PARTS_H
#define CRIT_JSON_READ_PARTS_H

#include "json/read_value.h"

/* Keys of a document, as if it were a message. */
enum { KEY_IMAGE, KEY_MAGIC, KEY_HEAD, KEY_ENTRIES, KEY_ERROR, KEY_END,
	KEY_RAW };

struct document {
	uint64_t seen[4];
	const struct image_type *type;
	enum head head;
	uint64_t start, base;		/* where it starts; of the window then */
	uint64_t line, column;		/* of entries that were put aside */
	uint64_t raw_line, raw_column;	/* of raw */
	bool streamed, aside, raw_aside;
};

static inline bool has(const struct document *d, int key)
{
	return d->seen[0] >> key & 1;
}

/* One document. False: an error, or there is no more of it. */
bool json_document(struct json_source *s);

/* The image that the document's entries belong to: the one that is open, or
 * another, which is opened. */
bool json_open_image(struct json_source *s, struct document *d);
bool json_close_image(struct json_source *s);

/* A list of its entries. */
bool json_entries(struct json_source *s);

/* Of an error that the sink found: where it was read. */
void json_place_error(struct json_source *s);

#endif

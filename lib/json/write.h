/* SPDX-License-Identifier: MIT
 *
 * Events -> documents: records (one entry a line) or CRIT's JSON.
 */
#ifndef CRIT_JSON_WRITE_H
#define CRIT_JSON_WRITE_H

#include "base/buffer.h"
#include "event/bulk.h"
#include "schema/pretty.h"

enum json_format {
	JSON_RECORDS,	/* compact, one entry a line, large numbers quoted */
	JSON_LINE,	/* CRIT's document on one line */
	JSON_INDENTED,	/* CRIT's document on many */
};

/* Flags as text, kept by their value: there are few that differ. */
enum { JSON_FLAGS = 64, JSON_FLAGS_TEXT = 48 };

struct json_flags {
	const struct symbols *symbols;
	uint64_t value;
	uint8_t n;
	char text[JSON_FLAGS_TEXT];
};

/* A streamed message may hold a flat one, each with lists in between. */
enum { JSON_DEPTH = 4 * WIRE_DEPTH_MAX + 16 };

struct json_sink {
	struct sink sink;
	struct out *out;
	enum json_format format;
	bool symbolic;		/* --pretty: numbers as names */
	bool named;		/* documents have the key "image" */
	bool newline;		/* after a document of CRIT's (always if named) */
	size_t text_max;	/* longer strings are base64 (a name, a fraction
				   of it); 0: none is too long */
	uint64_t images, records;

	/* what is open: the closing bracket of each scope, whether it still
	 * waits for its first element, whether its numbers are hexadecimal */
	char scope[JSON_DEPTH];
	bool first[JSON_DEPTH], hex[JSON_DEPTH];
	int depth;

	char *prefix;		/* of each record of this image */
	size_t prefix_len;
	uint64_t image_records;
	uint64_t mark;		/* out_offset where to go back on failure */
	struct {
		uint64_t at;	/* out_offset */
		int depth;
		bool first;
	} back;			/* where rewind goes */

	bool in_raw;		/* in the text of a document's "raw" */
	struct spool raws;	/* names of raw images, for the end record */
	bool in_text;		/* inside the quotes of a value */
	struct spool text;	/* a string that comes in pieces */
	uint8_t carry[3];	/* base64: bytes short of a group */
	unsigned n_carry, column;
	struct address_words address;	/* of the list, under --pretty */
	struct json_flags flags[JSON_FLAGS];

	/* the message that is being written in one go, while it can be taken
	 * back */
	const struct message *unit;
	const uint8_t *unit_at;
	size_t unit_size;
	enum flat verdict;
	bool complete;		/* nor may it lack a required field */
	char *limit;		/* where room for a field ends */
};

/* Set named, newline and symbolic afterwards. False: no memory. */
bool json_sink_open(struct json_sink *j, struct out *out,
		    enum json_format format, struct crit_error *err);
void json_sink_close(struct json_sink *j);

/* Whether a string of n bytes is above text_max, counted as text. */
bool json_sink_long(const struct json_sink *j, const struct field *f,
		    uint64_t n);

/* An image that is none: an error record (records only). */
void json_sink_refuse(struct json_sink *j, const char *name,
		      const struct crit_error *err);

/* Notes a raw image that is passed over, for the end record. */
void json_sink_passed(struct json_sink *j, const char *name);

/* The end record of a stream of named documents. */
void json_sink_end(struct json_sink *j);

#endif

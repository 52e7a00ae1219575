/* SPDX-License-Identifier: MIT
 *
 * Documents and records -> events.
 */
#ifndef CRIT_JSON_READ_H
#define CRIT_JSON_READ_H

#include "event/event.h"
#include "schema/extra.h"
#include "json/lex.h"

enum {
	JSON_CHUNK = (32 << 10) / CRIT_SCALE,	/* bytes of base64 that a sink gets at once */
	JSON_GUESSES = 512,		/* a power of two */
	JSON_IMAGE_MAX = 255,		/* bytes of an image's name */
};

/* 64-bit integers are small decimal strings, as go-criu has them; numbers. */
enum { JSON_GO_STRINGS = 1, JSON_GO_NUMBERS = 2 };

/* The key that came after this field (or first in this message) before. */
struct json_guess {
	const void *after;
	const struct field *field;
	const char *key;		/* with comma and colon */
	size_t n;
};

struct json_source {
	/* set by the caller, after json_source_init */
	bool no_end;			/* streams of records need no trailer */
	void (*warn)(void *ctx, const struct crit_error *);	/* or NULL */
	void *ctx;
	bool need_name;			/* images without a name are an error */
	/* may be NULL; called for each raw image that the end record names */
	void (*passed)(void *passed_ctx, const char *name);
	void *passed_ctx;

	const struct schema *schema;
	struct sink *sink;
	struct crit_error *err;

	/* the image that is open */
	bool open;
	char name[JSON_IMAGE_MAX + 1];	/* "": none */
	const struct image_type *type;
	struct unknown_type unknown[2];	/* of this one, and of the next */
	enum head head;
	uint64_t index;			/* of its next entry */
	bool later;			/* a document before had entries of it */
	const struct message *extra_message;	/* ipc_msg */

	/* whose a document without a name is, in a message that has the name
	 * of a unix socket (read_name.c) */
	const struct message *name_message;
	bool named, go_watch;
	unsigned go_says;
	const struct field *name_field;	/* it is put aside; or NULL */
	uint64_t name_line, name_column;

	bool warned_rounded;		/* of this image */

	/* the document */
	char image[JSON_IMAGE_MAX + 1], error[200];

	/* the stream */
	bool records;			/* named ones came, and no trailer yet */
	uint64_t documents;

	/* what was last seen, and will come again */
	struct json_guess guess[JSON_GUESSES];
	char prefix[JSON_TOKEN_MAX];	/* of a record, up to its entries */
	size_t prefix_len;

	struct json lex;
	struct json *j;			/* lex, or one over a spool */
	/* what came too early */
	struct spool entries, extra, text, queue, name_text, raw;
	uint8_t *chunk;			/* JSON_CHUNK + slop */
	unsigned slow;			/* objects since json_quick last failed */
};

/* sink and err stay the caller's. False: no memory. */
bool json_source_init(struct json_source *s, const struct schema *schema,
		      struct sink *sink, struct crit_error *err);
void json_source_free(struct json_source *s);

/* All documents of one input. Several inputs are one stream, one after
 * another; a document lies in one of them. */
bool json_source_read(struct json_source *s, struct in *in);

/* The end of the stream: false where it was cut. Ends the last image. */
bool json_source_end(struct json_source *s);

#endif

/* SPDX-License-Identifier: MIT
 *
 * Records as text, cut anywhere -> YAML, by libyaml's emitter.
 *
 * A record begins as all records of its image do: up to the bracket of its
 * entries. Where that beginning is the same as before, its entries go on in
 * the document that is open.
 *
 *   {"image":"pstree.img","magic":"PSTREE","entries":[{"pid":1,...}]}
 *   '-------------------- head ---------------------'
 */
#ifndef CRIT_YAML_EMIT_H
#define CRIT_YAML_EMIT_H

#include "base/buffer.h"

#include <yaml.h>

enum yaml_state {
	EMIT_HEAD,		/* the beginning of a record */
	EMIT_BETWEEN,		/* between tokens */
	EMIT_STRING,
	EMIT_ESCAPE,		/* in a string, after a backslash */
	EMIT_WORD,		/* a number, true, false */
	EMIT_ENTRIES_END,	/* after the bracket that closes the entries */
};

enum { EMIT_HEAD_MAX = 4096 };	/* an image's name is at most 255 bytes */

struct yaml_emit {
	yaml_emitter_t emitter;
	struct out *out;
	struct crit_error *err;
	bool opened, failed;

	enum yaml_state state;
	int depth;		/* of the record's brackets */
	bool document;		/* one is open, which began with head */
	bool pieces;		/* a string became a sequence */
	char *head, *last_head;	/* EMIT_HEAD_MAX bytes each */
	size_t n_head, n_last_head;
	char *token;		/* YAML_SCALAR_MAX bytes, and some */
	size_t n;
	uint8_t escape[8];	/* u and four digits */
	unsigned n_escape;
	uint32_t half;		/* the first of a surrogate pair */
};

/* out and err stay the caller's. False: no memory. yaml_emit_close in any
 * case, if e was zeroed before. */
bool yaml_emit_open(struct yaml_emit *e, struct out *out,
		    struct crit_error *err);
void yaml_emit_close(struct yaml_emit *e);

/* n more bytes. False: no memory, or out failed. */
bool yaml_emit_text(struct yaml_emit *e, const uint8_t *p, size_t n);

/* Hands the text so far to out; last: ends it. */
void yaml_emit_flush(struct yaml_emit *e, bool last);

#endif

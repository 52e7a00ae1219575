/* SPDX-License-Identifier: MIT
 *
 * YAML -> JSON text, for json_source:
 *
 *   struct in ─► libyaml's parser ─► yaml_reader.json (struct in)
 *
 * The JSON has each value on the line where the YAML has it, and in its
 * column where there is room: json_source's messages name places of the YAML.
 * An alias is replaced by the text of its anchor.
 *
 * Refused: scalars above YAML_SCALAR_MAX, tags other than YAML's own, keys
 * that are no scalars, more aliases than anchor.h allows.
 */
#ifndef CRIT_YAML_READ_H
#define CRIT_YAML_READ_H

#include "yaml/anchor.h"
#include "yaml/write.h"

#include <yaml.h>

enum {
	YAML_DEPTH_MAX = 500,		/* collections within collections */
	YAML_EVENT_MAX = 1 << 20,	/* bytes of input for one event */
};

struct yaml_reader {
	struct in json;			/* the text; read from here */

	yaml_parser_t parser;
	bool opened, ended;
	struct in *from;
	struct crit_error *err;
	struct blob blob;		/* what json reads from */
	uint64_t got, newlines;		/* bytes and lines of from */
	uint64_t event_start;		/* got, before this event */

	struct yaml_text text;		/* not yet read by json */
	size_t taken;			/* of it */
	uint64_t line, column;		/* where the text is, from 0 */

	/* Each open collection: '{' before a key, ':' before a value, '[';
	 * and whether it has an element. */
	char scope[YAML_DEPTH_MAX];
	bool some[YAML_DEPTH_MAX];
	int depth;
	struct yaml_anchors anchors;
};

/* Whether what comes is YAML and not JSON, or nothing of the kind. Takes
 * nothing. */
bool yaml_looks(struct in *in);

/* from and err stay the caller's. yaml_reader_close in any case. The reader
 * must stay where it is. */
bool yaml_reader_open(struct yaml_reader *y, struct in *from,
		      struct crit_error *err);
void yaml_reader_close(struct yaml_reader *y);

#endif

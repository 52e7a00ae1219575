/* SPDX-License-Identifier: MIT
 *
 * Documents -> a change -> documents:
 *
 *   struct in ─► json_source ─► change ─► writer ─► struct out
 *
 * What cannot be read, or the change refuses, is said in the text, too.
 */
#ifndef CRIT_CHANGE_RECORDS_H
#define CRIT_CHANGE_RECORDS_H

#include "change/forward.h"
#include "yaml/formats.h"

struct change_records {
	struct json_source source;
	struct writer writer;
	struct forward *change;
	struct crit_error *err;
};

/* Opens the source and the writer; format, named and pretty of the writer and
 * no_end of the source may be set before change_records_read. The caller then
 * makes the change with writer.sink as its next sink, and sets change. False
 * and *err: no memory. change_records_close in any case. */
bool change_records_open(struct change_records *c, struct out *out,
			 const struct writer_format *format,
			 const struct schema *schema, struct crit_error *err);
void change_records_use(struct change_records *c, struct forward *change);

/* All documents of one input, as json_source_read. */
bool change_records_read(struct change_records *c, struct in *in);

/* After the last: ends what is written, also after an error (then without an
 * end record). False if there was one. */
bool change_records_end(struct change_records *c);
void change_records_close(struct change_records *c);

#endif

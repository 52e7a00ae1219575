/* SPDX-License-Identifier: MIT
 *
 * The quick way through an object of a document: as the writers put it, keys
 * in schema order, no white space but after commas and colons, values without
 * escapes or names, all of it in the window. Entries are built as they lie in
 * an image and given to the sink many at a time. Whatever is otherwise is left to
 * json_message, which knows all of JSON (make PLAIN=1 builds without).
 */
#ifndef CRIT_JSON_FAST_READ_H
#define CRIT_JSON_FAST_READ_H

#include "json/read.h"

/* Takes entries from the next token on, and the bytes between them; of records
 * what closes one and opens the next, too. False: nothing was taken, nothing
 * was given. */
bool json_fast_entries(struct json_source *s);

/* Takes the object at the next token as the content of m, the message that is
 * open in the sink. */
bool json_fast_message(struct json_source *s, const struct message *m);

#endif

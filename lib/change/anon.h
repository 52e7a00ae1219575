/* SPDX-License-Identifier: MIT
 *
 * Events -> the same events, with what is private in place of what it was: by
 * the mark of each field in proto/ (crit.private). Text and bytes without a
 * mark, of a newer schema or after an entry, are hidden as well.
 */
#ifndef CRIT_CHANGE_ANON_H
#define CRIT_CHANGE_ANON_H

#include "change/forward.h"
#include "change/secret.h"
#include "schema/pretty.h"

enum { ANON_TEXT = 64 << 10 };	/* longer text is changed in parts */

struct anon_sink {
	struct forward forward;
	const struct secret *secret;
	unsigned keep;		/* bits: 1 << enum privacy */
	bool keep_unknown;
	bool dropped;		/* unknown fields were left out */

	char *text;		/* ANON_TEXT bytes: a string so far */
	size_t n;
	uint64_t offset;	/* of bytes that come in pieces */
	const struct field *address;	/* the list being read, or NULL */
	struct address_words words;	/* of it, so far */
};

/* secret stays the caller's. False and *err: no memory. */
bool anon_sink_init(struct anon_sink *a, const struct secret *secret,
		    struct sink *to, struct crit_error *err);
void anon_sink_free(struct anon_sink *a);

#endif

/* SPDX-License-Identifier: MIT
 *
 * The text that crit-edit gives to the editor and reads back. Comment lines that
 * begin with "# crit-edit:" are its own messages; they are ignored when read.
 */
#ifndef CRIT_EDIT_TEXT_H
#define CRIT_EDIT_TEXT_H

#include "base/error.h"
#include "codec/sha256.h"

/* What a text holds beyond own lines. */
struct edit_state {
	uint8_t digest[SHA256_SIZE];
	bool blank;		/* nothing but blanks and comments */
};

/* Copies from the start of one descriptor to another, without own lines. */
bool edit_take(int from, int to, struct edit_state *state,
	       struct crit_error *err);

/* Copies it back, with these own lines before line number `line`, or first. */
bool edit_give(int from, int to, int64_t line, const char *const *own,
	       struct crit_error *err);

/* Runs $VISUAL, $EDITOR, or the usual one, with this file, and waits for it.
 * False and *err if it failed. */
bool edit_run(const char *path, struct crit_error *err);

#endif

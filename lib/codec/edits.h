/* SPDX-License-Identifier: MIT
 *
 * Edit distance of two names, for suggestions (did you mean ...?).
 */
#ifndef CRIT_EDITS_H
#define CRIT_EDITS_H

#include <stdbool.h>
#include <stddef.h>

/* Of longer names only this many bytes are compared. */
enum { EDITS_NAME_MAX = 128 };

/* The number of bytes to insert, delete or replace to get from a to b. */
unsigned edits(const char *a, size_t na, const char *b, size_t nb);

/* Whether a name of len bytes is so close that it was probably meant: one
 * edit from three bytes on, two from five. */
bool edits_close(unsigned distance, size_t len);

#endif

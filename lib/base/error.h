/* SPDX-License-Identifier: MIT
 *
 * An error is a value with a place. The first one sticks; whoever works on
 * asks once per entry.
 */
#ifndef CRIT_BASE_ERROR_H
#define CRIT_BASE_ERROR_H

#include "crit.h"	/* struct crit_error, enum crit_code */

#include <stdarg.h>

/* No error, no place. */
void error_clear(struct crit_error *err);

/* Keeps the first error: code and text are set only when none is there.
 * Returns false always, so that "return error_set(...)" ends a function that
 * says whether it worked. */
bool error_set(struct crit_error *err, enum crit_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The same for a failed system call: "WHAT: strerror". */
bool error_sys(struct crit_error *err, int sys, const char *what);

/* One line without a newline: "mm-12.img: entry 0, vmas[3].start, offset 118:
 * truncated varint". Bytes that would disturb a terminal come out as \xNN.
 * Returns buf. */
char *error_text(const struct crit_error *err, char *buf, size_t size);

/* "DIR/NAME", for an image of an error; a long DIR is cut at its start. Returns
 * buf. */
enum { ERROR_IMAGE = 256 };
char *error_image_in(char buf[ERROR_IMAGE], const char *dir, const char *name);

static inline bool error_is(const struct crit_error *err)
{
	return err->code != CRIT_OK;
}

#endif

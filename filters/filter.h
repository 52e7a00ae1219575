/* SPDX-License-Identifier: MIT
 *
 * What all programs share: messages, exit statuses, options.
 */
#ifndef CRIT_FILTER_H
#define CRIT_FILTER_H

#include "options.h"
#include "base/error.h"

#include <getopt.h>

enum {
	FILTER_OK,
	FILTER_FAILED,		/* data or I/O */
	FILTER_USAGE,		/* usage error */
};

/* What messages call it. */
#define STDOUT_NAME "standard output"

/* "PROGRAM: TEXT" and a hint at --help; exits 2. */
_Noreturn void filter_usage(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* "PROGRAM: TEXT" on a line of standard error. */
void filter_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same of an error; returns the status that fits it. */
int filter_error(const struct crit_error *err);

/* The same for calls that tell of errors as they come; filter_failure takes the
 * place of an int, which becomes the worst status. */
void filter_warning(void *ctx, const struct crit_error *err);
void filter_failure(void *status, const struct crit_error *err);

/* Of many statuses the worst counts: a later success hides no failure. */
static inline void filter_worst(int *status, int other)
{
	if (other > *status)
		*status = other;
}

/* Whether the operand is "-", standard input. Warns if that is a terminal. */
bool filter_reads(const char *path);

/* Opens an operand for reading, or "-". -1 and *err where that fails. */
int filter_open(const char *path, struct crit_error *err);

/* The same where records are wanted: a directory is refused. */
int filter_open_records(const char *path, struct crit_error *err);

/* Prints "PROGRAM VERSION". */
void filter_version(void);

/* Messages about images begin with this from now on: "cp.tar.zst: checkpoint/".
 * Empty: with the name alone. */
void filter_place(const char *place);

/* The last call of main: closes standard output and says whether all of it
 * went out. Returns status, or FILTER_FAILED in place of FILTER_OK. */
int filter_end(int status);

#endif

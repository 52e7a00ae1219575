/* SPDX-License-Identifier: MIT
 *
 * What all filters share: one voice, three statuses, --help and --version.
 */
#ifndef CRIT_FILTER_H
#define CRIT_FILTER_H

#include "base/error.h"

#include <getopt.h>

enum {
	FILTER_OK,
	FILTER_FAILED,		/* data or I/O */
	FILTER_USAGE,		/* the command line makes no sense */
};

/* Values of long options: these two are everywhere, a filter's own that have
 * no letter start at OPT_OWN. */
enum { OPT_HELP = 256, OPT_VERSION, OPT_OWN };

#define FILTER_OPTIONS \
	{ "help", no_argument, NULL, OPT_HELP }, \
	{ "version", no_argument, NULL, OPT_VERSION }, \
	{ NULL, 0, NULL, 0 }

/* For whatever getopt_long gave that is not the filter's own: prints help or
 * version and exits 0, or points at --help and exits 2. */
_Noreturn void filter_option(int c, const char *help);

/* "PROGRAM: TEXT" and a hint at --help; exits 2. */
_Noreturn void filter_usage(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* "PROGRAM: TEXT" on a line of standard error. */
void filter_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same of an error; returns the status that fits it. */
int filter_error(const struct crit_error *err);

/* Opens an operand for reading; "-" is standard input, and a terminal there
 * is told to standard error. -1 and *err where that fails. */
int filter_open(const char *path, struct crit_error *err);

/* What -o names: NULL for "-", standard output. */
const char *filter_output(const char *path);

/* The last call of main: closes standard output and says whether all of it
 * went out. Returns status, or FILTER_FAILED in place of FILTER_OK. */
int filter_end(int status);

#endif

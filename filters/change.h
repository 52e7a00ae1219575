/* SPDX-License-Identifier: MIT
 *
 * What programs share that read documents and write them, changed.
 */
#ifndef CRIT_CHANGE_H
#define CRIT_CHANGE_H

#include "change/records.h"
#include "filter.h"

/* The first member of the object that options are read into. */
struct change_job {
	const char *output, *schema_file;
	bool no_end;

	/* Makes the change, which passes events on to `to`; NULL and *err. */
	struct forward *(*begin)(struct change_job *job, struct sink *to,
				 const struct schema *schema,
				 struct crit_error *err);
};

#define OPTIONS_CHANGE(type) \
	OPTION_OUTPUT(type, job.output), \
	OPTION_NO_END(type, job.no_end), \
	OPTION_SCHEMA(type, job.schema_file)

/* Reads the n files at operand, or standard input if there are none. Returns
 * the exit status. */
int change_files(struct change_job *job, char **operand, int n);

#endif

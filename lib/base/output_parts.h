/* SPDX-License-Identifier: MIT
 *
 * Between output_file.c, which knows of signals, and output_dir.c.
 */
#ifndef CRIT_BASE_OUTPUT_PARTS_H
#define CRIT_BASE_OUTPUT_PARTS_H

#include "base/output_file.h"

#include <sys/stat.h>

/* Owner (as root) and mode of what is replaced. */
void output_like(int fd, const struct stat *st);

bool output_error(struct crit_error *err, const char *name, const char *what);

/* From here on signals that end the program remove what is open. */
void output_catch(void);

/* What a signal must remove. A run has at most one. */
extern struct output_dir *volatile output_open_dir;

/* System calls only. */
void output_dir_remove(struct output_dir *d);

#endif

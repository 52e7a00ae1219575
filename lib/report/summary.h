/* SPDX-License-Identifier: MIT
 *
 * A checkpoint in numbers: tasks, files, mappings, memory, bytes by kind of
 * image, and how long dump and restore took.
 */
#ifndef CRIT_REPORT_SUMMARY_H
#define CRIT_REPORT_SUMMARY_H

#include "base/buffer.h"
#include "store/store.h"

/* As text; as one JSON object on a line; or as a flat one: crit-summary(5). */
enum summary_format { SUMMARY_TEXT, SUMMARY_JSON, SUMMARY_ROW };

/* Reads the checkpoint and prints.
 * zeros: read all pages, too, and count those that hold only zeros. name, if not
 * NULL, says whose it is.
 * What cannot be read is told to warn, and left out; then false, with the first
 * error in *err. */
bool summary_print(struct store *dir, bool zeros, struct out *out,
		   const char *name, enum summary_format format,
		   void (*warn)(const struct crit_error *),
		   struct crit_error *err);

/* The row of one that could not be opened. */
void summary_print_error(struct out *out, const struct crit_error *err);

#endif

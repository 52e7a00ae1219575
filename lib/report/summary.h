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

/* Reads the checkpoint and prints. zeros: also read all pages and count those
 * that hold only zeros. name: of the checkpoint, or NULL. Unreadable parts are
 * reported through warn and skipped; it then returns false, with the first
 * error in *err. */
bool summary_print(struct store *dir, bool zeros, struct out *out,
		   const char *name, enum summary_format format,
		   void (*warn)(void *ctx, const struct crit_error *),
		   void *ctx, struct crit_error *err);

/* The row of a checkpoint that could not be opened. */
void summary_print_error(struct out *out, const struct crit_error *err);

#endif

/* SPDX-License-Identifier: MIT
 *
 * What takes long says on the terminal how far it is: one line, which is
 * rewritten, and goes before anything else is said.
 */
#ifndef CRIT_PROGRESS_H
#define CRIT_PROGRESS_H

#include "base/blob.h"

/* What counts, for whatever reads or moves bytes. output: where the output goes
 * if not to standard output, or NULL. Nothing is shown but on a terminal, and
 * not where the output is on one too. */
struct blob_meter *progress_meter(const char *output);

/* So many bytes there are, of which each will be counted once: the time that
 * is left can be told. */
void progress_all(uint64_t all);

/* Takes the line away. */
void progress_clear(void);

/* The same where a signal ends the program: system calls only. */
void progress_erase(void);

#endif

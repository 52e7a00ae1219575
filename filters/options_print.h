/* SPDX-License-Identifier: MIT
 *
 * An option table as text: --help for people, lines for the build.
 */
#ifndef CRIT_OPTIONS_PRINT_H
#define CRIT_OPTIONS_PRINT_H

#include "options.h"

/* Row i of the table, --help and --version after the program's own; NULL at
 * the end. */
const struct option_row *tool_row(const struct tool *p, int i);

/* Whether a row is one of those two. */
bool tool_standard(const struct option_row *row);

#endif

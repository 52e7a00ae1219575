/* SPDX-License-Identifier: MIT
 *
 * crit NAME runs crit-NAME.
 */
#ifndef CRIT_PROGRAMS_H
#define CRIT_PROGRAMS_H

/* Replaces this process by argv[0], which lies beside this program or in PATH.
 * Returns, with errno, where it cannot. */
void program_run(const char **argv);

/* Prints a line for each program; returns the exit status. */
int programs_list(void);

#endif

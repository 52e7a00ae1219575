/* SPDX-License-Identifier: MIT
 *
 * Directories with what is in them, removed as far as that is possible. System
 * calls only: signal handlers call these. No links are followed.
 */
#ifndef CRIT_BASE_REMOVE_H
#define CRIT_BASE_REMOVE_H

enum { REMOVE_DEPTH = 64 };		/* directories inside one another */

/* What is in the directory fd, which stays. */
void remove_inside(int fd);

/* All of it; path is below dir (AT_FDCWD, or a descriptor). */
void remove_tree(int dir, const char *path);

#endif

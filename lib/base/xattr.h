/* SPDX-License-Identifier: MIT
 *
 * Extended attributes of files, which copies lack.
 */
#ifndef CRIT_BASE_XATTR_H
#define CRIT_BASE_XATTR_H

#include <stdbool.h>
#include <stddef.h>

/* Whether somebody set the attribute of this name, and would miss it: not the
 * labels and access lists that a system gives to each new file. */
bool xattr_counts(const char *name, size_t len);

/* Whether an open file has any of those. */
bool xattr_any(int fd);

#endif
